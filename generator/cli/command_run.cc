// `drillpress run`: one drill, program or snippet, with its evidence on the terminal.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/report.h"
#include "pipeline/counter_rows.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct RunCommand {
  SiteOptions site;
  std::string id;
  bool fresh = false;
};

// A drill's id means all of its programs, a page's id all of its snippets.
std::vector<drill::Program> selected(const pipeline::SiteModel& site, const std::string& id) {
  std::vector<drill::Program> programs;
  for (const drill::Program& program : site.programs.programs) {
    if (program.id == id || pipeline::owner_of(program.id) == id) programs.push_back(program);
  }
  return programs;
}

int unknown(const pipeline::SiteModel& site, const std::string& id) {
  std::vector<std::string> known;
  for (const drill::Program& program : site.programs.programs) {
    known.push_back(program.id);
    known.push_back(pipeline::owner_of(program.id));
  }
  const auto near = base::nearest(id, known);
  fmt::print(stderr, "error: nothing that runs is called `{}`{}\n", id,
             near ? fmt::format("; did you mean `{}`?", *near) : "");
  return kUsageError;
}

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
  pipeline::BuildOptions options = command.site.build_options();
  options.fresh = command.fresh;
  options.quiet = command.site.quiet || command.site.json();
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  const auto programs = selected(*site, command.id);
  if (programs.empty()) return unknown(*site, command.id);
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

std::function<int()> declare_run(CLI::App& app) {
  auto command = std::make_shared<RunCommand>();
  add_site_options(app, command->site);
  app.add_option("id", command->id,
                 "drill (transpose), program (transpose/padded, transpose/mutants/no-barrier) or snippet "
                 "(page#block)")
      ->required()
      ->type_name("ID");
  app.add_flag("--fresh", command->fresh, "run it again, whatever is known of it");
  return [command] { return run(*command); };
}

}  // namespace drillpress::cli
