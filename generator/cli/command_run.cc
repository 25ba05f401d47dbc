// `drillpress run`: one drill, program or snippet, with its evidence on the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/evidence_options.h"
#include "cli/report.h"
#include "pipeline/counter_rows.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct RunCommand {
  SiteOptions site;
  EvidenceOptions evidence;
};

void print_record(const drill::Record& record) {
  fmt::print("{}: {}{}\n", record.id, pipeline::badge_label(pipeline::badge_of(record.verdict)),
             record.reason.empty() ? "" : " because " + record.reason);
  for (const std::string_view line : base::split_lines(record.output)) fmt::print("  | {}\n", line);
  if (!record.caught_by.empty()) fmt::print("  caught by: {}\n", fmt::join(record.caught_by, ", "));
  const bool wrong_on_purpose = record.role == drill::Role::kMutant || record.role == drill::Role::kStarter;
  for (const drill::Check& check : record.checks) {
    if (!wrong_on_purpose || !check.passed) {
      fmt::print("  {} {}{}\n", check.passed ? "pass" : "FAIL", check.name,
                 check.detail.empty() ? "" : ": " + check.detail);
    }
  }
  if (record.role != drill::Role::kRung && record.role != drill::Role::kSnippet) return;
  for (const pipeline::CounterRow& row : pipeline::counter_rows()) {
    const auto at = record.metrics.find(std::string(row.metric));
    if (at != record.metrics.end())
      fmt::print("  {:<38} {}\n", row.metric, pipeline::number_text(at->second));
  }
}

int run(const RunCommand& command) {
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  std::vector<drill::Program> programs;
  for (const drill::Program& program : site->programs.programs) {
    if (options.wanted->contains(program.id)) programs.push_back(program);
  }
  // Mistakes elsewhere on the site are not what was asked about.
  diagnostics::Sink own;
  const auto records = drill::gather(programs, pipeline::drill_options(options), own);
  if (command.site.json() && !own.has_errors()) {
    fmt::print("{}", drill::render_records(records));
    return kClean;
  }
  if (!command.site.json()) {
    for (const drill::Record& record : records) print_record(record);
  }
  return report_diagnostics(own, command.site);
}

}  // namespace

Command run_command() {
  auto command = std::make_shared<RunCommand>();
  return {
      .name = "run",
      .brief = "run a drill, one of its programs or a page's snippet, and show the evidence",
      .arguments = with_site_options(
          command->site,
          {
              {"id",
               &command->evidence.only,
               "drill (transpose), program (transpose/padded, transpose/mutants/no-barrier), snippet "
               "(page#block), or pattern (transpose/*)",
               {.value = "ID|GLOB", .required = true, .takes_several = true}},
              refresh_flag(command->evidence),
              no_gpu_flag(command->evidence),
              trust_flag(command->site),
          }),
      .run = [command] { return run(*command); },
  };
}

}  // namespace drillpress::cli
