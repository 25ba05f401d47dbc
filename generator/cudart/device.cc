#include "cudart/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace drillpress::cudart {
namespace {

using lockstep::DeviceProperties;

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  struct Unit {
    std::string_view suffix;
    unsigned shift;
  };
  constexpr Unit kUnits[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
  unsigned shift = 0;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    shift = unit.shift;
  }
  const auto count = parse_number(text);
  if (!count || *count > (UINT64_MAX >> shift)) return std::nullopt;
  return *count << shift;
}

bool set_memory(DeviceProperties& device, std::string_view value) {
  const auto bytes = parse_bytes(value);
  if (!bytes || *bytes < (1ull << 20) || *bytes > (1ull << 40)) return false;
  device.address_space_bytes = *bytes;
  return true;
}

bool set_heap(DeviceProperties& device, std::string_view value) {
  const auto bytes = parse_bytes(value);
  if (!bytes || *bytes == 0 || *bytes > (1ull << 34)) return false;
  device.heap_bytes = *bytes;
  return true;
}

bool set_sms(DeviceProperties& device, std::string_view value) {
  const auto count = parse_number(value);
  if (!count || *count == 0 || *count > 1024) return false;
  device.multiprocessors = static_cast<std::uint32_t>(*count);
  return true;
}

bool set_capability(DeviceProperties& device, std::string_view value) {
  const auto dot = value.find('.');
  if (dot == std::string_view::npos) return false;
  const auto major = parse_number(value.substr(0, dot));
  const auto minor = parse_number(value.substr(dot + 1));
  if (!major || !minor || *major < 5 || *major > 12 || *minor > 9) return false;
  device.compute_major = static_cast<std::uint32_t>(*major);
  device.compute_minor = static_cast<std::uint32_t>(*minor);
  return true;
}

struct Setter {
  DeviceSetting setting;
  bool (*set)(DeviceProperties&, std::string_view);
};

constexpr Setter kSetters[] = {
    {{"memory", "1MiB to 1024GiB (KiB, MiB, GiB or bytes)", "memory of the device; reserved, not used up"},
     set_memory},
    {{"heap", "bytes, up to 16GiB",
      "what malloc in device code may use, until cudaDeviceSetLimit changes it"},
     set_heap},
    {{"sms", "1 to 1024", "number of multiprocessors"}, set_sms},
    {{"capability", "major.minor, 5.0 to 12.9", "compute capability: which PTX is chosen and what is told"},
     set_capability},
};

// Sources: NVIDIA's data sheets and architecture whitepapers (H200, H100 SXM5, A100 SXM4 80 GB, T4, GeForce
// RTX 4090) for multiprocessors, memory and L2; CUDA C++ Programming Guide, "Technical Specifications per
// Compute Capability", for shared memory, threads and blocks.
constexpr DevicePreset kPresets[] = {
    {"a100", 8, 0, 108, 80, 40, 164, 163, 2048, 32},  {"h100", 9, 0, 132, 80, 50, 228, 227, 2048, 32},
    {"h200", 9, 0, 132, 141, 50, 228, 227, 2048, 32}, {"rtx4090", 8, 9, 128, 24, 72, 100, 99, 1536, 24},
    {"t4", 7, 5, 40, 16, 4, 64, 64, 1024, 16},
};

const DevicePreset* find_preset(std::string_view name) {
  for (const DevicePreset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

void apply(const DevicePreset& preset, DeviceProperties& device) {
  constexpr std::uint64_t kPage = 2ull << 20;
  device.compute_major = preset.major;
  device.compute_minor = preset.minor;
  device.multiprocessors = preset.multiprocessors;
  device.address_space_bytes = preset.memory_gb * 1'000'000'000ull / kPage * kPage;
  device.l2_bytes = preset.l2_mib << 20;
  device.shared_bytes_per_multiprocessor = preset.shared_kib_per_multiprocessor << 10;
  device.shared_bytes_per_block_optin = preset.shared_kib_per_block_optin << 10;
  device.max_threads_per_multiprocessor = preset.threads_per_multiprocessor;
  device.max_blocks_per_multiprocessor = preset.blocks_per_multiprocessor;
}

std::string list_presets() {
  std::vector<std::string> names;
  for (const DevicePreset& preset : kPresets) names.emplace_back(preset.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string rename(const DeviceProperties& device, const std::string& preset = "") {
  return fmt::format("Drillpress lockstep engine (virtual {}sm_{})", preset.empty() ? "" : preset + ", ",
                     capability(device));
}

}  // namespace

DeviceProperties default_device() {
  DeviceProperties device;  // its defaults are the limits of an H200-class GPU
  device.address_space_bytes = 16ull << 30;
  device.name = rename(device);
  return device;
}

const std::vector<DeviceSetting>& device_settings() {
  static const std::vector<DeviceSetting> settings = [] {
    std::vector<DeviceSetting> all;
    for (const Setter& setter : kSetters) all.push_back(setter.setting);
    return all;
  }();
  return settings;
}

const std::vector<DevicePreset>& device_presets() {
  static const std::vector<DevicePreset> presets(std::begin(kPresets), std::end(kPresets));
  return presets;
}

base::Result<DeviceProperties> parse_device(std::string_view text) {
  DeviceProperties device = default_device();
  std::string preset_name;
  const std::string_view first = text.substr(0, text.find(','));
  if (!first.empty() && first.find('=') == std::string_view::npos) {
    const DevicePreset* preset = find_preset(first);
    if (!preset) {
      return base::Failure{
          fmt::format("unknown device or setting `{}`; the devices are {}, the settings KEY=VALUE", first,
                      list_presets())};
    }
    apply(*preset, device);
    preset_name = first;
    text.remove_prefix(std::min(first.size() + 1, text.size()));
  }
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const auto equals = std::min(item.find('='), item.size());
    const std::string_view key = item.substr(0, equals);
    const auto found = std::find_if(std::begin(kSetters), std::end(kSetters),
                                    [&](const Setter& s) { return s.setting.key == key; });
    if (found == std::end(kSetters)) {
      std::vector<std::string> keys;
      for (const Setter& setter : kSetters) keys.emplace_back(setter.setting.key);
      return base::Failure{
          fmt::format("unknown setting `{}`; the settings are {}", key, fmt::join(keys, ", "))};
    }
    const std::string_view value = equals < item.size() ? item.substr(equals + 1) : std::string_view();
    if (!found->set(device, value)) {
      return base::Failure{fmt::format("`{}` is no value of {}; use {}", value, key, found->setting.values)};
    }
  }
  device.name = rename(device, preset_name);
  return device;
}

void set_capability(DeviceProperties& device, std::uint32_t number) {
  device.compute_major = number / 10;
  device.compute_minor = number % 10;
  device.name = rename(device);
}

std::uint32_t capability(const DeviceProperties& device) {
  return device.compute_major * 10 + device.compute_minor;
}

DevicePropertiesAbi describe_device(const DeviceProperties& device) {
  DevicePropertiesAbi abi = {};
#define FIELD(type, name, value) abi.name = static_cast<type>(value);
#define ARRAY(type, name, count, values) ARRAY_##values(abi.name)
#define ARRAY_kNone(member)
#define ARRAY_kName(member) device.name.copy(member, sizeof member - 1);
#define ARRAY_kMaxBlock(member) std::copy_n(device.max_block, 3, member);
#define ARRAY_kMaxGrid(member) std::copy_n(device.max_grid, 3, member);
#include "cudart/device_properties.def"
#undef FIELD
#undef ARRAY
#undef ARRAY_kNone
#undef ARRAY_kName
#undef ARRAY_kMaxBlock
#undef ARRAY_kMaxGrid
  return abi;
}

std::optional<int> device_attribute(int number, const DevicePropertiesAbi& p) {
  switch (number) {
#define ATTRIBUTE(number, name, value) \
  case number:                         \
    return static_cast<int>(value);
#include "cudart/device_attributes.def"
#undef ATTRIBUTE
    default:
      return std::nullopt;
  }
}

}  // namespace drillpress::cudart
