// Fat binaries as nvcc embeds them: bytes → entries → the PTX text that the virtual device runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace drillpress::cudart {

/// What nvcc registers at start-up; layout of `__fatBinC_Wrapper_t` (the toolkit's fatbinary_section.h).
struct FatbinWrapper {
  std::uint32_t magic;
  std::uint32_t version;      ///< kWrapperPlain or kWrapperLinked
  const void* data;           ///< a fat binary (kWrapperPlain)
  const void* const* linked;  ///< null-ended list of fat binaries (kWrapperLinked, made by `-rdc=true`)
};
inline constexpr std::uint32_t kWrapperMagic = 0x466243b1;
inline constexpr std::uint32_t kFatbinMagic = 0xba55ed50;
inline constexpr std::uint32_t kWrapperPlain = 1;
inline constexpr std::uint32_t kWrapperLinked = 2;

/// One image in a fat binary. Format: as nvcc 13.0 writes it (found by experiment, checked by tests).
struct FatbinEntry {
  enum class Kind : std::uint8_t { kPtx, kElf, kOther };
  enum class Packing : std::uint8_t { kPlain, kZstd, kLz4 };
  Kind kind = Kind::kOther;
  Packing packing = Packing::kPlain;
  std::uint32_t arch = 0;                 ///< 90 for sm_90
  bool arch_specific = false;             ///< built for sm_90a: runs on exactly that architecture
  std::span<const std::uint8_t> payload;  ///< as stored, a view into the fat binary
  std::uint64_t unpacked_bytes = 0;       ///< meaningful for packed entries
};

/// Size of the fat binary at `data` by its own header, or a failure when it is none. The caller vouches that
/// the 16 header bytes and the size they tell are readable, which holds for what nvcc linked into the
/// process.
base::Result<std::size_t> fatbin_size_bytes(const void* data);

/// Splits a fat binary into entries; the views point into `bytes`. Corrupt input is a failure, never a crash.
base::Result<std::vector<FatbinEntry>> parse_fatbin(std::span<const std::uint8_t> bytes);

/// The text of a PTX entry, without padding.
base::Result<std::string> unpack_ptx(const FatbinEntry& entry);

/// The entry with the highest architecture that a device of `capability` (90 for 9.0) can run, or null.
const FatbinEntry* select_ptx(std::span<const FatbinEntry> entries, std::uint32_t capability);

/// Why `select_ptx` found nothing, with what to do about it.
std::string explain_no_ptx(std::span<const FatbinEntry> entries, std::uint32_t capability);

}  // namespace drillpress::cudart
