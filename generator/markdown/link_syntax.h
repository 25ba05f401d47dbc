// The pieces of links as CommonMark 0.29 writes them (sections 4.7, 6.5): destinations, titles and labels,
// found by position in a block's text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "markdown/body_lines.h"

namespace drillpress::markdown {

/// ASCII punctuation: what a backslash escapes.
bool is_escapable(char c);

/// Position after blanks and at most one line break.
std::size_t skip_link_space(std::string_view text, std::size_t at);

struct Destination {
  Extent inner;         ///< without angle brackets
  std::size_t end = 0;  ///< position after it, brackets included
};
std::optional<Destination> scan_destination(std::string_view text, std::size_t at);

/// Position after a title `"…"`, `'…'` or `(…)`.
std::optional<std::size_t> scan_title(std::string_view text, std::size_t at);

/// Inside of a label `[…]` that begins at `at`; it may be empty.
std::optional<Extent> scan_label(std::string_view text, std::size_t at);

}  // namespace drillpress::markdown
