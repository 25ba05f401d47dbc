// Which rules of writing a site has chosen, and what they need of the machine.
#pragma once

#include "diagnostics/sink.h"
#include "pipeline/build.h"

namespace drillpress::pipeline {

/// Applies the rules that `site.yaml` names under `rules` to every page. Only spelling starts a process.
void check_writing(const SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink);

}  // namespace drillpress::pipeline
