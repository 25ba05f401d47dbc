// Theoretical occupancy of a kernel on the virtual device, from the limits of its multiprocessor.
#pragma once

#include <cstdint>

#include "lockstep/engine.h"

namespace drillpress::cudart {

/// Blocks that fit on one multiprocessor at once: the least of what its block slots, warp slots and shared
/// memory allow; 0 when not even one fits. Registers do not limit it: how many a kernel uses is ptxas's
/// decision, which the engine does not know. Shared memory is granted in units of 128 bytes plus what the
/// system reserves a block. Source: CUDA C++ Programming Guide, "Compute Capabilities", and the occupancy
/// calculator's rules for compute capability 8.0 and later.
std::uint32_t active_blocks_per_multiprocessor(const lockstep::DeviceProperties& device,
                                               std::uint32_t block_threads, std::uint64_t static_shared_bytes,
                                               std::uint64_t dynamic_shared_bytes);

/// The most dynamic shared memory with which `blocks` blocks of the kernel still fit on one multiprocessor.
std::uint64_t available_dynamic_shared(const lockstep::DeviceProperties& device, std::uint32_t blocks,
                                       std::uint64_t static_shared_bytes);

}  // namespace drillpress::cudart
