#include "pipeline/drill_verdicts.h"

#include <fmt/format.h>

#include <algorithm>

#include "system/files.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;

bool has_finding(const std::vector<diagnostics::Diagnostic>& findings, Code code) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const diagnostics::Diagnostic& finding) { return finding.code == code; });
}

// How many programs of a role a drill has, and about how many of them the code is reported.
struct Share {
  std::size_t all = 0, reported = 0;
  bool whole() const { return all >= 2 && reported == all; }
};

Share share_of(const SiteModel& site, const std::vector<std::size_t>& indices, drill::Role role, Code code) {
  Share share;
  for (const std::size_t i : indices) {
    if (site.programs.programs[i].role != role) continue;
    ++share.all;
    if (has_finding(site.findings[i], code)) ++share.reported;
  }
  return share;
}

}  // namespace

void report_suspect_references(const SiteModel& site, diagnostics::Sink& sink) {
  if (site.findings.size() != site.programs.programs.size()) return;
  for (const auto& [owner, indices] : site.programs.by_owner) {
    const model::Page* page = site.registry.find(model::PageKind::kDrill, owner);
    if (page == nullptr) continue;
    const Share rungs = share_of(site, indices, drill::Role::kRung, Code::kWrongResult);
    const Share mutants = share_of(site, indices, drill::Role::kMutant, Code::kMutantSurvives);
    if (!rungs.whole() && !mutants.whole()) continue;
    const std::string path = page->folder + "/problem.cuh";
    const auto text = system::read_file(site.sources.root + "/" + path, kMaxSourceBytes);
    const auto source = base::make_source(path, text.ok() ? text.value() : std::string());
    sink.report({Code::kSuspectReference,
                 diagnostics::Severity::kWarning,
                 {source, 0, source->line(1).size()},
                 rungs.whole()
                     ? fmt::format("all {} rungs of `{}` disagree with its reference", rungs.all, owner)
                     : fmt::format("none of the {} mutants of `{}` is caught", mutants.all, owner),
                 {},
                 "look at the reference, the tolerance and the cases here first"});
  }
}

}  // namespace drillpress::pipeline
