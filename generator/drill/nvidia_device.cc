#include "drill/nvidia_device.h"

#include <filesystem>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "drill/json_read.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::drill {
namespace {

constexpr const char* kDeviceFile = "/dev/nvidia0";
constexpr const char* kDriverFolder = "/proc/driver/nvidia";
constexpr std::int64_t kTimeoutMs = 20'000;

// Changes with the driver and with the GPUs that it drives. Files of /proc say that they are empty, so only
// the names below gpus/ and the loaded module's version count.
std::string driver_stamp() {
  base::KeyHasher stamp;
  const auto version = system::read_file("/sys/module/nvidia/version", 1 << 12);
  stamp.add(version.ok() ? base::trim(version.value()) : "");
  std::set<std::string> gpus;
  std::error_code error;
  for (std::filesystem::directory_iterator it(std::string(kDriverFolder) + "/gpus", error), end;
       !error && it != end; it.increment(error)) {
    gpus.insert(it->path().filename().string());
  }
  for (const std::string& gpu : gpus) stamp.add(gpu);
  return stamp.hex();
}

}  // namespace

std::optional<NvidiaDevice> parse_nvidia_smi(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t second = line.rfind(',');
  if (second == std::string_view::npos || second == 0) return std::nullopt;
  const std::size_t first = line.rfind(',', second - 1);
  if (first == std::string_view::npos) return std::nullopt;
  NvidiaDevice device{std::string(base::trim(line.substr(0, first))),
                      std::string(base::trim(line.substr(first + 1, second - first - 1))),
                      base::replace_all(std::string(base::trim(line.substr(second + 1))), ".", "")};
  const bool digits = device.architecture.find_first_not_of("0123456789") == std::string::npos;
  if (device.name.empty() || device.architecture.empty() || !digits) return std::nullopt;
  return device;
}

std::optional<NvidiaDevice> find_nvidia_device(const std::string& cache_dir) {
  if (!system::exists(kDeviceFile)) return std::nullopt;
  const std::string file = cache_dir + "/gpu.json", stamp = driver_stamp();
  if (const auto text = system::read_file(file, 1 << 16); text.ok()) {
    const Json known = Json::parse(text.value(), nullptr, false);
    if (text_of(known, "stamp") == stamp) {
      return NvidiaDevice{text_of(known, "name"), text_of(known, "driver"), text_of(known, "architecture")};
    }
  }
  system::ProcessRequest request;
  request.argv = {"nvidia-smi", "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"};
  request.environment = {{"LC_ALL", "C"}};
  request.limits.timeout_ms = kTimeoutMs;
  request.limits.max_output_bytes = 1 << 16;
  const auto outcome = system::run_process(request);
  if (!outcome.ok() || !outcome.value().succeeded()) return std::nullopt;
  const auto device = parse_nvidia_smi(outcome.value().out);
  if (device) {
    const Json known = {{"architecture", device->architecture},
                        {"driver", device->driver},
                        {"name", device->name},
                        {"stamp", stamp}};
    // Not remembering costs a process next time and nothing else.
    (void)system::write_file_atomically(file, known.dump(2) + "\n");
  }
  return device;
}

}  // namespace drillpress::drill
