// From an instruction as written to its row in the instruction table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ptx/module.h"

namespace drillpress::lockstep {

/// "add.sat.s32"
std::string form_of(const ptx::Instruction& instruction);
/// Index into kInstructionRows, or nothing: the engine does not execute this form.
std::optional<std::uint32_t> find_row(const ptx::Instruction& instruction);
/// The row `~name`, which no instruction is written as; must exist.
std::uint32_t internal_row(std::string_view name);

}  // namespace drillpress::lockstep
