// TeX → one line of text that can be read and searched: "\frac{a}{b}" becomes "a/b", "x_{i}^{2}" "x_i^2".
#pragma once

#include <string>
#include <string_view>

namespace drillpress::pipeline {

/// Commands become their names (`\beta` → "beta"), those that only set or space their argument vanish, and
/// braces become parentheses where something of several letters would otherwise run into the next. Never
/// fails: what it does not know stays as letters.
std::string tex_text(std::string_view tex);

}  // namespace drillpress::pipeline
