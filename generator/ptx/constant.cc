#include "ptx/constant.h"

#include <bit>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace drillpress::ptx {
namespace {

using Kind = Constant::Kind;

constexpr int kDeepestNesting = 64;

Constant integer(std::uint64_t bits, bool is_unsigned) {
  return {is_unsigned ? Kind::kUnsigned : Kind::kSigned, bits};
}
Constant truth(bool value) {
  return integer(value ? 1 : 0, false);
}
Constant real(double value) {
  return {Kind::kDecimal, std::bit_cast<std::uint64_t>(value)};
}

Constant parse_float_bits(const Token& token) {
  const bool single = token.text[1] == 'f' || token.text[1] == 'F';
  const std::string_view digits = token.text.substr(2);
  Constant result{single ? Kind::kSingle : Kind::kDouble, 0};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.bits, 16);
  if (digits.size() != (single ? 8U : 16U) || error != std::errc() || end != digits.data() + digits.size()) {
    Lexer::fail(token, fmt::format("malformed number {}: `0{}` takes exactly {} hexadecimal digits",
                                   quoted(token), token.text[1], single ? 8 : 16));
  }
  return result;
}

Constant parse_decimal(const Token& token) {
  double value = 0;
  const char* last = token.text.data() + token.text.size();
  const auto [end, error] = std::from_chars(token.text.data(), last, value);
  if (error == std::errc::result_out_of_range) {
    Lexer::fail(token, fmt::format("number {} does not fit in a double", quoted(token)));
  }
  if (error != std::errc() || end != last)
    Lexer::fail(token, fmt::format("malformed number {}", quoted(token)));
  return real(value);
}

Constant parse_integer(const Token& token) {
  std::string_view digits = token.text;
  bool is_unsigned = false;
  if (digits.back() == 'U') {
    is_unsigned = true;
    digits.remove_suffix(1);
  }
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = digits[1];
    base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
    digits.remove_prefix(base == 8 ? 1 : 2);
  }
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, base);
  if (error == std::errc::result_out_of_range) {
    Lexer::fail(token, fmt::format("integer {} does not fit in 64 bits", quoted(token)));
  }
  if (error != std::errc() || end != digits.data() + digits.size()) {
    Lexer::fail(token, fmt::format("malformed number {}", quoted(token)));
  }
  return integer(bits, is_unsigned || (bits >> 63) != 0);
}

// A plain decimal integer, which most numbers are; nothing for every other number.
std::optional<std::uint64_t> plain_integer(std::string_view text) {
  if (text.size() > 18 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

Constant parse_number(const Token& token) {
  const std::string_view text = token.text;
  if (const auto value = plain_integer(text)) return integer(*value, false);
  if (text.size() > 1 && text[0] == '0') {
    const char mark = text[1];
    if (mark == 'f' || mark == 'F' || mark == 'd' || mark == 'D') return parse_float_bits(token);
    if (mark == 'x' || mark == 'X') return parse_integer(token);
  }
  return text.find_first_of(".eE") == std::string_view::npos ? parse_integer(token) : parse_decimal(token);
}

struct Operator {
  std::string_view text;
  int precedence;  // C's; a higher one binds tighter
};
constexpr Operator kOperators[] = {{"||", 1}, {"&&", 2}, {"|", 3}, {"^", 4},  {"&", 5},  {"==", 6},
                                   {"!=", 6}, {"<", 7},  {">", 7}, {"<=", 7}, {">=", 7}, {"<<", 8},
                                   {">>", 8}, {"+", 9},  {"-", 9}, {"*", 10}, {"/", 10}, {"%", 10}};
constexpr int kLowest = 1, kAdditive = 9, kMultiplicative = 10;

int precedence_of(const Token& token) {
  if (!token.is(Token::Kind::kPunctuation)) return 0;
  // Nearly always one of these ends the expression.
  if (token.is(',') || token.is(';') || token.is(']') || token.is('}')) return 0;
  for (const Operator& op : kOperators) {
    if (op.text == token.text) return op.precedence;
  }
  return 0;
}

Constant compute_real(const Token& op, double a, double b) {
  if (op.text == "+") return real(a + b);
  if (op.text == "-") return real(a - b);
  if (op.text == "*") return real(a * b);
  if (op.text == "/") {
    if (b == 0) Lexer::fail(op, "division by zero in a constant expression");
    return real(a / b);
  }
  if (op.text == "<") return truth(a < b);
  if (op.text == ">") return truth(a > b);
  if (op.text == "<=") return truth(a <= b);
  if (op.text == ">=") return truth(a >= b);
  if (op.text == "==") return truth(a == b);
  if (op.text == "!=") return truth(a != b);
  Lexer::fail(op, fmt::format("operator {} needs integers", quoted(op)));
}

// Two's complement throughout, so that the most negative number divided by -1 is itself instead of a trap.
std::uint64_t divide(const Token& op, std::uint64_t a, std::uint64_t b, bool is_unsigned) {
  if (b == 0) Lexer::fail(op, "division by zero in a constant expression");
  const bool quotient = op.text == "/";
  if (is_unsigned) return quotient ? a / b : a % b;
  if (b == ~std::uint64_t{0}) return quotient ? std::uint64_t{0} - a : 0;
  const auto x = static_cast<std::int64_t>(a), y = static_cast<std::int64_t>(b);
  return static_cast<std::uint64_t>(quotient ? x / y : x % y);
}

Constant shift(const Token& op, const Constant& a, std::uint64_t count) {
  const bool is_unsigned = a.kind == Kind::kUnsigned;
  if (op.text == "<<") return integer(count > 63 ? 0 : a.bits << count, is_unsigned);
  const std::uint64_t sign = a.is_negative() ? ~std::uint64_t{0} : 0;
  if (count == 0) return a;
  if (count > 63) return integer(sign, is_unsigned);
  return integer((a.bits >> count) | (sign << (64 - count)), is_unsigned);
}

bool less(const Constant& a, const Constant& b, bool is_unsigned) {
  return is_unsigned ? a.bits < b.bits
                     : static_cast<std::int64_t>(a.bits) < static_cast<std::int64_t>(b.bits);
}

Constant compute(const Token& op, const Constant& a, const Constant& b) {
  if (!a.is_integer() || !b.is_integer()) return compute_real(op, value_as_double(a), value_as_double(b));
  const bool is_unsigned = a.kind == Kind::kUnsigned || b.kind == Kind::kUnsigned;
  const std::string_view text = op.text;
  if (text == "+") return integer(a.bits + b.bits, is_unsigned);
  if (text == "-") return integer(a.bits - b.bits, is_unsigned);
  if (text == "*") return integer(a.bits * b.bits, is_unsigned);
  if (text == "/" || text == "%") return integer(divide(op, a.bits, b.bits, is_unsigned), is_unsigned);
  if (text == "<<" || text == ">>") return shift(op, a, b.bits);
  if (text == "&") return integer(a.bits & b.bits, is_unsigned);
  if (text == "|") return integer(a.bits | b.bits, is_unsigned);
  if (text == "^") return integer(a.bits ^ b.bits, is_unsigned);
  if (text == "==") return truth(a.bits == b.bits);
  if (text == "!=") return truth(a.bits != b.bits);
  if (text == "<") return truth(less(a, b, is_unsigned));
  if (text == ">") return truth(less(b, a, is_unsigned));
  if (text == "<=") return truth(!less(b, a, is_unsigned));
  if (text == ">=") return truth(!less(a, b, is_unsigned));
  if (text == "&&") return truth(a.bits != 0 && b.bits != 0);
  return truth(a.bits != 0 || b.bits != 0);
}

class ExpressionParser {
 public:
  explicit ExpressionParser(Lexer& lexer) : lexer_(lexer) {}

  Constant parse() {
    Descent descent(*this);
    const Constant condition = parse_binary(kLowest);
    if (!lexer_.accept('?')) return condition;
    const Constant yes = parse();
    lexer_.expect(':');
    const Constant no = parse();
    const bool holds = condition.is_integer() ? condition.bits != 0 : value_as_double(condition) != 0;
    return holds ? yes : no;
  }

  Constant parse_binary(int least) {
    Descent descent(*this);
    Constant left = parse_unary();
    for (int precedence = precedence_of(lexer_.current()); precedence >= least && precedence != 0;
         precedence = precedence_of(lexer_.current())) {
      const Token op = lexer_.take();
      left = compute(op, left, parse_binary(precedence + 1));
    }
    return left;
  }

 private:
  // Counts how deep the recursion is, so that a hostile text cannot exhaust the stack.
  class Descent {
   public:
    explicit Descent(ExpressionParser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepestNesting) {
        Lexer::fail(parser_.lexer_.current(), "constant expression nested too deeply");
      }
    }
    ~Descent() { --parser_.depth_; }
    Descent(const Descent&) = delete;
    Descent& operator=(const Descent&) = delete;

   private:
    ExpressionParser& parser_;
  };

  Constant parse_unary() {
    Descent descent(*this);
    const Token token = lexer_.current();
    if (lexer_.accept('+')) return parse_unary();
    if (lexer_.accept('-')) return negate(parse_unary());
    if (lexer_.accept('~') || lexer_.accept('!')) {
      const Constant operand = parse_unary();
      if (!operand.is_integer())
        Lexer::fail(token, fmt::format("operator {} needs an integer", quoted(token)));
      return token.text == "~" ? integer(~operand.bits, operand.kind == Kind::kUnsigned)
                               : truth(operand.bits == 0);
    }
    if (lexer_.accept('(')) return parse_parenthesised();
    if (token.is(Token::Kind::kNumber)) {
      lexer_.advance();
      return parse_number(token);
    }
    if (token.is(Token::Kind::kIdentifier) && token.text == "WARP_SZ") {
      lexer_.advance();
      return integer(32, false);
    }
    lexer_.fail_expected("a constant");
  }

  Constant parse_parenthesised() {
    const Token token = lexer_.current();
    if (lexer_.accept_suffix("s64") || lexer_.accept_suffix("u64")) {
      lexer_.expect(')');
      const Constant operand = parse_unary();
      if (!operand.is_integer()) Lexer::fail(token, "a cast in a constant expression needs an integer");
      return integer(operand.bits, token.text == "u64");
    }
    const Constant inner = parse();
    lexer_.expect(')');
    return inner;
  }

  static Constant negate(Constant operand) {
    if (operand.is_integer()) {
      operand.bits = std::uint64_t{0} - operand.bits;
    } else {
      operand.bits ^= std::uint64_t{1} << (operand.kind == Kind::kSingle ? 31 : 63);
    }
    return operand;
  }

  Lexer& lexer_;
  int depth_ = 0;
};

std::uint64_t checked_count(const Token& at, const Constant& value, std::string_view what,
                            std::uint64_t least, std::uint64_t most) {
  if (!value.is_integer() || value.is_negative() || value.bits < least || value.bits > most) {
    Lexer::fail(at, fmt::format("{} must be an integer from {} to {}", what, least, most));
  }
  return value.bits;
}

}  // namespace

double value_as_double(const Constant& constant) {
  switch (constant.kind) {
    case Kind::kSigned:
      return static_cast<double>(static_cast<std::int64_t>(constant.bits));
    case Kind::kUnsigned:
      return static_cast<double>(constant.bits);
    case Kind::kSingle:
      return std::bit_cast<float>(static_cast<std::uint32_t>(constant.bits));
    default:
      return std::bit_cast<double>(constant.bits);
  }
}

bool begins_constant(const Token& token) {
  if (token.is(Token::Kind::kNumber)) return true;
  if (token.is(Token::Kind::kIdentifier)) return token.text == "WARP_SZ";
  return token.is('-') || token.is('+') || token.is('~') || token.is('!') || token.is('(');
}

Constant parse_constant(Lexer& lexer) {
  // Large modules are full of tables of plain numbers; what ends right behind a number needs no expression.
  constexpr std::string_view kEnds = ",;)]}";
  const Token token = lexer.current();
  if (token.is(Token::Kind::kNumber) && kEnds.find(lexer.next_character()) != std::string_view::npos) {
    lexer.advance();
    return parse_number(token);
  }
  return ExpressionParser(lexer).parse();
}

std::int64_t parse_offset(Lexer& lexer) {
  std::uint64_t offset = 0;
  while (lexer.current().is('+') || lexer.current().is('-')) {
    const Token sign = lexer.take();
    const Constant term = ExpressionParser(lexer).parse_binary(kMultiplicative);
    if (!term.is_integer()) Lexer::fail(sign, "an address offset must be an integer");
    offset = sign.text == "+" ? offset + term.bits : offset - term.bits;
  }
  return static_cast<std::int64_t>(offset);
}

std::uint64_t parse_count(Lexer& lexer, std::string_view what, std::uint64_t least, std::uint64_t most) {
  const Token start = lexer.current();
  return checked_count(start, parse_constant(lexer), what, least, most);
}

std::uint64_t parse_angle_count(Lexer& lexer, std::string_view what, std::uint64_t least,
                                std::uint64_t most) {
  const Token start = lexer.current();
  return checked_count(start, ExpressionParser(lexer).parse_binary(kAdditive), what, least, most);
}

}  // namespace drillpress::ptx
