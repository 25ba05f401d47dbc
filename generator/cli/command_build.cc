// `drillpress build`, `check` and `record`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <memory>

#include "cli/report.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct BuildCommand {
  SiteOptions site;
  bool fresh = false;
  bool no_gpu = false;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// "3 ran on the lockstep engine, 1 skipped"
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

int build(const BuildCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  pipeline::BuildOptions options = command.site.build_options();
  options.fresh = command.fresh;
  options.use_gpu = !command.no_gpu;
  options.quiet = command.site.quiet || command.site.json();
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  pipeline::gather_evidence(*site, options, sink);
  pipeline::typeset_formulas(*site, options, sink);
  std::vector<pipeline::Artifact> artifacts;
  if (!sink.has_errors()) artifacts = pipeline::render_site(*site, options, sink);
  if (!sink.has_errors()) {
    const auto written = pipeline::write_site(artifacts, options.root, options.out, options.jobs);
    if (!written.ok()) report_environment(sink, written.error());
  }
  const int status = report_diagnostics(sink, command.site);
  if (command.site.quiet || command.site.json()) return status;
  if (status == kClean) {
    fmt::print("{}: {} in {} files\n", options.out,
               pipeline::counted(site->registry.pages().size(), "page", "pages"), artifacts.size());
    fmt::print("programs: {}\n", verdict_summary(*site));
    fmt::print("built in {:.2f} s\n", seconds_since(start));
  } else {
    fmt::print(stderr, "nothing was written; {} is as it was\n", options.out);
  }
  return status;
}

int check(const SiteOptions& site_options) {
  const pipeline::BuildOptions options = site_options.build_options();
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  templating::TemplateSet::compile(site->sources.templates, pipeline::view_schema(), sink);
  pipeline::report_untypeset(site->registry, site->formulas, sink);
  const int status = report_diagnostics(sink, site_options);
  if (status == kClean && !site_options.json() && !site_options.quiet) {
    fmt::print("{} and {} checked, nothing to report\n",
               pipeline::counted(site->registry.pages().size(), "page", "pages"),
               pipeline::counted(site->programs.programs.size(), "program", "programs"));
    if (const std::size_t unused = site->formulas.unused(); unused > 0) {
      fmt::print("{} of the formula cache {} used by no page; `drillpress record` takes {} out\n",
                 pipeline::counted(unused, "entry", "entries"), unused == 1 ? "is" : "are",
                 unused == 1 ? "it" : "them");
    }
  }
  return status;
}

int record(const SiteOptions& site_options) {
  pipeline::BuildOptions options = site_options.build_options();
  options.quiet = site_options.quiet || site_options.json();
  diagnostics::Sink sink;
  auto site = pipeline::check_site(options, sink);
  pipeline::gather_evidence(*site, options, sink);
  std::vector<std::string> paths;
  if (!sink.has_errors()) {
    auto written =
        drill::write_records(site->programs.programs, site->records, pipeline::drill_options(options));
    if (written.ok()) {
      paths = std::move(written).value();
    } else {
      report_environment(sink, written.error());
    }
    const auto pruned = pipeline::prune_formulas(options.root, site->formulas);
    if (!pruned.ok()) report_environment(sink, pruned.error());
    if (pruned.ok() && pruned.value()) paths.emplace_back(pipeline::kFormulaCachePath);
  }
  const int status = report_diagnostics(sink, site_options);
  if (status != kClean || site_options.json() || site_options.quiet) return status;
  for (const std::string& path : paths) fmt::print("wrote {}\n", path);
  if (paths.empty()) fmt::print("every record is up to date\n");
  return status;
}

}  // namespace

std::function<int()> declare_build(CLI::App& app) {
  auto command = std::make_shared<BuildCommand>();
  add_site_options(app, command->site);
  app.add_option("--out", command->site.out, "where the site is written [ROOT/public]")->type_name("DIR");
  app.add_flag("--fresh", command->fresh, "run every program again, whatever is known of it");
  app.add_flag("--no-gpu", command->no_gpu, "leave a GPU alone");
  return [command] { return build(*command); };
}

std::function<int()> declare_check(CLI::App& app) {
  auto options = std::make_shared<SiteOptions>();
  add_site_options(app, *options);
  return [options] { return check(*options); };
}

std::function<int()> declare_record(CLI::App& app) {
  auto options = std::make_shared<SiteOptions>();
  add_site_options(app, *options);
  return [options] { return record(*options); };
}

}  // namespace drillpress::cli
