// Module → PTX text, for traces, messages and tests.
#pragma once

#include <string>

#include "ptx/module.h"

namespace drillpress::ptx {

/// The whole module as PTX that means the same: parsing it gives an equal module but for the lines of the
/// text (Function::ptx_line, Instruction::ptx_line). Scopes are flat, names as the module has them.
std::string render_module(const Module& module);

/// One instruction as a line of PTX without indentation or line break: `@!%p1 add.s32 %r1, %r2, -4;`.
std::string render_instruction(const Function& function, const Instruction& instruction);

}  // namespace drillpress::ptx
