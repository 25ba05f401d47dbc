// PTX text → Module.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ptx/module.h"

namespace drillpress::ptx {

/// A fault in PTX text: 1-based line and column, what is wrong.
struct ParseError {
  std::uint32_t line;
  std::uint32_t column;
  std::string message;
};

/// Parses a whole module. Every fault found (up to 20) is returned instead of a module; never throws, never
/// crashes on any input.
std::variant<Module, std::vector<ParseError>> parse_module(std::string_view ptx);

}  // namespace drillpress::ptx
