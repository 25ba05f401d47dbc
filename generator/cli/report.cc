#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "diagnostics/render.h"
#include "pipeline/view_parts.h"
#include "system/terminal.h"

namespace drillpress::cli {

int report_diagnostics(const diagnostics::Sink& sink, const SiteOptions& options) {
  const auto all = sink.sorted();
  if (options.json()) {
    fmt::print("{}", diagnostics::render_json(all));
  } else {
    const diagnostics::TextStyle style{system::is_terminal(2)};
    for (const auto& diagnostic : all)
      fmt::print(stderr, "{}\n", diagnostics::render_text(diagnostic, style));
    const auto count = [&](diagnostics::Severity severity) {
      return std::count_if(all.begin(), all.end(), [&](const auto& d) { return d.severity == severity; });
    };
    const auto errors = count(diagnostics::Severity::kError),
               warnings = count(diagnostics::Severity::kWarning);
    if (errors + warnings > 0) {
      fmt::print(stderr, "{} error{}, {} warning{}\n", errors, errors == 1 ? "" : "s", warnings,
                 warnings == 1 ? "" : "s");
    }
  }
  const bool environment = std::any_of(all.begin(), all.end(), [](const diagnostics::Diagnostic& d) {
    return d.code == diagnostics::Code::kEnvironment && d.severity == diagnostics::Severity::kError;
  });
  return environment ? kEnvironmentError : sink.has_errors() ? kContentErrors : kClean;
}

void report_environment(diagnostics::Sink& sink, const std::string& message) {
  sink.report({diagnostics::Code::kEnvironment, diagnostics::Severity::kError, {}, message, {}, {}});
}

std::string verdict_summary(const pipeline::SiteModel& site) {
  std::map<std::string_view, std::size_t> counts;
  for (const drill::Record& record : site.records) ++counts[pipeline::badge_of(record.verdict)];
  std::string text;
  for (const pipeline::VerdictKind& kind : pipeline::verdict_kinds()) {
    const auto at = counts.find(kind.kind);
    if (at != counts.end()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", at->second, kind.label);
  }
  return text.empty() ? "no programs" : text;
}

void print_verdicts(const pipeline::SiteModel& site, const std::optional<std::set<std::string>>& wanted) {
  for (const drill::Record& record : site.records) {
    if (wanted && !wanted->contains(record.id)) continue;
    fmt::print("{}: {}{}\n", record.id, pipeline::badge_label(pipeline::badge_of(record.verdict)),
               record.reason.empty() ? "" : " because " + record.reason);
  }
}

}  // namespace drillpress::cli
