// The PTX opcodes as an enumeration, one per row of opcodes.def.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace drillpress::ptx {

enum class Opcode : std::uint16_t {
#define OPCODE(enumerator, name, section) enumerator,
#include "ptx/opcodes.def"
#undef OPCODE
};

std::string_view name(Opcode opcode);
std::string_view manual_section(Opcode opcode);
std::optional<Opcode> find_opcode(std::string_view name);

}  // namespace drillpress::ptx
