// What one GPU showed of one drill: how every program ended there, and how long the solutions took.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drill/record.h"
#include "stats/summary.h"

namespace drillpress::drill {

/// The device and its driver, as the CUDA runtime reported them. Zero and empty: not known.
struct Device {
  std::string name;        ///< "NVIDIA H200"
  std::string capability;  ///< "9.0"
  std::string driver;      ///< "570.86.10"
  std::string host_cpu;
  std::uint32_t runtime = 0;  ///< 13000
  std::uint32_t multiprocessors = 0;
  std::uint64_t l2_bytes = 0, memory_bytes = 0;
  std::uint64_t sm_clock_khz = 0, memory_clock_khz = 0;  ///< the highest ones
  std::uint32_t memory_bus_bits = 0;
  bool ecc = false;
  bool nvml = false;  ///< clocks and throttle reasons could be read
  bool operator==(const Device&) const = default;
};

/// Which units do a task's operations.
enum class Arithmetic { kCudaCores, kTensorCores };

/// Two transfers a clock over the whole bus; 0 when the device does not say.
double peak_bytes_per_second(const Device& device);
/// Float32 operations of all CUDA cores, a fused multiply-add counting as two; 0 when it is not known, as for
/// tensor cores, whose rate depends on the type.
double peak_operations_per_second(const Device& device, Arithmetic arithmetic);

/// The case that was timed.
struct Workload {
  std::string case_name;
  Arithmetic arithmetic = Arithmetic::kCudaCores;
  std::uint64_t bytes_read = 0, bytes_written = 0, operations = 0;  ///< the task cannot do without
  std::uint64_t working_set_bytes = 0;
  std::uint64_t seed = 0;
  bool operator==(const Workload&) const = default;
};

/// The least time that the device can take for it, in nanoseconds; 0 when neither peak is known.
double floor_ns(const Workload& workload, const Device& device);

/// Clocks seen while a series was measured.
struct ClockReadings {
  std::uint32_t readings = 0;
  std::uint32_t least_sm_mhz = 0, most_sm_mhz = 0, least_celsius = 0, most_celsius = 0;
  std::vector<std::string> throttle_reasons;  ///< that lower the clock
  std::vector<std::string> other_reasons;     ///< that do not
  bool operator==(const ClockReadings&) const = default;
};

/// Repeated timings of one contestant.
struct SampleSeries {
  bool cold = true;                ///< after the L2 cache was flushed; else right after another run
  std::vector<double> samples_ns;  ///< in the order of measuring
  std::string stopped;             ///< "precision", "time", "samples"
  ClockReadings clocks;
  stats::Summary summary;  ///< follows from the rest; computed anew whenever a record is read
  bool operator==(const SampleSeries&) const = default;
};

/// The summary of a series, from its samples and what is known of the device.
base::Result<stats::Summary> summary_of(const SampleSeries& series, const Workload& workload,
                                        const Device& device);

struct Contestant {
  std::string name;  ///< "padded"; of baselines "cub", "cublas", "device-copy"
  bool baseline = false;
  std::string problem;            ///< why it was left out: what came out wrong; then it has no series
  std::vector<Component> inputs;  ///< sorted by name; empty for the device's own copy
  std::vector<SampleSeries> series;

  const SampleSeries* find(bool cold) const;
  bool operator==(const Contestant&) const = default;
};

struct Measurement {
  Workload workload;
  std::vector<Contestant> contestants;  ///< in the order of their names, rungs before baselines

  const Contestant* find(std::string_view name, bool baseline) const;
  bool operator==(const Measurement&) const = default;
};

/// What became of a program under a tool of compute-sanitizer.
enum class ToolOutcome {
  kClean,     ///< the tool found nothing, and the program came to its own end and passed
  kFindings,  ///< the tool found something, or the program no longer passed
  kNotRun,    ///< the program did not come to its end and nothing was found: the tool may not work on that
              ///< machine
};

/// A tool of compute-sanitizer on one program.
struct ToolResult {
  std::string tool;  ///< "memcheck", …
  ToolOutcome outcome = ToolOutcome::kNotRun;
  std::string detail;  ///< why not
  bool operator==(const ToolResult&) const = default;
};

/// How one program of the drill ended on the device.
struct HardwareRun {
  std::string id;  ///< "transpose/padded"
  std::vector<Component> inputs;
  bool passed = false;  ///< it verified itself: status 0, every case passed, its end marker printed
  std::vector<std::string> caught_by;  ///< checks that failed; or "crash", "timeout", "exit", "compile"
  std::uint64_t cases = 0;             ///< that its report lists
  std::string detail;                  ///< the first failure, for people
  std::vector<ToolResult> tools;       ///< sorted by name
  bool operator==(const HardwareRun&) const = default;
};

struct DeviceRecord {
  std::string drill;
  std::string slug;       ///< of the device: "h200"; the file's name
  std::string date;       ///< "2026-11-21"
  std::string revision;   ///< of the tree that was recorded; may be empty
  bool clean = false;     ///< that tree was as committed
  std::string toolkit;    ///< "13.0.88"
  std::string sanitizer;  ///< its version; empty: not used
  Device device;
  std::vector<HardwareRun> runs;  ///< sorted by id
  std::optional<Measurement> measurement;

  const HardwareRun* find_run(std::string_view id) const;
  bool operator==(const DeviceRecord&) const = default;
};

/// JSON with sorted keys, two-space indentation, a final newline and a checksum; each series' samples are one
/// string.
std::string render_device_record(const DeviceRecord& record);

/// Why a text is no device record, and where.
struct DeviceRecordFault {
  std::string message;
  std::size_t begin = 0, end = 0;  ///< bytes of the text
};
/// Accepts only what render_device_record wrote: checks the schema, the checksum, and that every summary
/// follows from its samples. `fault` is set when there is nothing.
std::optional<DeviceRecord> parse_device_record(std::string_view text, DeviceRecordFault& fault);

}  // namespace drillpress::drill
