// A drill folder → its programs: starter, rungs, mutants.
#pragma once

#include <vector>

#include "diagnostics/sink.h"
#include "drill/spec.h"
#include "model/page.h"

namespace drillpress::pipeline {

/// Programs of one drill in the order starter, rungs, mutants. Missing files, ids given twice, unknown rungs
/// and bad conditions go to the sink.
std::vector<drill::Program> plan_drill(const model::Page& page, const std::string& root,
                                       diagnostics::Sink& sink);

}  // namespace drillpress::pipeline
