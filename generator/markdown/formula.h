// Formulas in running text, `$…$`, `` $`…`$ `` and `$$…$$`: where they end, and their TeX.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "markdown/document.h"

namespace drillpress::markdown {

/// Formulas longer than this are text, so that looking for their end stays linear.
constexpr std::size_t kMaxFormulaBytes = 4000;

/// Length of the formula at the front of `text`, which begins with `$`; 0 when there is none. GitHub's rules:
/// the opening `$` does not follow a letter, digit or `$` (`before` is the byte before it, 0 at the
/// beginning) and is not followed by a blank; the closing one does not follow a blank and is not followed by
/// a letter or digit, so that "$5 and $10" stays text. A `$` inside is written `\$`.
std::size_t formula_length(std::string_view text, char before);

/// The TeX of a formula as written, without its delimiters: runs of blanks and line breaks are single spaces,
/// so that a paragraph may be wrapped anew.
struct FormulaText {
  std::string tex;
  Formula formula;
};
/// `offset_of` gives the place in the file of an offset in `written`.
FormulaText read_formula(std::string_view written, const std::function<std::size_t(std::size_t)>& offset_of);
/// The same for the body of a code block in the language `math`.
FormulaText read_formula_block(std::string_view body,
                               const std::function<std::size_t(std::size_t)>& offset_of);

}  // namespace drillpress::markdown
