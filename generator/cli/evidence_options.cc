#include "cli/evidence_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "cli/report.h"
#include "pipeline/selection.h"
#include "pipeline/test_report.h"
#include "system/files.h"

namespace drillpress::cli {
namespace {

// A kind of report and how it is written.
struct ReportKind {
  std::string_view name;
  std::string (*render)(const std::vector<pipeline::TestCase>& cases);
};
constexpr ReportKind kReportKinds[] = {{"junit", pipeline::render_junit},
                                       {"json", pipeline::render_cases_json}};

const ReportKind* find_kind(const std::string& report) {
  for (const ReportKind& kind : kReportKinds) {
    if (report.starts_with(std::string(kind.name) + "=") && report.size() > kind.name.size() + 1)
      return &kind;
  }
  return nullptr;
}

std::string check_report(const std::string& report) {
  return find_kind(report) != nullptr ? "" : fmt::format("`{}` is neither junit=FILE nor json=FILE", report);
}

}  // namespace

Argument only_option(EvidenceOptions& options) {
  return {"--only",
          &options.only,
          "these programs alone: a drill, a page, a program, a snippet (page#block), or a pattern with * and "
          "?; may be given again",
          {.value = "ID|GLOB"}};
}

Argument refresh_flag(EvidenceOptions& options) {
  return {"--refresh", &options.refresh, "run again, although a result of the same inputs is known"};
}

Argument frozen_flag(EvidenceOptions& options) {
  return {"--frozen", &options.frozen,
          "run nothing: replay committed records; one that is missing or of other inputs is an error"};
}

Argument no_gpu_flag(EvidenceOptions& options) {
  return {"--no-gpu", &options.no_gpu, "leave a GPU alone"};
}

Argument verbose_flag(EvidenceOptions& options) {
  return {"-v,--verbose", &options.verbose, "name every program and its verdict"};
}

Argument report_option(EvidenceOptions& options) {
  return {"--report",
          &options.reports,
          "write what was verified as test cases: junit=FILE or json=FILE",
          {.value = "KIND=FILE", .objection = check_report}};
}

const std::vector<Contradiction>& evidence_contradictions() {
  static const std::vector<Contradiction> table = {
      {"--frozen", "--refresh", "the one runs nothing, the other everything"},
      {"--frozen", "--no-gpu", "nothing runs on a GPU when nothing runs"},
      {"--frozen", "--trust", "nothing runs, so that nothing needs to be trusted"},
      {"--quiet", "--verbose", "the one says less, the other more"},
      {"--verbose", "--format=json", "its text would stand between the JSON"},
  };
  return table;
}

pipeline::BuildOptions build_options(const SiteOptions& site, const EvidenceOptions& evidence) {
  pipeline::BuildOptions options = site.build_options();
  options.quiet = site.quiet || site.json();
  options.use_gpu = !evidence.no_gpu;
  if (evidence.refresh) options.sources = drill::Sources::kRuns;
  if (evidence.frozen) options.sources = drill::Sources::kCommitted;
  return options;
}

bool select_wanted(const std::vector<std::string>& names, const pipeline::SiteModel& site,
                   pipeline::BuildOptions& options) {
  if (names.empty()) return true;
  auto ids = pipeline::select_programs(site.programs, names);
  if (!ids.ok()) {
    fmt::print(stderr, "error: {}\n", ids.error());
    return false;
  }
  options.wanted = std::move(ids).value();
  return true;
}

void write_reports(const EvidenceOptions& evidence, const pipeline::SiteModel& site,
                   const pipeline::BuildOptions& options, diagnostics::Sink& sink) {
  if (evidence.reports.empty()) return;
  const auto cases = pipeline::test_cases(site, options.wanted, sink.sorted());
  for (const std::string& report : evidence.reports) {
    const ReportKind* kind = find_kind(report);
    const std::string path = std::filesystem::absolute(report.substr(kind->name.size() + 1)).string();
    const auto written = system::write_wherever(path, kind->render(cases));
    if (!written.ok()) report_environment(sink, written.error());
  }
}

}  // namespace drillpress::cli
