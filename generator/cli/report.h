// What a command says at the end: its diagnostics and its exit status.
#pragma once

#include "cli/commands.h"
#include "diagnostics/sink.h"

namespace drillpress::cli {

/// Prints all diagnostics: as text on standard error, or as JSON on standard output. Gives the exit status
/// they mean: an `environment` error outweighs mistakes in the content.
int report_diagnostics(const diagnostics::Sink& sink, const SiteOptions& options);

/// Adds an `environment` error without a place.
void report_environment(diagnostics::Sink& sink, const std::string& message);

}  // namespace drillpress::cli
