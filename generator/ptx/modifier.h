// The dot suffixes of PTX instructions (types, rounding, spaces, scopes, …), one per row of modifiers.def.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace drillpress::ptx {

enum class Modifier : std::uint16_t {
#define MODIFIER(enumerator, text) enumerator,
#include "ptx/modifiers.def"
#undef MODIFIER
};

std::string_view text(Modifier modifier);  ///< without the dot, e.g. "s32", "rn", "shared::cta"
std::optional<Modifier> find_modifier(std::string_view text);

/// The suffixes of one instruction in the order written: a sequence without heap memory, because a large
/// module has millions of them. The longest form of PTX ISA 9.0 (`mma` with sparsity and block scaling)
/// has 14.
class ModifierList {
 public:
  static constexpr std::size_t kCapacity = 15;

  ModifierList() = default;
  ModifierList(std::initializer_list<Modifier> modifiers) {
    for (const Modifier modifier : modifiers) push_back(modifier);
  }

  /// Appends and gives true; false, and nothing changed, when kCapacity suffixes are there already.
  bool push_back(Modifier modifier) {
    if (size_ == kCapacity) return false;
    items_[size_++] = modifier;
    return true;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Modifier& operator[](std::size_t index) const { return items_[index]; }
  const Modifier* begin() const { return items_.data(); }
  const Modifier* end() const { return items_.data() + size_; }
  const Modifier& front() const { return items_[0]; }
  const Modifier& back() const { return items_[size_ - 1U]; }
  bool contains(Modifier modifier) const { return std::find(begin(), end(), modifier) != end(); }

  friend bool operator==(const ModifierList& a, const ModifierList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<Modifier, kCapacity> items_{};
  std::uint8_t size_ = 0;
};

}  // namespace drillpress::ptx
