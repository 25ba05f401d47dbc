// What the verdicts of a drill's programs say together, when each of them alone would mislead.
#pragma once

#include "diagnostics/sink.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// Warns at `problem.cuh` of each drill all of whose rungs (two at least) compute a wrong result, or none of
/// whose mutants is caught: then what verifies is likelier wrong than what is verified.
void report_suspect_references(const SiteModel& site, diagnostics::Sink& sink);

}  // namespace drillpress::pipeline
