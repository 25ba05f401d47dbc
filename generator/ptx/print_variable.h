// Declarations of variables, parameters and registers as PTX text.
#pragma once

#include <string>

#include "ptx/module.h"

namespace drillpress::ptx {

/// `.param .align 4 .b8 name[12]`
std::string render_declarator(const Variable& variable);

/// `.visible .global .align 4 .b8 name[4] = {1, 2};`
std::string render_definition(const Variable& variable);

/// The `.reg` lines of a function, runs of numbered names as ranges.
std::string render_registers(const Function& function);

}  // namespace drillpress::ptx
