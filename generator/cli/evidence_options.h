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

void add_only_option(CLI::App& app, EvidenceOptions& options);
void add_refresh_flag(CLI::App& app, EvidenceOptions& options);
void add_frozen_flag(CLI::App& app, EvidenceOptions& options);
void add_gpu_flag(CLI::App& app, EvidenceOptions& options);
void add_verbose_flag(CLI::App& app, EvidenceOptions& options);
void add_report_option(CLI::App& app, EvidenceOptions& options);

/// Two options of one command that cannot both be meant; "--option=value" is the option with that value.
struct Contradiction {
  std::string_view first, second, because;
};
const std::vector<Contradiction>& contradictions();
/// Why the options that were given to a command contradict each other; empty when they do not.
std::string find_contradiction(const CLI::App& command);

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
