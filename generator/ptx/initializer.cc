#include "ptx/initializer.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "ptx/constant.h"

namespace drillpress::ptx {
namespace {

class InitializerParser {
 public:
  InitializerParser(Lexer& lexer, const std::vector<std::uint64_t>& dimensions, Budget& budget,
                    DeclaredVariable& declared)
      : lexer_(lexer),
        dimensions_(dimensions),
        budget_(budget),
        variable_(declared.variable),
        addressed_(declared.addressed),
        element_bytes_(size_bytes(declared.variable.type)) {
    strides_.assign(dimensions.size() + 1, element_bytes_);
    for (std::size_t i = dimensions.size(); i-- > 1;) strides_[i] = strides_[i + 1] * dimensions[i];
  }

  void parse() {
    if (dimensions_.empty()) {
      parse_element(0);
    } else {
      parse_list(0, 0);
    }
    merge_relocations();
  }

  /// Elements of the first dimension that the value reaches.
  std::uint64_t extent() const { return extent_; }

 private:
  // Nested as deep as the variable has dimensions, whose number is limited where they are parsed.
  void parse_list(std::size_t level, std::uint64_t begin) {
    lexer_.expect('{', "to open the value of an array");
    const bool flat = !lexer_.current().is('{');
    const std::uint64_t stride = flat ? element_bytes_ : strides_[level + 1];
    const std::uint64_t limit =
        begin + (level == 0 && dimensions_[0] == 0 ? ~std::uint64_t{0} - begin
                                                   : strides_[level + 1] * dimensions_[level]);
    std::uint64_t at = begin;
    for (bool more = !lexer_.current().is('}'); more; more = lexer_.accept(',')) {
      if (at >= limit) Lexer::fail(lexer_.current(), fmt::format("too many values for `{}`", variable_.name));
      if (flat) {
        parse_element(at);
      } else {
        if (level + 1 == dimensions_.size()) lexer_.fail_expected("a value");
        parse_list(level + 1, at);
      }
      at += stride;
    }
    lexer_.expect('}', "to close the value of an array");
    if (level == 0) extent_ = (at - begin + strides_[1] - 1) / strides_[1];
  }

  void parse_element(std::uint64_t at) {
    const Token start = lexer_.current();
    if (start.is(Token::Kind::kString)) Lexer::fail(start, "a string is not a value: write its bytes");
    if (start.is(Token::Kind::kIdentifier) && start.text != "WARP_SZ")
      return parse_address(at, start, 0, false);
    const Constant value = parse_constant(lexer_);
    if (value.is_integer() && lexer_.current().is('(')) {
      lexer_.advance();
      parse_address(at, start, value.bits, true);
      return lexer_.expect(')', "to close the mask operator");
    }
    store(at, encode(start, value), value.is_negative());
  }

  std::uint64_t encode(const Token& start, const Constant& value) const {
    const Type type = variable_.type;
    if (type == Type::kF32) {
      if (value.kind == Constant::Kind::kSingle) return value.bits;
      return std::bit_cast<std::uint32_t>(static_cast<float>(value_as_double(value)));
    }
    if (type == Type::kF64) return std::bit_cast<std::uint64_t>(value_as_double(value));
    const unsigned bits = std::min(element_bytes_ * 8, 64U);
    if (!value.is_integer()) {
      if (value.kind == Constant::Kind::kSingle && bits >= 32) return value.bits;
      if (value.kind == Constant::Kind::kDouble && bits >= 64) return value.bits;
      Lexer::fail(start, fmt::format("a floating-point value does not fit `.{}`", text(type)));
    }
    if (bits < 64) {
      const auto as_signed = static_cast<std::int64_t>(value.bits);
      const bool fits =
          value.is_negative() ? as_signed >= -(std::int64_t{1} << (bits - 1)) : value.bits >> bits == 0;
      if (!fits) Lexer::fail(start, fmt::format("value does not fit `.{}`", text(type)));
    }
    return value.bits;
  }

  // symbol+offset, generic(symbol)+offset, or either inside the parentheses of a mask.
  void parse_address(std::uint64_t at, const Token& start, std::uint64_t mask, bool is_masked) {
    Variable::Relocation relocation{at, {}, 0, false, element_bytes_, 0};
    Token name = lexer_.expect(Token::Kind::kIdentifier, "the name of a variable or function");
    if (name.text == "generic" && lexer_.accept('(')) {
      relocation.generic = true;
      name = lexer_.expect(Token::Kind::kIdentifier, "the name of a variable");
      relocation.addend = parse_offset(lexer_);
      lexer_.expect(')', "to close `generic(`");
    }
    relocation.symbol = name.text;
    addressed_.push_back(name);
    relocation.addend += parse_offset(lexer_);
    if (is_masked) {
      if (mask == 0 || element_bytes_ > 8)
        Lexer::fail(start, "the mask must select the bytes of one element");
      relocation.first_byte = static_cast<std::uint32_t>(std::countr_zero(mask)) / 8;
      const std::uint64_t ones = ~std::uint64_t{0} >> (64 - element_bytes_ * 8);
      if (mask != ones << (relocation.first_byte * 8)) {
        Lexer::fail(start, "the mask must select the bytes of one element");
      }
    } else if (element_bytes_ != 4 && element_bytes_ != 8) {
      Lexer::fail(start, fmt::format("an address does not fit `.{}`", text(variable_.type)));
    }
    store(at, 0, false);
    variable_.relocations.push_back(std::move(relocation));
  }

  void store(std::uint64_t at, std::uint64_t bits, bool negative) {
    std::vector<std::uint8_t>& bytes = variable_.initializer;
    const std::uint64_t end = at + element_bytes_;
    if (end > bytes.size()) {
      const std::uint64_t growth = end - bytes.size();
      if (growth > budget_.initializer_bytes) Lexer::fail(lexer_.current(), "initial values reach too far");
      budget_.initializer_bytes -= growth;
      bytes.resize(end);
    }
    for (std::uint32_t i = 0; i < element_bytes_; ++i) {
      bytes[at + i] = i < 8 ? static_cast<std::uint8_t>(bits >> (i * 8)) : (negative ? 0xFF : 0);
    }
  }

  // Compilers write an address among bytes as eight masked bytes: make that one relocation again.
  void merge_relocations() {
    std::vector<Variable::Relocation> merged;
    for (Variable::Relocation& next : variable_.relocations) {
      if (!merged.empty()) {
        Variable::Relocation& last = merged.back();
        if (last.offset + last.size_bytes == next.offset &&
            last.first_byte + last.size_bytes == next.first_byte && last.symbol == next.symbol &&
            last.addend == next.addend && last.generic == next.generic) {
          last.size_bytes += next.size_bytes;
          continue;
        }
      }
      merged.push_back(std::move(next));
    }
    variable_.relocations = std::move(merged);
  }

  Lexer& lexer_;
  const std::vector<std::uint64_t>& dimensions_;
  std::vector<std::uint64_t> strides_;  // bytes of one element of each dimension; the last is the scalar's
  Budget& budget_;
  Variable& variable_;
  std::vector<Token>& addressed_;
  std::uint32_t element_bytes_;
  std::uint64_t extent_ = 1;
};

}  // namespace

void parse_initializer(Lexer& lexer, std::vector<std::uint64_t> dimensions, Budget& budget,
                       DeclaredVariable& declared) {
  InitializerParser parser(lexer, dimensions, budget, declared);
  parser.parse();
  if (!dimensions.empty() && dimensions[0] == 0) dimensions[0] = parser.extent();
  Variable& variable = declared.variable;
  variable.size_bytes = size_bytes(variable.type);
  for (const std::uint64_t count : dimensions) variable.size_bytes *= count;
}

}  // namespace drillpress::ptx
