// Tests of instruction rows: a form, its operands' widths, and the manual's definition in plain C++.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace drillpress::lockstep::test {

/// Result of a form from the bits of its sources; results and sources of 4 bytes use the low half.
using Definition = std::function<std::uint64_t(std::uint64_t a, std::uint64_t b, std::uint64_t c)>;

struct RowCase {
  std::string form;
  /// Destination and sources: 'r' 32 bits, 'd' 64 bits, 'h' 16 bits, 'p' a predicate (destination: 0 or 1).
  std::string operands;
  Definition definition;
  std::string
      values;  ///< which edge values: "int", "f32", "f64", "f16", "bits" (shift amounts and positions last)
  std::uint64_t ulps = 0;  ///< allowed distance of the result (approximate instructions)
};

std::vector<RowCase> integer_rows();
std::vector<RowCase> logic_rows();
std::vector<RowCase> float_rows();
std::vector<RowCase> convert_rows();

}  // namespace drillpress::lockstep::test
