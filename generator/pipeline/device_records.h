// The committed records of GPUs: drills/<drill>/records/<device>.json, read and held against the tree.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/sink.h"
#include "drill/device_record.h"
#include "model/site.h"
#include "pipeline/programs.h"

namespace drillpress::pipeline {

/// One device's record of one drill, and what has changed since.
struct DeviceEvidence {
  drill::DeviceRecord record;
  std::map<std::string, std::vector<std::string>> stale_runs;  ///< by program id: components that differ
  std::map<std::string, std::vector<std::string>>
      stale_contestants;  ///< by file: "drills/transpose/rungs/naive.cu"
};

/// By drill; of each its devices, sorted by slug.
using DeviceRecords = std::map<std::string, std::vector<DeviceEvidence>>;

/// Reads the records of every drill. Damaged ones, and a second one of a device, go to the sink and count as
/// absent.
DeviceRecords load_device_records(const std::string& root, const model::Registry& registry,
                                  const Programs& programs, diagnostics::Sink& sink);

/// A rung's timings on one device.
struct Timing {
  const DeviceEvidence* device = nullptr;
  const drill::Measurement* measurement = nullptr;
  const drill::Contestant* contestant = nullptr;
  const std::vector<std::string>* stale = nullptr;  ///< components that changed since; null: none

  /// Cold samples that may be compared: nothing forbids it, and the sources are the recorded ones.
  const stats::Summary* usable() const;
};
/// One for each device on which the program was timed.
std::vector<Timing> timings_of(const DeviceRecords& records, const drill::Program& program);

/// Time of the device's copy of as many bytes, cold; null when it is not there or may not be compared.
const stats::Summary* copy_of(const drill::Measurement& measurement);

/// Values that prose cites: "gpu.median_us" of the device whose record is the newest, and
/// "gpu.h200.median_us" of each. Of timings that may not be compared or are stale there are none.
std::map<std::string, double> gpu_values(const DeviceRecords& records, const drill::Program& program);

/// What of the peak bandwidth the task's bytes in that time are; 0 where that says nothing.
double share_of_peak(const Timing& timing, const stats::Summary& summary);

}  // namespace drillpress::pipeline
