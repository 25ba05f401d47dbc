// Operands of instructions.
#include <array>
#include <bit>
#include <iterator>

#include <fmt/format.h>

#include "ptx/constant.h"
#include "ptx/function_parser.h"
#include "ptx/name_table.h"

namespace drillpress::ptx {
namespace {

constexpr NameTable kSpecialRegisters(std::to_array<std::string_view>({
#define SPECIAL_REGISTER(name, components) name,
#include "ptx/special_registers.def"
#undef SPECIAL_REGISTER
}));

constexpr auto kSpecialComponents = std::to_array<std::uint8_t>({
#define SPECIAL_REGISTER(name, components) components,
#include "ptx/special_registers.def"
#undef SPECIAL_REGISTER
});

bool is_component(std::string_view suffix) {
  return suffix.size() == 1 && std::string_view("xyzw").find(suffix[0]) != std::string_view::npos;
}

}  // namespace

// One or more operands with commas between them. Gathered in a buffer that is reused, then moved into a
// vector of the exact size: a large module has millions.
std::vector<Operand> FunctionParser::parse_operands() {
  const std::size_t first = operand_buffer_.size();
  do {
    Operand operand = parse_operand();
    operand_buffer_.push_back(std::move(operand));
  } while (lexer_.accept(','));
  const auto begin = operand_buffer_.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<Operand> operands(std::make_move_iterator(begin),
                                std::make_move_iterator(operand_buffer_.end()));
  operand_buffer_.resize(first);
  return operands;
}

Operand FunctionParser::parse_operand() {
  const Token& token = lexer_.current();
  if (token.is('[')) return parse_address();
  Operand operand = token.is('{') ? parse_vector() : parse_scalar();
  if (lexer_.current().is('|')) parse_pair(operand);
  return operand;
}

// A name, constant, `!p` or `-x`.
Operand FunctionParser::parse_scalar() {
  const Token token = lexer_.current();
  if (token.is(Token::Kind::kIdentifier) && token.text != "WARP_SZ") return parse_name();
  if (token.is('!') || token.is('-')) {
    // Before a constant these belong to its expression: `!(1+2)`, `-4*2`.
    if (Lexer ahead = lexer_;
        ahead.advance(), ahead.current().is(Token::Kind::kIdentifier) && ahead.current().text != "WARP_SZ") {
      lexer_.advance();
      Operand operand;
      operand.kind = Operand::Kind::kRegister;
      operand.reg = expect_register("a register");
      (token.is('!') ? operand.negated : operand.arithmetic_negated) = true;
      return operand;
    }
  }
  if (begins_constant(token) || (token.is(Token::Kind::kSuffix))) return parse_immediate();
  lexer_.fail_expected("an operand");
}

Operand FunctionParser::parse_name() {
  const Token name = lexer_.take();
  if (name.text == "_") return {};
  const Entity entity = scope_.find(name.text);
  if (entity.kind == Entity::Kind::kRegister) {
    Operand operand;
    operand.kind = Operand::Kind::kRegister;
    operand.reg = entity.index;
    if (lexer_.current().is(Token::Kind::kSuffix)) operand.selector = lexer_.take().text;
    return operand;
  }
  if (!entity && name.text[0] == '%') return parse_special(name);
  Operand operand;
  operand.kind = Operand::Kind::kSymbol;
  operand.symbol = symbol_name(name, entity);
  operand.offset = parse_offset(lexer_);
  return operand;
}

Operand FunctionParser::parse_special(const Token& name) {
  Operand operand;
  operand.kind = Operand::Kind::kSpecial;
  operand.symbol = name.text;
  const auto index = kSpecialRegisters.find(name.text);
  if (!index) Lexer::fail(name, fmt::format("unknown register {}", quoted(name)));
  const Token& suffix = lexer_.current();
  if (suffix.is(Token::Kind::kSuffix)) {
    if (kSpecialComponents[*index] == 1 || !is_component(suffix.text)) {
      Lexer::fail(suffix, fmt::format("{} has no component {}", quoted(name), quoted(suffix)));
    }
    operand.symbol += '.';
    operand.symbol += suffix.text;
    lexer_.advance();
  }
  return operand;
}

// The second half of `p|q`.
void FunctionParser::parse_pair(Operand& operand) {
  const Token bar = lexer_.take();
  const bool can_pair = operand.kind == Operand::Kind::kRegister || operand.kind == Operand::Kind::kSink ||
                        operand.kind == Operand::Kind::kVector;
  if (!can_pair) Lexer::fail(bar, "`|` joins two destination registers");
  if (lexer_.current().is(Token::Kind::kIdentifier) && lexer_.current().text == "_") {
    lexer_.advance();
  } else {
    operand.reg2 = expect_register("a register after `|`");
  }
}

RegisterId FunctionParser::expect_register(std::string_view what) {
  const Token name = lexer_.expect(Token::Kind::kIdentifier, what);
  const Entity entity = scope_.find(name.text);
  if (entity.kind == Entity::Kind::kRegister) return entity.index;
  if (entity) Lexer::fail(name, fmt::format("expected {}, found {}", what, quoted(name)));
  Lexer::fail(name, fmt::format("unknown register {}", quoted(name)));
}

// The name as the module's values have it: unique for what the function declares, as written for the module's
// own.
std::string FunctionParser::symbol_name(const Token& name, const Entity& entity) {
  switch (entity.kind) {
    case Entity::Kind::kVariable:
      return function_.variables[entity.index].name;
    case Entity::Kind::kParameter:
    case Entity::Kind::kReturn:
      return std::string(name.text);
    case Entity::Kind::kNone:
      if (!context_.module_names.find(name.text) && name.text != function_.name) {
        context_.unknown_symbols.push_back(name);
      }
      return std::string(name.text);
    default:
      Lexer::fail(name, fmt::format("{} is not a variable or function", quoted(name)));
  }
}

Operand FunctionParser::parse_immediate() {
  const Constant constant = parse_constant(lexer_);
  Operand operand;
  operand.kind = Operand::Kind::kImmediate;
  operand.bits = constant.bits;
  if (constant.is_integer()) return operand;
  operand.is_float = true;
  operand.float_bits = 64;
  if (constant.kind == Constant::Kind::kSingle) {
    operand.float_bits = 32;
  } else if (constant.kind == Constant::Kind::kDecimal && float_context_ == Type::kF32) {
    operand.float_bits = 32;
    operand.bits = std::bit_cast<std::uint32_t>(static_cast<float>(value_as_double(constant)));
  }
  return operand;
}

Operand FunctionParser::parse_vector() {
  lexer_.advance();
  Operand operand;
  operand.kind = Operand::Kind::kVector;
  const std::size_t first = operand_buffer_.size();
  do {
    Operand element = parse_scalar();
    operand_buffer_.push_back(std::move(element));
  } while (lexer_.accept(','));
  lexer_.expect('}', "to close a vector");
  const auto begin = operand_buffer_.begin() + static_cast<std::ptrdiff_t>(first);
  operand.elements.assign(std::make_move_iterator(begin), std::make_move_iterator(operand_buffer_.end()));
  operand_buffer_.resize(first);
  return operand;
}

// `[base+offset]` or `[base+offset, more, …]`
Operand FunctionParser::parse_address() {
  lexer_.advance();
  Operand operand;
  const Token base = lexer_.current();
  if (base.is(Token::Kind::kIdentifier) && base.text != "WARP_SZ") {
    operand = parse_name();
    if (operand.kind == Operand::Kind::kRegister) {
      operand.has_register = true;
      operand.offset = parse_offset(lexer_);
    } else if (operand.kind != Operand::Kind::kSymbol) {
      Lexer::fail(base, fmt::format("{} cannot be the base of an address", quoted(base)));
    }
  } else {
    const Constant constant = parse_constant(lexer_);
    if (!constant.is_integer()) Lexer::fail(base, "an address must be an integer");
    operand.offset = static_cast<std::int64_t>(constant.bits);
  }
  operand.kind = Operand::Kind::kAddress;
  while (lexer_.accept(',')) {
    Operand element = lexer_.current().is('{') ? parse_vector() : parse_scalar();
    operand.elements.push_back(std::move(element));
  }
  lexer_.expect(']', "to close an address");
  return operand;
}

}  // namespace drillpress::ptx
