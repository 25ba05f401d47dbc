// What a run reports when it ends: launches with counters, findings, faults, refusals, leaks; as text and as
// JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockstep/engine.h"

namespace drillpress::cudart {

/// Schema numbers of the two JSON files; a change of meaning or shape gives a new number.
inline constexpr int kCountersSchema = 1;
inline constexpr int kFindingsSchema = 1;

/// One kernel launch, in the order of the program.
struct LaunchRecord {
  std::string kernel;  ///< mangled
  lockstep::Dim3 grid, block;
  std::uint32_t static_shared_bytes = 0;
  std::uint32_t dynamic_shared_bytes = 0;
  bool cooperative = false;
  bool profiled = false;  ///< launched between cudaProfilerStart and cudaProfilerStop
  lockstep::FaultKind fault = lockstep::FaultKind::kNone;
  lockstep::Counters counters;
  std::vector<lockstep::LineCounters> lines;
  std::optional<std::uint64_t> global_unique_bytes;  ///< as in LaunchResult
  std::vector<lockstep::TracedAccess> trace;         ///< empty unless a line is traced
};

struct FaultRecord {
  std::string kernel;  ///< mangled
  lockstep::Fault fault;
};

/// Something that the engine will not do; whatever the program printed after it is not to be believed.
struct Refusal {
  std::string what;  ///< "cudaMallocArray", "kernel f(int)", "program"
  std::string why;
};

struct RunReport {
  std::vector<LaunchRecord> launches;
  std::vector<lockstep::Finding> findings;
  std::vector<FaultRecord> faults;
  std::vector<Refusal> refusals;
  std::vector<lockstep::Allocation> leaks;

  bool clean() const { return findings.empty() && faults.empty() && leaks.empty(); }
};

/// Exit statuses that the runtime gives a program that would have ended with 0.
inline constexpr int kExitFindings = 86;
inline constexpr int kExitRefused = 87;
/// What the process shall end with when the program itself ends with `status`.
int exit_status(int status, const RunReport& report);

// One line each for standard error, without the "drillpress: " in front.
std::string describe(const lockstep::Finding& finding);
std::string describe(const FaultRecord& fault);
std::string describe(const Refusal& refusal);
std::string describe_leak(const lockstep::Allocation& allocation);
std::string describe(const lockstep::WatchedStore& store, const std::string& kernel);

/// The files of DRILLPRESS_COUNTERS and DRILLPRESS_FINDINGS: sorted keys, no clock, no path of ours.
std::string render_counters(const RunReport& report);
std::string render_findings(const RunReport& report);

/// Writes beside the file that `path` leads to and renames, so that a reader sees the old file or the whole new
/// one. A device or a pipe is written to.
base::Status write_wherever(const std::string& path, const std::string& text);

}  // namespace drillpress::cudart
