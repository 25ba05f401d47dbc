// What nvcc, a host compiler or Python says about a program, at the author's own lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drill/place.h"

namespace drillpress::drill {

struct CompilerNote {
  CodePlace place;
  std::string message;
};

struct CompilerMessage {
  bool error = true;         ///< else a warning
  CodePlace place;           ///< in the author's files, or of line 0: about the program as a whole
  std::uint32_t column = 0;  ///< 1-based byte; 0: unknown
  std::string message;
  std::vector<CompilerNote> notes;
};

/// Errors and warnings in order, each once: nvcc repeats them for every architecture. An error inside a
/// header of the toolkit is placed where the author's files led to it; later errors of the same line, mostly
/// consequences of the first, are left out. Understands nvcc's front end, ptxas, nvlink, GCC, Clang and the
/// linker.
std::vector<CompilerMessage> parse_compiler_output(std::string_view text, const PlaceMap& places);

/// The innermost frame of a Python traceback that is in the program, and the exception; at most one.
std::vector<CompilerMessage> parse_traceback(std::string_view text, const PlaceMap& places);

}  // namespace drillpress::drill
