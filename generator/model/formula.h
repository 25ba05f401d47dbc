// Arithmetic that worksheets declare: parsed here and computed at build time, and by the reader's browser as
// they type.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "diagnostics/sink.h"

namespace drillpress::model {

/// A formula as steps of a stack machine: numbers, names, `sum:NAME` and its like, and the operators + - * /.
/// Joined by spaces, this is what `site/scripts/formula.js` evaluates; tests/unit/formula_cases.json binds
/// the two.
using Formula = std::vector<std::string>;

/// What a formula may name. Columns of one row, or, when the formula is about a whole table, columns inside
/// sum(), mean(), min(), max(), count() and zeros().
struct FormulaNames {
  std::vector<std::string> plain;       ///< stand alone
  std::vector<std::string> aggregated;  ///< stand inside an aggregate
};

/// Numbers, names, + - * /, parentheses, a leading minus. In formulas without aggregates min(a, b) and
/// max(a, b) take two terms. Nothing after a fault, which goes to the sink at `span` as `bad-formula`.
std::optional<Formula> parse_formula(std::string_view text, const FormulaNames& names, const base::Span& span,
                                     diagnostics::Sink& sink);

/// Values of names and of the columns that aggregates look at (those of rows that have one).
struct FormulaValues {
  std::function<std::optional<double>(const std::string&)> value;
  std::function<std::vector<double>(const std::string&)> column = {};
};

/// Nothing when a value is missing, an aggregate has no rows (but sum, count and zeros are then 0), or the
/// result is not finite.
std::optional<double> evaluate(const Formula& formula, const FormulaValues& values);

/// "8" → 8; nothing for what is not a plain decimal number.
std::optional<double> parse_plain_number(std::string_view text);

/// Rounded half away from zero and written with so many decimals, as the script does.
std::string rounded_text(double value, int decimals);

}  // namespace drillpress::model
