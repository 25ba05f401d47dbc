// `drillpress verify`: everything that a build checks, and no site.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "cli/evidence_options.h"
#include "cli/report.h"
#include "drill/names.h"
#include "pipeline/view_parts.h"

namespace drillpress::cli {
namespace {

struct VerifyCommand {
  SiteOptions site;
  EvidenceOptions evidence;
};

bool is_wanted(const pipeline::BuildOptions& options, const std::string& id) {
  return !options.wanted || options.wanted->contains(id);
}

// What was not verified, although nothing is wrong with it: an error, for that is what was asked for.
void report_unverified(const pipeline::SiteModel& site, const pipeline::BuildOptions& options,
                       diagnostics::Sink& sink) {
  if (options.sources == drill::Sources::kCommitted) return;  // each has its own error
  std::map<std::string, std::size_t> counts;
  for (const drill::Record& record : site.records) {
    if (!is_wanted(options, record.id)) continue;
    if (record.verdict == drill::Verdict::kSkipped) ++counts[record.reason];
    if (record.verdict == drill::Verdict::kStale)
      ++counts["it cannot run here and its record is of other inputs"];
  }
  for (const auto& [reason, count] : counts) {
    report_environment(sink, fmt::format("{} could not be verified: {}",
                                         pipeline::counted(count, "program", "programs"), reason));
  }
}

// How many programs of each role came to which verdict.
void print_table(const pipeline::SiteModel& site, const pipeline::BuildOptions& options) {
  std::map<drill::Role, std::map<std::string_view, std::size_t>> counts;
  for (const drill::Record& record : site.records) {
    if (is_wanted(options, record.id)) ++counts[record.role][pipeline::badge_of(record.verdict)];
  }
  for (const auto& role : drill::kRoles) {
    for (const pipeline::VerdictKind& kind : pipeline::verdict_kinds()) {
      const std::size_t count = counts[role.value][kind.kind];
      if (count > 0) fmt::print("  {:<8} {:>5}  {}\n", role.name, count, kind.label);
    }
  }
}

int verify(const VerifyCommand& command) {
  pipeline::BuildOptions options = build_options(command.site, command.evidence);
  diagnostics::Sink sink;
  const auto site = pipeline::check_site(options, sink);
  if (!select_wanted(command.evidence.only, *site, options)) return kUsageError;
  pipeline::gather_evidence(*site, options, sink);
  templating::TemplateSet::compile(site->sources.templates, pipeline::view_schema(), sink);
  const bool frozen = options.sources == drill::Sources::kCommitted;
  pipeline::report_untypeset(site->registry, site->formulas,
                             frozen ? diagnostics::Severity::kError : diagnostics::Severity::kWarning, sink);
  report_unverified(*site, options, sink);
  write_reports(command.evidence, *site, options, sink);
  const int status = report_diagnostics(sink, command.site);
  if (command.site.quiet || command.site.json()) return status;
  if (command.evidence.verbose) print_verdicts(*site, options.wanted);
  print_table(*site, options);
  const std::size_t programs = options.wanted ? options.wanted->size() : site->records.size();
  fmt::print("{}{}\n", pipeline::counted(programs, "program", "programs"),
             status == kClean ? " verified" : ": not everything is verified");
  return status;
}

}  // namespace

Command verify_command() {
  auto command = std::make_shared<VerifyCommand>();
  return {
      .name = "verify",
      .brief = "check, compile, run and verify everything or some of it; writes no site",
      .arguments = with_site_options(command->site,
                                     {
                                         only_option(command->evidence),
                                         refresh_flag(command->evidence),
                                         frozen_flag(command->evidence),
                                         no_gpu_flag(command->evidence),
                                         report_option(command->evidence),
                                         verbose_flag(command->evidence),
                                     }),
      .run = [command] { return verify(*command); },
      .contradictions = evidence_contradictions(),
  };
}

}  // namespace drillpress::cli
