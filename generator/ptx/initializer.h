// The value after `=` of a PTX variable as bytes and relocations; PTX ISA section "Initializers".
#pragma once

#include <cstdint>
#include <vector>

#include "ptx/variables.h"

namespace drillpress::ptx {

/// Parses the value (the current token is what follows `=`) into the variable, which has its type.
/// `dimensions`: elements of each array dimension, outermost first, the vector's last; the first may be 0,
/// unsized, and then gets its size from the value. Sets the variable's initializer, relocations and
/// size_bytes, and `addressed`.
void parse_initializer(Lexer& lexer, std::vector<std::uint64_t> dimensions, Budget& budget,
                       DeclaredVariable& declared);

}  // namespace drillpress::ptx
