#include "template/expression_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace drillpress::templating {
namespace {

using Kind = Expression::Kind;

struct Operator {
  std::string_view spelling;
  Kind kind;
  std::size_t level;  // 0 binds loosest
};
constexpr Operator kOperators[] = {
    {"or", Kind::kOr, 0}, {"and", Kind::kAnd, 1}, {"==", Kind::kEqual, 2}, {"!=", Kind::kNotEqual, 2}};
constexpr std::size_t kNotLevel = 2;  // `not a == b` is `not (a == b)`
constexpr std::string_view kReserved[] = {"and", "or", "not", "true", "false", "in", "with"};

base::Span join(const base::Span& first, const base::Span& last) {
  return {first.source, first.begin, last.end};
}

bool is_reserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

}  // namespace

TagReader::TagReader(const base::Span& inside, diagnostics::Sink& sink)
    : sink_(sink), tokens_(split_tokens(inside, sink)), ok_(tokens_.ok) {}

void TagReader::fail(const Token& at, std::string message, std::string help) {
  if (!ok_) return;
  ok_ = false;
  base::Span span = at.span;
  if (at.kind == Token::Kind::kEnd) span = {span.source, span.begin, span.begin + 2};  // the closing braces
  sink_.report({diagnostics::Code::kTemplateSyntax,
                diagnostics::Severity::kError,
                span,
                std::move(message),
                {},
                std::move(help)});
}

bool TagReader::accept(std::string_view spelling) {
  const Token& token = peek();
  if (token.kind == Token::Kind::kText || token.kind == Token::Kind::kEnd || token.spelling() != spelling)
    return false;
  take();
  return true;
}

bool TagReader::expect(std::string_view spelling) {
  if (accept(spelling)) return true;
  fail(peek(), fmt::format("expected `{}`", spelling));
  return false;
}

bool TagReader::finish() {
  if (!at_end()) fail(peek(), fmt::format("unexpected `{}`", peek().spelling()));
  return ok_;
}

std::optional<Name> TagReader::read_name(std::string_view what) {
  if (peek().kind != Token::Kind::kName || is_reserved(peek().spelling())) {
    fail(peek(), fmt::format("expected {}", what));
    return std::nullopt;
  }
  const Token& token = take();
  return Name{std::string(token.spelling()), token.span};
}

std::optional<Name> TagReader::read_text(std::string_view what) {
  if (peek().kind != Token::Kind::kText) {
    fail(peek(), fmt::format("expected {} between double quotes", what));
    return std::nullopt;
  }
  const Token& token = take();
  const base::Span inner{token.span.source, token.span.begin + 1, token.span.end - 1};
  return Name{std::string(inner.text()), inner};
}

std::optional<Expression> TagReader::read_expression() {
  return read_binary(0);
}

std::optional<Expression> TagReader::read_binary(std::size_t level) {
  if (level == kNotLevel && peek().spelling() == "not") return read_not();
  if (level > kNotLevel) return read_filtered();
  auto left = read_binary(level + 1);
  while (left) {
    const auto* op = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const Operator& row) {
      return row.level == level && peek().kind != Token::Kind::kText && peek().spelling() == row.spelling;
    });
    if (op == std::end(kOperators)) break;
    take();
    auto right = read_binary(level + 1);
    if (!right) return std::nullopt;
    Expression both{op->kind, join(left->span, right->span)};
    both.operands.push_back(std::move(*left));
    both.operands.push_back(std::move(*right));
    left = std::move(both);
  }
  return left;
}

std::optional<Expression> TagReader::read_not() {
  const base::Span word = take().span;
  auto operand = read_binary(kNotLevel);
  if (!operand) return std::nullopt;
  Expression out{Kind::kNot, join(word, operand->span)};
  out.operands.push_back(std::move(*operand));
  return out;
}

std::optional<Expression> TagReader::read_filtered() {
  auto input = read_primary();
  while (input && accept("|")) {
    auto name = read_name("the name of a filter");
    if (!name) return std::nullopt;
    Expression filter{Kind::kFilter, join(input->span, name->span), {std::move(*name)}};
    filter.operands.push_back(std::move(*input));
    if (accept("(")) {
      do {
        auto argument = read_primary();
        if (!argument) return std::nullopt;
        filter.operands.push_back(std::move(*argument));
      } while (accept(","));
      filter.span.end = peek().span.end;
      if (!expect(")")) return std::nullopt;
    }
    input = std::move(filter);
  }
  return input;
}

std::optional<Expression> TagReader::read_primary() {
  if (!ok_) return std::nullopt;
  const Token& token = peek();
  if (token.kind == Token::Kind::kText) {
    auto text = read_text("a text");
    return Expression{Kind::kText, token.span, {}, std::move(text->text)};
  }
  if (token.kind == Token::Kind::kInteger) {
    Expression out{Kind::kInteger, take().span};
    const std::string_view digits = out.span.text();
    if (std::from_chars(digits.data(), digits.data() + digits.size(), out.integer).ec != std::errc()) {
      fail(token, "the number is too large");
      return std::nullopt;
    }
    return out;
  }
  if (accept("(")) {
    auto inner = read_expression();
    return inner && expect(")") ? inner : std::nullopt;
  }
  for (const bool value : {false, true}) {
    if (token.spelling() == (value ? "true" : "false")) {
      return Expression{Kind::kBool, take().span, {}, {}, value};
    }
  }
  auto first = read_name("a name, a text, or a number");
  if (!first) return std::nullopt;
  Expression path{Kind::kPath, first->span, {std::move(*first)}};
  while (accept(".")) {
    auto field = read_name("the name of a field");
    if (!field) return std::nullopt;
    path.span.end = field->span.end;
    path.path.push_back(std::move(*field));
  }
  return path;
}

}  // namespace drillpress::templating
