// Options of the commands that gather evidence: about which programs, from where, and how it is reported.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"
#include "diagnostics/sink.h"
#include "pipeline/site_model.h"

namespace drillpress::cli {

struct EvidenceOptions {
  std::vector<std::string> only;  ///< ids and patterns; empty: everything
  bool refresh = false;
  bool frozen = false;
  bool no_gpu = false;
  bool verbose = false;
  std::vector<std::string> reports;  ///< "junit=FILE", "json=FILE"
};

Argument only_option(EvidenceOptions& options);
Argument refresh_flag(EvidenceOptions& options);
Argument frozen_flag(EvidenceOptions& options);
Argument no_gpu_flag(EvidenceOptions& options);
Argument verbose_flag(EvidenceOptions& options);
Argument report_option(EvidenceOptions& options);

/// Of the commands that have all of these.
const std::vector<Contradiction>& evidence_contradictions();

/// The pipeline's options for a command. Names are not looked up yet: see `select_wanted`.
pipeline::BuildOptions build_options(const SiteOptions& site, const EvidenceOptions& evidence);

/// Looks the names up and sets `options.wanted`. False, with a message on standard error, when one means
/// nothing: wrong usage.
bool select_wanted(const std::vector<std::string>& names, const pipeline::SiteModel& site,
                   pipeline::BuildOptions& options);

/// Writes the report files that were asked for. What cannot be written goes to the sink.
void write_reports(const EvidenceOptions& evidence, const pipeline::SiteModel& site,
                   const pipeline::BuildOptions& options, diagnostics::Sink& sink);

}  // namespace drillpress::cli
