/// Clocks, temperature and throttle reasons through NVIDIA's management library, where there is one. Only
/// read, never set. The library comes with the driver, its header does not come with every toolkit: the few
/// functions are declared here as the NVML API Reference Guide describes them.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <string>
#include <vector>

namespace drill {

/// Bits of nvmlDeviceGetCurrentClocksThrottleReasons. `slows`: it lowers the clock below what was asked for.
struct ThrottleReason {
  unsigned long long bit;
  const char* name;
  bool slows;
};
inline constexpr ThrottleReason kThrottleReasons[] = {
    {0x1, "gpu_idle", false},
    {0x2, "applications_clocks_setting", false},
    {0x4, "sw_power_cap", true},
    {0x8, "hw_slowdown", true},
    {0x10, "sync_boost", true},
    {0x20, "sw_thermal_slowdown", true},
    {0x40, "hw_thermal_slowdown", true},
    {0x80, "hw_power_brake_slowdown", true},
    {0x100, "display_clock_setting", false},
};

/// What was seen over several readings.
struct Clocks {
  unsigned readings = 0;
  unsigned least_sm_mhz = 0, most_sm_mhz = 0, least_celsius = 0, most_celsius = 0;
  unsigned long long reasons = 0;  ///< all bits seen

  void add(unsigned mhz, unsigned celsius, unsigned long long bits) {
    const bool first = readings++ == 0;
    least_sm_mhz = first ? mhz : std::min(least_sm_mhz, mhz);
    most_sm_mhz = std::max(most_sm_mhz, mhz);
    least_celsius = first ? celsius : std::min(least_celsius, celsius);
    most_celsius = std::max(most_celsius, celsius);
    reasons |= bits;
  }

  std::vector<std::string> reason_names(bool slowing) const {
    std::vector<std::string> names;
    for (const ThrottleReason& reason : kThrottleReasons)
      if ((reasons & reason.bit) != 0 && reason.slows == slowing) names.emplace_back(reason.name);
    return names;
  }
};

class Nvml {
 public:
  /// `bus_id`: "0000:1b:00.0", as cudaDeviceGetPCIBusId writes it.
  explicit Nvml(const char* bus_id) {
    library_ = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library_) return;
    const auto init = find<int()>("nvmlInit_v2");
    const auto handle = find<int(const char*, void**)>("nvmlDeviceGetHandleByPciBusId_v2");
    if (!init || !handle || init() != 0 || handle(bus_id, &device_) != 0) device_ = nullptr;
  }
  ~Nvml() {
    if (const auto shutdown = device_ ? find<int()>("nvmlShutdown") : nullptr) shutdown();
    if (library_) dlclose(library_);
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  bool present() const { return device_ != nullptr; }

  /// Adds one reading; nothing where NVML is not there or does not answer.
  void read(Clocks& clocks) const {
    constexpr int kSmClock = 1, kGpuTemperature = 0;
    const auto clock = find<int(void*, int, unsigned*)>("nvmlDeviceGetClockInfo");
    const auto temperature = find<int(void*, int, unsigned*)>("nvmlDeviceGetTemperature");
    const auto reasons = find<int(void*, unsigned long long*)>("nvmlDeviceGetCurrentClocksThrottleReasons");
    unsigned mhz = 0, celsius = 0;
    unsigned long long bits = 0;
    if (!device_ || !clock || !temperature || !reasons) return;
    if (clock(device_, kSmClock, &mhz) != 0 || temperature(device_, kGpuTemperature, &celsius) != 0 ||
        reasons(device_, &bits) != 0)
      return;
    clocks.add(mhz, celsius, bits);
  }

  std::string driver_version() const {
    char text[96] = {};
    const auto version = find<int(char*, unsigned)>("nvmlSystemGetDriverVersion");
    return device_ && version && version(text, sizeof text) == 0 ? text : "";
  }

 private:
  template <class Function>
  Function* find(const char* name) const {
    return library_ ? reinterpret_cast<Function*>(dlsym(library_, name)) : nullptr;
  }

  void* library_ = nullptr;
  void* device_ = nullptr;
};

}  // namespace drill
