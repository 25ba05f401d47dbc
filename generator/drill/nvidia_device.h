// The NVIDIA GPU of this machine, if there is one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace drillpress::drill {

struct NvidiaDevice {
  std::string name;          ///< "NVIDIA H200"
  std::string driver;        ///< "570.86.10"
  std::string architecture;  ///< compute capability without its point: "90"
};

/// Nothing when /dev/nvidia0 is not there or nvidia-smi does not answer. The answer is remembered in
/// `<cache>/gpu.json` until the driver or the list of GPUs changes, so that a second build starts no process.
std::optional<NvidiaDevice> find_nvidia_device(const std::string& cache_dir);

/// First line of `nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader`.
std::optional<NvidiaDevice> parse_nvidia_smi(std::string_view text);

}  // namespace drillpress::drill
