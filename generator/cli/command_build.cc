// `drillpress build` and `check`.
#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "cli/evidence_options.h"
#include "cli/report.h"
#include "pipeline/view_parts.h"
#include "pipeline/writing_rules.h"

namespace drillpress::cli {
namespace {

struct BuildCommand {
  SiteOptions site;
  EvidenceOptions evidence;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int build(const BuildCommand& command) {
  const auto start = std::chrono::steady_clock::now();
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  pipeline::gather_evidence(*site, options, sink);
  pipeline::typeset_formulas(*site, options, sink);
  std::vector<pipeline::Artifact> artifacts;
  if (!sink.has_errors()) artifacts = pipeline::render_site(*site, options, sink);
  if (!sink.has_errors()) {
    const auto written = pipeline::write_site(artifacts, options.root, options.out, options.jobs);
    if (!written.ok()) report_environment(sink, written.error());
  }
  write_reports(command.evidence, *site, options, sink);
  const int status = report_diagnostics(sink, command.site);
  if (command.site.quiet || command.site.json()) return status;
  if (command.evidence.verbose) print_verdicts(*site, options.wanted);
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
  pipeline::check_writing(*site, options, sink);
  pipeline::report_untypeset(site->registry, site->formulas, diagnostics::Severity::kWarning, sink);
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

}  // namespace

Command build_command() {
  auto command = std::make_shared<BuildCommand>();
  return {
      .name = "build",
      .brief = "check, run and verify everything, and build the site",
      .arguments = with_site_options(
          command->site,
          {
              {"--out", &command->site.out, "where the site is written [ROOT/public]", {.value = "DIR"}},
              only_option(command->evidence),
              refresh_flag(command->evidence),
              frozen_flag(command->evidence),
              no_gpu_flag(command->evidence),
              report_option(command->evidence),
              verbose_flag(command->evidence),
              trust_flag(command->site),
          }),
      .run = [command] { return build(*command); },
      .contradictions = evidence_contradictions(),
  };
}

Command check_command() {
  auto options = std::make_shared<SiteOptions>();
  return {
      .name = "check",
      .brief = "report every mistake in the sources; runs nothing, writes nothing",
      .arguments = with_site_options(*options, {}),
      .run = [options] { return check(*options); },
  };
}

}  // namespace drillpress::cli
