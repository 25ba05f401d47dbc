// The dot suffixes of PTX instructions (types, rounding, spaces, scopes, …), one per row of modifiers.def.
#pragma once

#include <cstdint>
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

}  // namespace drillpress::ptx
