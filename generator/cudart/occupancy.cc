#include "cudart/occupancy.h"

#include <algorithm>

#include "cudart/device.h"

namespace drillpress::cudart {
namespace {

constexpr std::uint64_t kSharedUnit = 128;

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) {
  return (value + unit - 1) / unit * unit;
}

}  // namespace

std::uint32_t active_blocks_per_multiprocessor(const lockstep::DeviceProperties& device,
                                               std::uint32_t block_threads, std::uint64_t static_shared_bytes,
                                               std::uint64_t dynamic_shared_bytes) {
  if (block_threads == 0 || block_threads > device.max_threads_per_block) return 0;
  const std::uint64_t requested = static_shared_bytes + dynamic_shared_bytes;
  if (requested > device.shared_bytes_per_block_optin) return 0;
  const std::uint32_t warps = (block_threads + device.warp_size - 1) / device.warp_size;
  const std::uint32_t warp_slots = device.max_threads_per_multiprocessor / device.warp_size;
  const std::uint64_t granted = round_up(requested + kReservedSharedBytes, kSharedUnit);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>({device.max_blocks_per_multiprocessor, warp_slots / warps,
                               device.shared_bytes_per_multiprocessor / granted}));
}

std::uint64_t available_dynamic_shared(const lockstep::DeviceProperties& device, std::uint32_t blocks,
                                       std::uint64_t static_shared_bytes) {
  if (blocks == 0) return 0;
  const std::uint64_t share = device.shared_bytes_per_multiprocessor / blocks / kSharedUnit * kSharedUnit;
  const std::uint64_t taken = kReservedSharedBytes + static_shared_bytes;
  if (share <= taken) return 0;
  return std::min<std::uint64_t>(share - taken, device.shared_bytes_per_block_optin - static_shared_bytes);
}

}  // namespace drillpress::cudart
