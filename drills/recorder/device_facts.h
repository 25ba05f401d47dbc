/// The device that is measured, and whether it is one: the lockstep engine has no notion of time.
#pragma once

#include <cuda_runtime.h>

#include <fstream>
#include <string>

#include "nvml.h"
#include "report.h"

namespace drill {

/// The name of the lockstep engine's virtual device begins with this.
inline constexpr const char* kEngineName = "Drillpress lockstep engine";

inline bool is_engine(const cudaDeviceProp& device) {
  return std::string(device.name).rfind(kEngineName, 0) == 0;
}

/// First value of "model name : …" in /proc/cpuinfo.
inline std::string host_cpu() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "";
}

inline std::string driver_version(const Nvml& nvml) {
  std::string version = nvml.driver_version();
  if (version.empty()) {
    std::ifstream file("/sys/module/nvidia/version");
    std::getline(file, version);
  }
  return version;
}

/// Zero where the runtime does not know. Clocks are the highest ones, in kHz.
inline int attribute(cudaDeviceAttr which) {
  int value = 0;
  return cudaDeviceGetAttribute(&value, which, 0) == cudaSuccess ? value : 0;
}

inline std::string render_device(const cudaDeviceProp& device, const Nvml& nvml) {
  int runtime = 0;
  cudaRuntimeGetVersion(&runtime);
  return json::Object()
      .add("capability", json::string(std::to_string(device.major) + "." + std::to_string(device.minor)))
      .add("driver", json::string(driver_version(nvml)))
      .add("ecc", json::boolean(device.ECCEnabled != 0))
      .add("host_cpu", json::string(host_cpu()))
      .add("l2_bytes", json::integer(static_cast<std::uint64_t>(device.l2CacheSize)))
      .add("memory_bus_bits", std::to_string(attribute(cudaDevAttrGlobalMemoryBusWidth)))
      .add("memory_bytes", json::integer(device.totalGlobalMem))
      .add("memory_clock_khz", std::to_string(attribute(cudaDevAttrMemoryClockRate)))
      .add("multiprocessors", std::to_string(device.multiProcessorCount))
      .add("name", json::string(device.name))
      .add("nvml", json::boolean(nvml.present()))
      .add("runtime", std::to_string(runtime))
      .add("sm_clock_khz", std::to_string(attribute(cudaDevAttrClockRate)))
      .text();
}

}  // namespace drill
