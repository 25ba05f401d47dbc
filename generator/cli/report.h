// What a command says at the end: its diagnostics, its verdicts and its exit status.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "cli/commands.h"
#include "diagnostics/sink.h"
#include "pipeline/site_model.h"

namespace drillpress::cli {

/// Prints all diagnostics: as text on standard error, or as JSON on standard output. Gives the exit status
/// they mean: an `environment` error outweighs mistakes in the content.
int report_diagnostics(const diagnostics::Sink& sink, const SiteOptions& options);

/// Adds an `environment` error without a place.
void report_environment(diagnostics::Sink& sink, const std::string& message);

/// "3 ran on the lockstep engine, 1 skipped"
std::string verdict_summary(const pipeline::SiteModel& site);

/// A line for each program that was wanted (all, when `wanted` is empty): its id and verdict.
void print_verdicts(const pipeline::SiteModel& site, const std::optional<std::set<std::string>>& wanted);

}  // namespace drillpress::cli
