// Does a program's output equal what the author expects, and if not, where is the first difference?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drill/spec.h"

namespace drillpress::drill {

/// The first line that differs.
struct Mismatch {
  std::uint32_t line = 0;               ///< 1-based, in both
  std::optional<std::string> expected;  ///< nothing: the expected text ends before
  std::optional<std::string> actual;    ///< nothing: the output ends before
  std::string diff;  ///< the differing part, `-` expected and `+` actual, a few lines at most
};

/// Nothing when the output matches. A line break at the end of either does not count: a code block cannot
/// show it.
std::optional<Mismatch> compare_output(std::string_view expected, std::string_view actual, Match match,
                                       double tolerance);

/// `*` stands for any characters, `?` for one byte.
bool matches_glob(std::string_view pattern, std::string_view text);

/// The same words, and numbers within `tolerance` times the larger of 1 and the expected value.
bool matches_numbers(std::string_view expected, std::string_view actual, double tolerance);

}  // namespace drillpress::drill
