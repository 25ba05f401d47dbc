#include "cli/evidence_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
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

void add_only_option(CLI::App& app, EvidenceOptions& options) {
  app.add_option("--only", options.only,
                 "these programs alone: a drill, a page, a program, a snippet (page#block), or a pattern "
                 "with * and ?; "
                 "may be given again")
      ->type_name("ID|GLOB")
      ->allow_extra_args(false);
}

void add_refresh_flag(CLI::App& app, EvidenceOptions& options) {
  app.add_flag("--refresh", options.refresh, "run again, although a result of the same inputs is known");
}

void add_frozen_flag(CLI::App& app, EvidenceOptions& options) {
  app.add_flag("--frozen", options.frozen,
               "run nothing: replay committed records; one that is missing or of other inputs is an error");
}

void add_gpu_flag(CLI::App& app, EvidenceOptions& options) {
  app.add_flag("--no-gpu", options.no_gpu, "leave a GPU alone");
}

void add_verbose_flag(CLI::App& app, EvidenceOptions& options) {
  app.add_flag("-v,--verbose", options.verbose, "name every program and its verdict");
}

void add_report_option(CLI::App& app, EvidenceOptions& options) {
  app.add_option("--report", options.reports,
                 "write what was verified as test cases: junit=FILE or json=FILE")
      ->type_name("KIND=FILE")
      ->allow_extra_args(false)
      ->check(CLI::Validator(check_report, "", "report"));
}

const std::vector<Contradiction>& contradictions() {
  static const std::vector<Contradiction> table = {
      {"--frozen", "--refresh", "the one runs nothing, the other everything"},
      {"--frozen", "--no-gpu", "nothing runs on a GPU when nothing runs"},
      {"--quiet", "--verbose", "the one says less, the other more"},
      {"--verbose", "--format=json", "its text would stand between the JSON"},
      {"--device", "--check", "the one writes records, the other only looks at them"},
      {"--device", "--no-gpu", "the one measures on the GPU, the other leaves it alone"},
      {"--device", "--refresh", "what is measured is always run again"},
      {"--check", "--frozen", "the one compares records with runs, the other runs nothing"},
  };
  return table;
}

std::string find_contradiction(const CLI::App& command) {
  const auto given = [&](std::string_view name) {
    const std::size_t equals = name.find('=');
    const CLI::Option* option = command.get_option_no_throw(std::string(name.substr(0, equals)));
    if (option == nullptr || option->count() == 0) return false;
    return equals == std::string_view::npos || option->results().back() == name.substr(equals + 1);
  };
  for (const Contradiction& row : contradictions()) {
    if (given(row.first) && given(row.second))
      return fmt::format("{} contradicts {}: {}", row.first, row.second, row.because);
  }
  return {};
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
    const auto written = system::write_file_atomically(path, kind->render(cases));
    if (!written.ok()) report_environment(sink, written.error());
  }
}

}  // namespace drillpress::cli
