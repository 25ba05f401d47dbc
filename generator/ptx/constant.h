// Constants and constant expressions of PTX; PTX ISA sections "Constants" and "Constant Expressions".
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "ptx/lexer.h"

namespace drillpress::ptx {

struct Constant {
  enum class Kind : std::uint8_t {
    kSigned,    ///< bits: two's complement
    kUnsigned,  ///< written with U, beyond the signed range, or made from such
    kSingle,    ///< 0f…: bits are the 32 bits of the single
    kDouble,    ///< 0d… or computed: bits are the 64 bits of the double
    kDecimal,   ///< 1.5: as kDouble, but takes the type of its context
  };
  Kind kind = Kind::kSigned;
  std::uint64_t bits = 0;

  bool is_integer() const { return kind <= Kind::kUnsigned; }
  bool is_negative() const { return kind == Kind::kSigned && (bits >> 63) != 0; }
};

double value_as_double(const Constant& constant);

/// Whether the current token begins a constant expression.
bool begins_constant(const Token& token);

/// A whole expression, `?:` included. Casts `(.s64)` and `(.u64)` are accepted. Faults on a malformed or too
/// deeply nested one.
Constant parse_constant(Lexer& lexer);

/// The terms after a symbol or register: `+4`, `-8`, `+4*2-1`; 0 if there are none.
std::int64_t parse_offset(Lexer& lexer);

/// A constant expression that must be an integer from `least` to `most`; `what` names it in the error.
std::uint64_t parse_count(Lexer& lexer, std::string_view what, std::uint64_t least, std::uint64_t most);

/// As parse_count for what stands between `<` and `>`, where comparisons and shifts need parentheses.
std::uint64_t parse_angle_count(Lexer& lexer, std::string_view what, std::uint64_t least, std::uint64_t most);

inline constexpr std::uint64_t kAnyU32 = std::numeric_limits<std::uint32_t>::max();

}  // namespace drillpress::ptx
