// `drillpress explain`: a diagnostic's long form, or the evidence of a program and what changed since its
// record.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cli/report.h"
#include "diagnostics/code.h"
#include "pipeline/view_parts.h"
#include "system/files.h"

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

std::vector<drill::Record> committed_records(const std::string& path, std::string& trouble) {
  const auto text = system::read_file(path);
  if (!text.ok()) {
    trouble = "there is no committed record";
    return {};
  }
  auto records = drill::parse_records(text.value());
  if (records.ok()) return std::move(records).value();
  trouble = records.error();
  return {};
}

void print_inputs(const drill::Record& now, const drill::Record* committed) {
  fmt::print("inputs (key {}):\n", now.key);
  for (const drill::Component& input : now.inputs) {
    std::string note;
    if (committed != nullptr) {
      const auto before = std::find_if(committed->inputs.begin(), committed->inputs.end(),
                                       [&](const drill::Component& c) { return c.name == input.name; });
      if (before == committed->inputs.end()) {
        note = "  not in the committed record";
      } else if (before->hash != input.hash) {
        note = fmt::format("  changed since the committed record ({})", before->hash.substr(0, 12));
      }
    }
    fmt::print("  {:<12} {}{}\n", input.name, input.hash.substr(0, 12), note);
  }
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
  const auto records = drill::gather({*program}, pipeline::drill_options(options), own);
  const drill::Record& now = records.front();
  fmt::print("{}: {}, {}\n", now.id, drill::name_of(now.role),
             pipeline::badge_label(pipeline::badge_of(now.verdict)));
  fmt::print("source: {}\n", program->source->path());
  if (!now.stale_components.empty())
    fmt::print("stale because of: {}\n", fmt::join(now.stale_components, ", "));
  if (!now.reason.empty()) fmt::print("reason: {}\n", now.reason);
  std::string trouble;
  const std::string path = pipeline::record_path(*program);
  const auto committed = committed_records(options.root + "/" + path, trouble);
  const auto mine = std::find_if(committed.begin(), committed.end(),
                                 [&](const drill::Record& r) { return r.id == now.id; });
  print_inputs(now, mine == committed.end() ? nullptr : &*mine);
  if (mine == committed.end()) {
    fmt::print("committed record {}: {}\n", path, trouble.empty() ? "has no entry for it" : trouble);
  } else {
    fmt::print("committed record {}: made with {}{}\n", path, mine->provenance.compiler,
               mine->provenance.engine.empty() ? "" : " and " + mine->provenance.engine);
  }
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

std::function<int()> declare_explain(CLI::App& app) {
  auto command = std::make_shared<ExplainCommand>();
  add_site_options(app, command->site);
  app.add_option("subject", command->subject,
                 "code of a diagnostic (unknown-drill) or id of a program (transpose/padded)")
      ->required()
      ->type_name("CODE|ID");
  return [command] { return explain(*command); };
}

}  // namespace drillpress::cli
