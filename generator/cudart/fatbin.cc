#include "cudart/fatbin.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

#include "cudart/lz4.h"

namespace drillpress::cudart {
namespace {

constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kEntryHeaderBytes = 64;  // without the strings and options that may follow
constexpr std::uint16_t kKindPtx = 1;
constexpr std::uint16_t kKindElf = 2;
constexpr std::uint64_t kFlagLz4 = 0x2000;
constexpr std::uint64_t kFlagZstd = 0x8000;
constexpr std::uint64_t kFlagArchSpecific = 0x100000;
// Text larger than this is no program that anybody wrote; it guards against a corrupt size.
constexpr std::uint64_t kMaximumPtxBytes = std::uint64_t{1} << 30;

template <typename T>
T read(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);  // callers have checked the bounds
  return value;
}

FatbinEntry::Kind kind_of(std::uint16_t kind) {
  if (kind == kKindPtx) return FatbinEntry::Kind::kPtx;
  if (kind == kKindElf) return FatbinEntry::Kind::kElf;
  return FatbinEntry::Kind::kOther;
}

FatbinEntry::Packing packing_of(std::uint64_t flags) {
  if (flags & kFlagZstd) return FatbinEntry::Packing::kZstd;
  if (flags & kFlagLz4) return FatbinEntry::Packing::kLz4;
  return FatbinEntry::Packing::kPlain;
}

base::Result<std::string> unpack_zstd(const FatbinEntry& entry) {
  std::string text(entry.unpacked_bytes, '\0');
  const std::size_t got =
      ZSTD_decompress(text.data(), text.size(), entry.payload.data(), entry.payload.size());
  if (ZSTD_isError(got)) return base::Failure{fmt::format("corrupt zstd data: {}", ZSTD_getErrorName(got))};
  if (got != text.size()) return base::Failure{"corrupt zstd data: less output than declared"};
  return text;
}

base::Result<std::string> unpack_bytes(const FatbinEntry& entry) {
  if (entry.packing == FatbinEntry::Packing::kPlain) {
    return std::string(entry.payload.begin(), entry.payload.end());
  }
  if (entry.unpacked_bytes > kMaximumPtxBytes) return base::Failure{"the declared size of the PTX is absurd"};
  if (entry.packing == FatbinEntry::Packing::kZstd) return unpack_zstd(entry);
  const auto bytes = decode_lz4_block(entry.payload, entry.unpacked_bytes);
  if (!bytes) return base::Failure{bytes.error()};
  return std::string(bytes.value().begin(), bytes.value().end());
}

bool runs_on(const FatbinEntry& entry, std::uint32_t capability) {
  if (entry.kind != FatbinEntry::Kind::kPtx) return false;
  return entry.arch_specific ? entry.arch == capability : entry.arch <= capability;
}

std::string list_archs(std::span<const FatbinEntry> entries, FatbinEntry::Kind kind, const char* prefix) {
  std::set<std::string> names;
  for (const FatbinEntry& entry : entries) {
    if (entry.kind == kind)
      names.insert(fmt::format("{}{}{}", prefix, entry.arch, entry.arch_specific ? "a" : ""));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

base::Result<std::size_t> fatbin_size_bytes(const void* data) {
  const std::span header(static_cast<const std::uint8_t*>(data), kHeaderBytes);
  if (read<std::uint32_t>(header, 0) != kFatbinMagic)
    return base::Failure{"not a fat binary: wrong magic number"};
  const auto header_bytes = read<std::uint16_t>(header, 6);
  const auto body_bytes = read<std::uint64_t>(header, 8);
  if (header_bytes != kHeaderBytes || body_bytes > kMaximumPtxBytes * 4) {
    return base::Failure{"not a fat binary: impossible size"};
  }
  return static_cast<std::size_t>(header_bytes + body_bytes);
}

base::Result<std::vector<FatbinEntry>> parse_fatbin(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kHeaderBytes) return base::Failure{"not a fat binary: too short"};
  const auto size = fatbin_size_bytes(bytes.data());
  if (!size) return base::Failure{size.error()};
  if (size.value() > bytes.size()) return base::Failure{"corrupt fat binary: shorter than its header says"};
  bytes = bytes.first(size.value()).subspan(read<std::uint16_t>(bytes, 6));

  std::vector<FatbinEntry> entries;
  while (!bytes.empty()) {
    if (bytes.size() < kEntryHeaderBytes) return base::Failure{"corrupt fat binary: truncated entry header"};
    const auto header_bytes = read<std::uint32_t>(bytes, 4);
    const auto padded_bytes = read<std::uint64_t>(bytes, 8);
    if (header_bytes < kEntryHeaderBytes || header_bytes > bytes.size() ||
        padded_bytes > bytes.size() - header_bytes) {
      return base::Failure{"corrupt fat binary: entry reaches past the end"};
    }
    const auto packed_bytes = read<std::uint32_t>(bytes, 16);
    const auto flags = read<std::uint64_t>(bytes, 40);
    FatbinEntry entry;
    entry.kind = kind_of(read<std::uint16_t>(bytes, 0));
    entry.packing = packing_of(flags);
    entry.arch = read<std::uint32_t>(bytes, 28);
    entry.arch_specific = (flags & kFlagArchSpecific) != 0;
    entry.unpacked_bytes = read<std::uint64_t>(bytes, 56);
    entry.payload = bytes.subspan(header_bytes, padded_bytes);
    if (entry.packing != FatbinEntry::Packing::kPlain) {
      if (packed_bytes > padded_bytes) return base::Failure{"corrupt fat binary: packed size past the entry"};
      entry.payload = entry.payload.first(packed_bytes);
    }
    entries.push_back(entry);
    bytes = bytes.subspan(header_bytes + padded_bytes);
  }
  return entries;
}

base::Result<std::string> unpack_ptx(const FatbinEntry& entry) {
  auto text = unpack_bytes(entry);
  if (!text) return base::Failure{text.error()};
  std::string ptx = std::move(text).value();
  ptx.resize(std::min(ptx.find('\0'), ptx.size()));  // padding and nvcc's own terminator
  return ptx;
}

const FatbinEntry* select_ptx(std::span<const FatbinEntry> entries, std::uint32_t capability) {
  const FatbinEntry* best = nullptr;
  for (const FatbinEntry& entry : entries) {
    if (!runs_on(entry, capability)) continue;
    const bool better = !best || entry.arch > best->arch ||
                        (entry.arch == best->arch && entry.arch_specific && !best->arch_specific);
    if (better) best = &entry;
  }
  return best;
}

std::string explain_no_ptx(std::span<const FatbinEntry> entries, std::uint32_t capability) {
  const std::string remedy =
      fmt::format("rebuild with -gencode arch=compute_{0},code=compute_{0}", capability);
  const std::string ptx = list_archs(entries, FatbinEntry::Kind::kPtx, "compute_");
  if (!ptx.empty())
    return fmt::format("its PTX is for {} and this device is sm_{}; {}", ptx, capability, remedy);
  const std::string elf = list_archs(entries, FatbinEntry::Kind::kElf, "sm_");
  if (!elf.empty()) return fmt::format("it was built with code={} only; {}", elf, remedy);
  return fmt::format("it holds no device code; {}", remedy);
}

}  // namespace drillpress::cudart
