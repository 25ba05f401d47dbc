// The types of PTX variables, registers and operands, one per row of types.def.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ptx/modifier.h"

namespace drillpress::ptx {

/// Fundamental types, PTX ISA section "Fundamental Types", with the packed and alternate floating-point ones.
enum class Type : std::uint8_t {
  kNone,
#define TYPE(enumerator, text, bytes) enumerator,
#include "ptx/types.def"
#undef TYPE
};

std::uint32_t size_bytes(Type type);    ///< 0 for kPred and kNone
std::string_view text(Type type);       ///< without the dot, e.g. "b32"; empty for kNone
Type find_type(std::string_view text);  ///< kNone if it names no type
Type type_of(Modifier modifier);        ///< kNone if the suffix is not a type

}  // namespace drillpress::ptx
