// Decoder of raw LZ4 blocks, the format in which `nvcc --compress-mode=speed` stores PTX.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace drillpress::cudart {

/// Expands one block (no frame, no checksum) to exactly `size_bytes` bytes. Every read and write is checked:
/// corrupt input is a failure, never undefined behaviour. Source: LZ4 Block Format Description (token,
/// literals, offset, match).
base::Result<std::vector<std::uint8_t>> decode_lz4_block(std::span<const std::uint8_t> block,
                                                         std::size_t size_bytes);

}  // namespace drillpress::cudart
