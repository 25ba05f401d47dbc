// Running one launch: workers over blocks, and the merging of what they report.
#pragma once

#include "lockstep/worker.h"
#include "lockstep/worker_threads.h"

namespace drillpress::lockstep {

/// Runs all blocks of a prepared launch on `count` of the host threads and merges faults, findings, counters
/// and output in block order.
LaunchResult run_launch(Launch& launch, WorkerThreads& threads, std::uint32_t count,
                        std::uint32_t resident_blocks);

/// Counters of the launch and of its source lines from the counts of its operations.
void derive_counters(const Program& program, const std::vector<OpCounts>& counts, LaunchResult& result);

}  // namespace drillpress::lockstep
