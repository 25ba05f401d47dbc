#include "model/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/text.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::string_view kAggregates[] = {"sum", "mean", "min", "max", "count", "zeros"};
constexpr int kMostDepth = 20;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// sum := product (("+" | "-") product)*; product := factor (("*" | "/") factor)*. A hyphen inside a name
// belongs to it, so a minus between names stands between spaces.
class Parser {
 public:
  Parser(std::string_view text, const FormulaNames& names) : text_(text), names_(names) {}

  bool parse() {
    if (!sum()) return false;
    skip_space();
    return at_ == text_.size() || fail(fmt::format("`{}` was not expected", text_.substr(at_)));
  }
  Formula steps;
  std::string fault;
  std::string near;  ///< a name that may have been meant

 private:
  bool fail(std::string message) {
    if (fault.empty()) fault = std::move(message);
    return false;
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  bool sum() {
    if (!product()) return false;
    while (true) {
      const char op = take('+') ? '+' : take('-') ? '-' : 0;
      if (op == 0) return true;
      if (!product()) return false;
      steps.emplace_back(1, op);
    }
  }
  bool product() {
    if (!factor()) return false;
    while (true) {
      const char op = take('*') ? '*' : take('/') ? '/' : 0;
      if (op == 0) return true;
      if (!factor()) return false;
      steps.emplace_back(1, op);
    }
  }
  bool factor() {
    if (++depth_ > kMostDepth) return fail("it is nested too deeply");
    const bool good = factor_inside();
    --depth_;
    return good;
  }
  bool factor_inside() {
    if (take('(')) return sum() && (take(')') || fail("a `(` is never closed"));
    if (take('-')) {
      steps.emplace_back("0");
      if (!factor()) return false;
      steps.emplace_back("-");
      return true;
    }
    skip_space();
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      while (at_ < text_.size() && ((text_[at_] >= '0' && text_[at_] <= '9') || text_[at_] == '.')) ++at_;
      steps.emplace_back(text_.substr(begin, at_ - begin));
      return parse_plain_number(steps.back()).has_value() ||
             fail(fmt::format("`{}` is not a number", steps.back()));
    }
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    if (word.empty())
      return fail(at_ < text_.size() ? fmt::format("`{}` was not expected", text_.substr(at_))
                                     : std::string("a value is missing at its end"));
    return take('(') ? call(word) : name(word);
  }
  bool name(const std::string& word) {
    if (std::find(std::begin(kAggregates), std::end(kAggregates), word) != std::end(kAggregates))
      return fail(fmt::format("`{}` is a function and needs parentheses", word));
    if (!contains(names_.plain, word)) return unknown(word, names_.plain);
    steps.push_back(word);
    return true;
  }
  bool call(const std::string& function) {
    if (std::find(std::begin(kAggregates), std::end(kAggregates), function) == std::end(kAggregates))
      return fail(
          fmt::format("there is no function `{}`; there are {}", function, fmt::join(kAggregates, ", ")));
    if (names_.aggregated.empty()) return pair(function);
    skip_space();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    if (!contains(names_.aggregated, word)) return unknown(word, names_.aggregated);
    steps.push_back(function + ":" + word);
    return take(')') || fail(fmt::format("`{}(` takes one column and is closed by `)`", function));
  }
  bool pair(const std::string& function) {
    if (function != "min" && function != "max")
      return fail(
          fmt::format("`{}` is about all rows; within a row there are min(a, b) and max(a, b)", function));
    if (!sum() || !(take(',') || fail(fmt::format("`{}` takes two terms", function))) || !sum()) return false;
    steps.push_back(function);
    return take(')') || fail("a `(` is never closed");
  }
  bool unknown(const std::string& word, const std::vector<std::string>& known) {
    near = base::nearest(word, known).value_or("");
    return fail(fmt::format("`{}` has no value here", word));
  }

  std::string_view text_;
  const FormulaNames& names_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::optional<double> aggregate(std::string_view function, const std::vector<double>& values) {
  if (function == "count") return static_cast<double>(values.size());
  if (function == "zeros") return static_cast<double>(std::count(values.begin(), values.end(), 0.0));
  double sum = 0;
  for (const double value : values) sum += value;
  if (function == "sum") return sum;
  if (values.empty()) return std::nullopt;
  if (function == "mean") return sum / static_cast<double>(values.size());
  return function == "min" ? *std::min_element(values.begin(), values.end())
                           : *std::max_element(values.begin(), values.end());
}

double apply(std::string_view operation, double a, double b) {
  if (operation == "+") return a + b;
  if (operation == "-") return a - b;
  if (operation == "*") return a * b;
  if (operation == "/") return a / b;
  return operation == "min" ? std::min(a, b) : std::max(a, b);
}

bool is_operation(std::string_view step) {
  return step == "+" || step == "-" || step == "*" || step == "/" || step == "min" || step == "max";
}

}  // namespace

std::optional<Formula> parse_formula(std::string_view text, const FormulaNames& names, const base::Span& span,
                                     diagnostics::Sink& sink) {
  Parser parser(text, names);
  if (parser.parse()) return std::move(parser.steps);
  std::vector<std::string> known = names.plain;
  for (const std::string& name : names.aggregated) known.push_back(fmt::format("mean({})", name));
  sink.report({Code::kBadFormula,
               Severity::kError,
               span,
               fmt::format("this formula cannot be computed: {}", parser.fault),
               {},
               parser.near.empty() ? fmt::format("it may use + - * / ( ) and {}", fmt::join(known, ", "))
                                   : fmt::format("did you mean `{}`?", parser.near)});
  return std::nullopt;
}

std::optional<double> evaluate(const Formula& formula, const FormulaValues& values) {
  if (formula.empty()) return std::nullopt;  // it could not be parsed
  std::vector<double> stack;
  for (const std::string& step : formula) {
    if (is_operation(step)) {
      const double right = stack.back();
      stack.pop_back();
      stack.back() = apply(step, stack.back(), right);
      continue;
    }
    const std::size_t colon = step.find(':');
    const auto value = colon != std::string::npos
                           ? aggregate(step.substr(0, colon), values.column(step.substr(colon + 1)))
                       : parse_plain_number(step) ? parse_plain_number(step)
                                                  : values.value(step);
    if (!value) return std::nullopt;
    stack.push_back(*value);
  }
  return std::isfinite(stack.back()) ? std::optional(stack.back()) : std::nullopt;
}

std::optional<double> parse_plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string rounded_text(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  const double rounded = std::floor(std::abs(value) * scale + 0.5) / scale;
  const std::string text = fmt::format("{:.{}f}", rounded, decimals);
  return value < 0 && rounded != 0 ? "\u2212" + text : text;
}

}  // namespace drillpress::model
