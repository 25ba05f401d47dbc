// Link reference definitions and unused footnotes: what cmark takes out of the tree, found again in the text.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "markdown/body_lines.h"

namespace drillpress::markdown {

struct Definition {
  std::string label;  ///< normalised
  Extent whole;
  Extent destination;  ///< without angle brackets
  std::string url;     ///< unescaped
};

/// Definitions among the lines that no block of the tree covers (`covered[n]` for 1-based line n), in order.
std::vector<Definition> find_definitions(const BodyLines& lines, const std::vector<bool>& covered);

/// Footnote definitions among those lines are dropped by the parser because nothing refers to them: a warning
/// each.
void report_unused_footnotes(const BodyLines& lines, const std::vector<bool>& covered,
                             diagnostics::Sink& sink);

}  // namespace drillpress::markdown
