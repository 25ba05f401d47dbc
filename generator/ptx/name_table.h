// A hash table from fixed names to their indices, built at compile time: it costs nothing when a program
// starts.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace drillpress::ptx {

template <std::size_t Count>
class NameTable {
 public:
  /// The names must be distinct and outlive the table.
  constexpr explicit NameTable(const std::array<std::string_view, Count>& names) : names_(names) {
    for (std::size_t i = 0; i < Count; ++i) {
      std::size_t slot = hash(names[i]) & kMask;
      while (slots_[slot] != 0) slot = (slot + 1) & kMask;
      slots_[slot] = static_cast<std::uint16_t>(i + 1);
    }
  }

  constexpr std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t slot = hash(name) & kMask; slots_[slot] != 0; slot = (slot + 1) & kMask) {
      const std::size_t index = slots_[slot] - 1U;
      if (names_[index] == name) return index;
    }
    return std::nullopt;
  }

  constexpr std::string_view operator[](std::size_t index) const { return names_[index]; }

 private:
  static constexpr std::size_t kMask = std::bit_ceil(Count * 4) - 1;
  static_assert(Count < 0xFFFF);

  // FNV-1a; the upper half is folded in because the mask keeps only low bits.
  static constexpr std::size_t hash(std::string_view name) {
    std::uint32_t h = 2166136261U;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
    return h ^ (h >> 15);
  }

  std::array<std::string_view, Count> names_;
  std::array<std::uint16_t, kMask + 1> slots_{};
};

template <std::size_t Count>
NameTable(const std::array<std::string_view, Count>&) -> NameTable<Count>;

}  // namespace drillpress::ptx
