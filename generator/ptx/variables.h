// Declarations of PTX variables and parameters with their initial values.
#pragma once

#include <cstdint>
#include <vector>

#include "ptx/lexer.h"
#include "ptx/module.h"

namespace drillpress::ptx {

/// What the text may still make the parser allocate beyond its own length, so that a few hostile bytes
/// (`.reg .b32 %r<4000000000>`) cannot exhaust the memory. Real modules stay far below.
struct Budget {
  explicit Budget(std::size_t text_size_bytes)
      : registers((std::uint64_t{1} << 16) + text_size_bytes),
        initializer_bytes((std::uint64_t{1} << 20) + std::uint64_t{16} * text_size_bytes),
        name_bytes(initializer_bytes) {}
  std::uint64_t registers;
  std::uint64_t initializer_bytes;
  std::uint64_t name_bytes;  ///< of inlined functions
};

/// What stood before the state space of a declaration.
struct Linkage {
  bool is_extern = false;
  bool is_visible = false;
  bool is_weak = false;
};
Linkage parse_linkage(Lexer& lexer);

/// The state space of a variable by its directive (`global`), or kGeneric if it is none.
Space find_variable_space(std::string_view directive);
std::string_view text(Space space);

/// Variables after their state space: `[.attribute(…)] [.align n] [.v2|.v4] .type name[dims] [= value] {,
/// name …};`. Faults name the place; `name_token` of each gives the place of its name.
struct DeclaredVariable {
  Variable variable;
  Token name_token;
  std::vector<Token> addressed;  ///< the names in its initial value
};
std::vector<DeclaredVariable> parse_variables(Lexer& lexer, Space space, const Linkage& linkage,
                                              Budget& budget);

/// `( parameter, … )` with the opening parenthesis current; `_` is a name, as prototypes write it.
std::vector<DeclaredVariable> parse_parameters(Lexer& lexer);

}  // namespace drillpress::ptx
