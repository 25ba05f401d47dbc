// Running one launch: workers over blocks, and the merging of what they report.
#pragma once

#include "lockstep/worker.h"

namespace drillpress::lockstep {

/// Runs all blocks of a prepared launch on `threads` host threads and merges faults, findings, counters and
/// output in block order.
LaunchResult run_launch(Launch& launch, std::uint32_t threads, std::uint32_t resident_blocks);

/// Counters of the launch and of its source lines from the counts of its operations.
void derive_counters(const Program& program, const std::vector<OpCounts>& counts, LaunchResult& result);

}  // namespace drillpress::lockstep
