#include "drill/device_record.h"

#include <algorithm>

namespace drillpress::drill {
namespace {

// Float32 lanes of a multiprocessor: results a clock of add, multiply and multiply-add in the table
// "Throughput of Native Arithmetic Instructions", CUDA C++ Programming Guide.
struct LanesRow {
  std::string_view capability;
  double lanes;
};
constexpr LanesRow kFloatLanes[] = {{"7.0", 64},  {"7.5", 64},  {"8.0", 64},   {"8.6", 128},  {"8.7", 128},
                                    {"8.9", 128}, {"9.0", 128}, {"10.0", 128}, {"10.3", 128}, {"12.0", 128}};

}  // namespace

double peak_bytes_per_second(const Device& device) {
  return 2.0 * 1e3 * static_cast<double>(device.memory_clock_khz) * device.memory_bus_bits / 8;
}

double peak_operations_per_second(const Device& device, Arithmetic arithmetic) {
  if (arithmetic != Arithmetic::kCudaCores) return 0;
  for (const LanesRow& row : kFloatLanes) {
    if (row.capability == device.capability)
      return 2 * row.lanes * device.multiprocessors * 1e3 * static_cast<double>(device.sm_clock_khz);
  }
  return 0;
}

double floor_ns(const Workload& workload, const Device& device) {
  const double bandwidth = peak_bytes_per_second(device);
  const double rate = peak_operations_per_second(device, workload.arithmetic);
  double seconds = 0;
  // What fits the L2 cache may come from there: then the memory's bandwidth bounds nothing.
  if (bandwidth > 0 &&
      workload.working_set_bytes >= stats::kLeastWorkingSets * static_cast<double>(device.l2_bytes))
    seconds = static_cast<double>(workload.bytes_read + workload.bytes_written) / bandwidth;
  if (rate > 0) seconds = std::max(seconds, static_cast<double>(workload.operations) / rate);
  return seconds * 1e9;
}

base::Result<stats::Summary> summary_of(const SampleSeries& series, const Workload& workload,
                                        const Device& device) {
  double least = floor_ns(workload, device);
  if (!series.cold && least > 0) {
    // A hot run finds up to a whole L2 cache of its data there.
    Workload cached = workload;
    const std::uint64_t hit = std::min(device.l2_bytes, cached.bytes_read);
    cached.bytes_read -= hit;
    cached.bytes_written -= std::min(device.l2_bytes - hit, cached.bytes_written);
    least = floor_ns(cached, device);
  }
  return stats::summarise(series.samples_ns,
                          {least, static_cast<double>(workload.working_set_bytes),
                           static_cast<double>(device.l2_bytes), series.clocks.throttle_reasons});
}

const SampleSeries* Contestant::find(bool cold) const {
  const auto at =
      std::find_if(series.begin(), series.end(), [&](const SampleSeries& s) { return s.cold == cold; });
  return at == series.end() ? nullptr : &*at;
}

const Contestant* Measurement::find(std::string_view name, bool baseline) const {
  const auto at = std::find_if(contestants.begin(), contestants.end(),
                               [&](const Contestant& c) { return c.name == name && c.baseline == baseline; });
  return at == contestants.end() ? nullptr : &*at;
}

const HardwareRun* DeviceRecord::find_run(std::string_view id) const {
  const auto at =
      std::find_if(runs.begin(), runs.end(), [&](const HardwareRun& run) { return run.id == id; });
  return at == runs.end() ? nullptr : &*at;
}

}  // namespace drillpress::drill
