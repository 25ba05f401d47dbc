// `drillpress explain`: a diagnostic's long form, or the evidence of a program and what changed since its
// record.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/report.h"
#include "diagnostics/code.h"
#include "drill/store.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct ExplainCommand {
  SiteOptions site;
  std::string subject;
};

void print_code(const diagnostics::CodeInfo& info) {
  fmt::print("{}: {}\n\n{}", info.name, info.brief, info.explanation);
  if (!info.explanation.ends_with('\n')) fmt::print("\n");
}

void print_inputs(const drill::Record& now) {
  fmt::print("inputs (key {}):\n", now.key);
  for (const drill::Component& input : now.inputs) {
    fmt::print("  {:<12} {}{}{}\n", input.name, input.hash.substr(0, 12), input.value.empty() ? "" : "  ",
               input.value);
  }
}

// How the committed record stands to the inputs of now.
void print_committed(const drill::Program& program, const drill::Record& now, const std::string& root,
                     diagnostics::Sink& sink) {
  const std::string path = pipeline::record_path(program);
  drill::CommittedRecords committed(root, sink);
  const auto record = committed.find(path, program.id);
  if (!record) {
    if (!committed.is_bad(path)) fmt::print("committed record: {} has none of it\n", path);
    return;
  }
  std::vector<std::string> stale, surroundings;
  for (const drill::Change& change : drill::changes(record->inputs, now.inputs))
    (change.surrounding ? surroundings : stale).push_back(drill::describe(change));
  if (stale.empty()) {
    fmt::print("committed record: fresh, in {}\n", path);
  } else {
    fmt::print("committed record: stale because {}, in {}\n", fmt::join(stale, ", "), path);
  }
  if (!surroundings.empty()) fmt::print("since it was made, {}\n", fmt::join(surroundings, ", "));
  fmt::print("made with: {}{}\n", record->provenance.compiler,
             record->provenance.engine.empty() ? "" : " and " + record->provenance.engine);
}

int explain_program(const ExplainCommand& command) {
  pipeline::BuildOptions options = command.site.build_options();
  options.quiet = true;
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  const drill::Program* program = site->programs.find(command.subject);
  if (program == nullptr) {
    std::vector<std::string> known;
    for (const auto& [id, index] : site->programs.by_id) known.push_back(id);
    for (const auto& info : diagnostics::all_codes()) known.emplace_back(info.name);
    const auto near = base::nearest(command.subject, known);
    fmt::print(stderr, "error: `{}` is neither a diagnostic nor a program{}\n", command.subject,
               near ? fmt::format("; did you mean `{}`?", *near) : "");
    return kUsageError;
  }
  diagnostics::Sink own;
  const auto drill_options = pipeline::drill_options(options);
  drill::Record now = drill::gather({*program}, drill_options, own).front();
  fmt::print("{}: {}, {}\n", now.id, drill::name_of(now.role),
             pipeline::badge_label(pipeline::badge_of(now.verdict)));
  fmt::print("source: {}\n", program->source->path());
  if (!now.reason.empty()) fmt::print("reason: {}\n", now.reason);
  if (!now.caught_by.empty()) fmt::print("caught by: {}\n", fmt::join(now.caught_by, ", "));
  // A replayed record has the inputs of then.
  now.inputs = drill::describe_standing({*program}, drill_options).front().inputs.components;
  print_committed(*program, now, options.root, own);
  print_inputs(now);
  return report_diagnostics(own, command.site);
}

int explain(const ExplainCommand& command) {
  if (const auto code = diagnostics::find_code(command.subject)) {
    print_code(diagnostics::info(*code));
    return kClean;
  }
  return explain_program(command);
}

}  // namespace

Command explain_command() {
  auto command = std::make_shared<ExplainCommand>();
  return {
      .name = "explain",
      .brief = "what a diagnostic means, or why a program's evidence is what it is",
      .arguments = with_site_options(
          command->site, {{"subject",
                           &command->subject,
                           "code of a diagnostic (unknown-drill) or id of a program (transpose/padded)",
                           {.value = "CODE|ID", .required = true}}}),
      .run = [command] { return explain(*command); },
  };
}

}  // namespace drillpress::cli
