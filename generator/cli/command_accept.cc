// `drillpress accept`: what programs print → the `output` blocks of their pages, after a look at the
// difference.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "base/text.h"
#include "cli/evidence_options.h"
#include "cli/report.h"
#include "drill/matching.h"
#include "pipeline/accept.h"
#include "pipeline/view_parts.h"
#include "system/files.h"
#include "system/terminal.h"

namespace drillpress::cli {
namespace {

using pipeline::BlockEdit;

struct AcceptCommand {
  SiteOptions site;
  EvidenceOptions evidence;
  bool yes = false;
};

// Runs the programs once more: output that differs from run to run is not worth writing down.
void refuse_unstable(const pipeline::SiteModel& site, const pipeline::BuildOptions& options,
                     pipeline::Acceptance& acceptance) {
  std::vector<drill::Program> programs;
  for (const BlockEdit& edit : acceptance.edits) {
    drill::Program program = site.programs.programs[edit.program];
    program.expectation.kind = drill::Expectation::Kind::kOutput;
    program.expectation.output.text = edit.expected;
    programs.push_back(std::move(program));
  }
  drill::Options again = pipeline::drill_options(options);
  again.sources = drill::Sources::kRuns;
  again.wanted = {};
  diagnostics::Sink unused;  // what they say now was reported the first time
  const auto records = drill::gather(programs, again, unused);
  std::vector<BlockEdit> stable;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (records[i].verdict != drill::Verdict::kFailed) {
      stable.push_back(std::move(acceptance.edits[i]));
    } else {
      acceptance.refusals.push_back(
          {acceptance.edits[i].program,
           "it printed something else when it ran again; say how much may differ with "
           "`match=glob` or `match=number`"});
    }
  }
  acceptance.edits = std::move(stable);
}

void print_diff(const BlockEdit& edit, const std::string& id, bool colour) {
  fmt::print("{}\n", id);
  const std::string diff = pipeline::render_edit(edit);
  for (const std::string_view line : base::split_lines(diff)) {
    const char* paint = !colour                 ? ""
                        : line.starts_with('+') ? "\x1b[32m"
                        : line.starts_with('-') ? "\x1b[31m"
                                                : "";
    fmt::print("{}{}{}\n", paint, line, *paint ? "\x1b[0m" : "");
  }
}

bool ask(const std::string& id) {
  fmt::print("accept the output of {}? [y/N] ", id);
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "yes");
}

// One page is written at once, and a page that has changed since it was read is left alone.
base::Status write_page(const std::string& root, const std::vector<BlockEdit>& edits) {
  const base::Source& page = *edits.front().source;
  const std::string path = root + "/" + page.path();
  const auto now = system::read_file(path);
  if (!now.ok()) return base::Failure{now.error()};
  if (now.value() != page.text())
    return base::Failure{fmt::format("`{}` has changed meanwhile", page.path())};
  return system::write_file_atomically(path, pipeline::apply_edits(page, edits));
}

int accept(const AcceptCommand& command) {
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  if (sink.has_errors()) return report_diagnostics(sink, command.site);
  site->records =
      drill::gather(site->programs.programs, pipeline::drill_options(options), sink, &site->findings);
  auto acceptance = pipeline::plan_acceptance(*site, options.wanted);
  refuse_unstable(*site, options, acceptance);

  const auto id_of = [&](std::size_t program) { return site->programs.programs[program].id; };
  const bool may_ask = system::is_terminal(STDIN_FILENO) && system::is_terminal(STDOUT_FILENO);
  std::map<std::string, std::vector<BlockEdit>> accepted;
  std::set<std::size_t> settled;
  for (const BlockEdit& edit : acceptance.edits) {
    if (!command.site.quiet && !command.site.json()) print_diff(edit, id_of(edit.program), may_ask);
    if (!command.yes && !(may_ask && ask(id_of(edit.program)))) continue;
    accepted[edit.source->path()].push_back(edit);
    settled.insert(edit.program);
  }
  // What was accepted is no fault any more.
  diagnostics::Sink rest;
  for (const auto& diagnostic : sink.sorted()) {
    const bool is_settled = std::any_of(settled.begin(), settled.end(), [&](std::size_t program) {
      const auto& found = site->findings[program];
      return std::any_of(found.begin(), found.end(), [&](const diagnostics::Diagnostic& one) {
        return one.code == diagnostic.code && one.message == diagnostic.message;
      });
    });
    if (!is_settled) rest.report(diagnostic);
  }
  for (const auto& [path, edits] : accepted) {
    const auto written = write_page(options.root, edits);
    if (!written.ok()) report_environment(rest, written.error());
    if (written.ok() && !command.site.quiet && !command.site.json()) fmt::print("wrote {}\n", path);
  }
  const int status = report_diagnostics(rest, command.site);
  for (const pipeline::Refusal& refusal : acceptance.refusals)
    fmt::print(stderr, "{} is not accepted: {}\n", id_of(refusal.program), refusal.why);
  const std::size_t open = acceptance.edits.size() - settled.size() + acceptance.refusals.size();
  if (!command.site.quiet && !command.site.json()) {
    if (acceptance.edits.empty() && open == 0) fmt::print("no output differs\n");
    if (open > 0) fmt::print("{} accepted, {} not\n", settled.size(), open);
    if (acceptance.edits.size() > settled.size() && !may_ask) fmt::print("write them with --yes\n");
  }
  return status == kClean && open > 0 ? kContentErrors : status;
}

}  // namespace

Command accept_command() {
  auto command = std::make_shared<AcceptCommand>();
  return {
      .name = "accept",
      .brief = "show how `output` blocks differ from what their programs print, and rewrite them",
      .arguments = with_site_options(
          command->site,
          {
              only_option(command->evidence),
              no_gpu_flag(command->evidence),
              {"-y,--yes", &command->yes, "rewrite every block that is shown, without asking"},
          }),
      .run = [command] { return accept(*command); },
  };
}

}  // namespace drillpress::cli
