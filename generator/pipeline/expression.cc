#include "pipeline/expression.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::string_view kOperators = "+-*/";
constexpr int kMaxDepth = 50;
constexpr std::string_view kShape =
    "write numbers and `PROGRAM VALUE`, joined by ` + `, ` - `, ` * ` and ` / `";

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool is_operator(const Word& word) {
  return !word.quoted && word.text.size() == 1 && kOperators.find(word.text[0]) != std::string_view::npos;
}

bool is_parenthesis(const Word& word, char c) {
  return !word.quoted && word.text.size() == 1 && word.text[0] == c;
}

// Parentheses stand beside words without a space: "(a/x" is two tokens.
std::vector<Word> split_parentheses(const std::vector<Word>& words) {
  std::vector<Word> out;
  for (const Word& word : words) {
    if (word.quoted) {
      out.push_back(word);
      continue;
    }
    std::size_t begin = 0, end = word.text.size();
    const auto piece = [&](std::size_t from, std::size_t to) {
      out.push_back({word.text.substr(from, to - from),
                     {word.span.source, word.span.begin + from, word.span.begin + to}});
    };
    for (; begin < end && word.text[begin] == '('; ++begin) piece(begin, begin + 1);
    std::size_t closing = 0;
    for (; end > begin && word.text[end - 1] == ')'; --end) ++closing;
    if (begin < end) piece(begin, end);
    for (; closing > 0; --closing, ++end) piece(end, end + 1);
  }
  return out;
}

class Parser {
 public:
  Parser(std::vector<Word> words, const base::Span& whole, ValueName& program, diagnostics::Sink& sink)
      : words_(std::move(words)), whole_(whole), program_(program), sink_(sink) {}

  std::optional<Expression> parse() {
    auto expression = sum();
    if (!expression) return std::nullopt;
    if (at_ < words_.size())
      return fault(words_[at_].span, fmt::format("`{}` is not expected here", words_[at_].text));
    return expression;
  }

 private:
  std::optional<Expression> sum() { return chain("+-", &Parser::product); }
  std::optional<Expression> product() { return chain("*/", &Parser::operand); }

  // Operands of one precedence, joined from left to right.
  std::optional<Expression> chain(std::string_view operators, std::optional<Expression> (Parser::*next)()) {
    auto left = (this->*next)();
    while (left && at_ < words_.size() && is_operator(words_[at_]) &&
           operators.find(words_[at_].text[0]) != std::string_view::npos) {
      const char operation = words_[at_++].text[0];
      auto right = (this->*next)();
      if (!right) return std::nullopt;
      Expression joined{Expression::Kind::kOperation, 0, {}, operation, {}, {}};
      joined.span = {left->span.source, left->span.begin, right->span.end};
      joined.operands = {*std::move(left), *std::move(right)};
      left = std::move(joined);
    }
    return left;
  }

  std::optional<Expression> operand() {
    if (at_ == words_.size()) return fault(end_span(), "a value is missing here");
    const Word& word = words_[at_];
    if (is_operator(word)) return fault(word.span, fmt::format("a value is missing before `{}`", word.text));
    if (is_parenthesis(word, '(')) return group();
    if (is_parenthesis(word, ')')) return fault(word.span, "this `)` was never opened");
    ++at_;
    if (const auto number = word.quoted ? std::nullopt : parse_number(word.text))
      return Expression{Expression::Kind::kNumber, *number, {}, '+', {}, word.span};
    return value(word);
  }

  std::optional<Expression> group() {
    const base::Span open = words_[at_++].span;
    if (++depth_ > kMaxDepth) return fault(open, "parentheses are nested too deeply");
    auto inner = sum();
    --depth_;
    if (!inner) return std::nullopt;
    if (at_ == words_.size() || !is_parenthesis(words_[at_], ')'))
      return fault(open, "this `(` is never closed");
    inner->span = {open.source, open.begin, words_[at_].span.end};
    ++at_;
    return inner;
  }

  // `PROGRAM VALUE`, or `VALUE` alone.
  std::optional<Expression> value(const Word& first) {
    const bool pair = at_ < words_.size() && !is_operator(words_[at_]) && !is_parenthesis(words_[at_], '(') &&
                      !is_parenthesis(words_[at_], ')');
    if (pair) {
      const Word& second = words_[at_++];
      if (!second.quoted && parse_number(second.text)) {
        return fault(second.span, fmt::format("a value of `{}` is named here, not a number", first.text),
                     fmt::format("write `{} VALUE`, and the number behind an operator", first.text));
      }
      program_ = {first.text, "", first.span, {}};
      return named(second, {first.span.source, first.span.begin, second.span.end});
    }
    if (program_.program.empty()) {
      return fault(first.span, fmt::format("`{}` alone names no value of a run", first.text),
                   "write the program and one of its values: `PROGRAM VALUE`");
    }
    return named(first, first.span);
  }

  Expression named(const Word& value, base::Span span) const {
    Expression expression{Expression::Kind::kValue, 0, program_, '+', {}, std::move(span)};
    expression.name.value = value.text;
    expression.name.value_span = value.span;
    return expression;
  }

  base::Span end_span() const { return words_.empty() ? whole_ : words_.back().span; }

  std::nullopt_t fault(const base::Span& span, std::string message, std::string help = std::string(kShape)) {
    sink_.report({Code::kBadCitation, Severity::kError, span, std::move(message), {}, std::move(help)});
    return std::nullopt;
  }

  std::vector<Word> words_;
  const base::Span& whole_;
  ValueName& program_;
  diagnostics::Sink& sink_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

void collect_names(const Expression& expression, std::vector<const ValueName*>& names) {
  if (expression.kind == Expression::Kind::kValue) names.push_back(&expression.name);
  for (const Expression& operand : expression.operands) collect_names(operand, names);
}

// `evaluate`, but for a result that is no finite number.
std::optional<double> evaluate_freely(const Expression& expression, const ValueLookup& lookup,
                                      diagnostics::Sink& sink);

}  // namespace

std::optional<Expression> parse_expression(const std::vector<Word>& words, const base::Span& whole,
                                           ValueName& program, diagnostics::Sink& sink) {
  return Parser(split_parentheses(words), whole, program, sink).parse();
}

std::optional<double> evaluate(const Expression& expression, const ValueLookup& lookup,
                               diagnostics::Sink& sink) {
  const auto value = evaluate_freely(expression, lookup, sink);
  if (!value || std::isfinite(*value) || expression.kind != Expression::Kind::kOperation) return value;
  sink.report({Code::kBadCitation,
               Severity::kError,
               expression.span,
               "the result is beyond what a number holds",
               {},
               "calculate with smaller values"});
  return std::nullopt;
}

namespace {

std::optional<double> evaluate_freely(const Expression& expression, const ValueLookup& lookup,
                                      diagnostics::Sink& sink) {
  if (expression.kind == Expression::Kind::kNumber) return expression.number;
  if (expression.kind == Expression::Kind::kValue) return lookup(expression.name);
  // Both sides are looked at, so that every value that cannot be had is reported at once.
  const auto left = evaluate(expression.operands[0], lookup, sink);
  const auto right = evaluate(expression.operands[1], lookup, sink);
  if (!left || !right) return std::nullopt;
  switch (expression.operation) {
    case '+':
      return *left + *right;
    case '-':
      return *left - *right;
    case '*':
      return *left * *right;
    default:
      break;
  }
  if (*right != 0) return *left / *right;
  const base::Span& divisor = expression.operands[1].span;
  sink.report({Code::kBadCitation,
               Severity::kError,
               divisor,
               fmt::format("division by zero: `{}` is 0", divisor.text()),
               {},
               "divide by a value that is not 0"});
  return std::nullopt;
}

}  // namespace

std::vector<const ValueName*> names_in(const Expression& expression) {
  std::vector<const ValueName*> names;
  collect_names(expression, names);
  return names;
}

}  // namespace drillpress::pipeline
