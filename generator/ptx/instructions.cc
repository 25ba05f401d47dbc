// Instructions: guard, opcode, suffixes, and the operand lists that differ from the ordinary one.
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "ptx/function_parser.h"

namespace drillpress::ptx {

// `@p add…` or `@!p add…` with `@` current.
void FunctionParser::parse_guarded_instruction() {
  Instruction instruction{};
  lexer_.advance();
  instruction.guarded = true;
  instruction.guard_negated = lexer_.accept('!');
  const Token guard = lexer_.current();
  instruction.guard = expect_register("a guard predicate");
  if (function_.registers[instruction.guard].type != Type::kPred) {
    Lexer::fail(guard, fmt::format("guard {} is not a predicate", quoted(guard)));
  }
  const Token opcode = lexer_.expect(Token::Kind::kIdentifier, "an instruction");
  parse_instruction(opcode, instruction);
}

// With the opcode taken; `instruction` has the guard.
void FunctionParser::parse_instruction(const Token& opcode, Instruction& instruction) {
  const std::optional<Opcode> known = find_opcode(opcode.text);
  if (!known) Lexer::fail(opcode, fmt::format("unknown instruction {}", quoted(opcode)));
  instruction.opcode = *known;
  instruction.location = context_.debug_info.location();
  instruction.ptx_line = opcode.line;
  parse_modifiers(opcode, instruction.modifiers);
  float_context_ = float_type(instruction.modifiers);
  switch (instruction.opcode) {
    case Opcode::kCall:
      parse_call(instruction);
      break;
    case Opcode::kBra:
      return parse_branch(instruction);
    case Opcode::kBrx:
      parse_indexed_branch(instruction);
      break;
    default:
      if (!lexer_.current().is(';')) instruction.operands = parse_operands();
  }
  lexer_.expect(';', "after an instruction");
  function_.instructions.push_back(std::move(instruction));
}

void FunctionParser::parse_modifiers(const Token& opcode, ModifierList& modifiers) {
  while (lexer_.current().is(Token::Kind::kSuffix)) {
    const Token& suffix = lexer_.current();
    const std::optional<Modifier> modifier = find_modifier(suffix.text);
    if (!modifier)
      Lexer::fail(suffix, fmt::format("unknown suffix {} of {}", quoted(suffix), quoted(opcode)));
    if (!modifiers.push_back(*modifier))
      Lexer::fail(suffix, fmt::format("too many suffixes of {}", quoted(opcode)));
    lexer_.advance();
  }
}

// The type that a decimal constant such as 1.5 takes: that of the source operands, which an instruction names
// last.
Type FunctionParser::float_type(const ModifierList& modifiers) {
  for (std::size_t i = modifiers.size(); i-- > 0;) {
    const Type type = type_of(modifiers[i]);
    if (type == Type::kF32 || type == Type::kF64) return type;
  }
  return Type::kF64;
}

// call [(returns),] callee [, (arguments) [, prototype]]
void FunctionParser::parse_call(Instruction& instruction) {
  if (lexer_.accept('(')) {
    if (!lexer_.current().is(')')) instruction.call_returns = parse_operands();
    lexer_.expect(')', "to close the return values of a call");
    lexer_.expect(',', "before the function called");
  }
  const Token callee = lexer_.current();
  instruction.operands.push_back(parse_operand());
  const Operand& target = instruction.operands.back();
  if (target.kind != Operand::Kind::kSymbol && target.kind != Operand::Kind::kRegister) {
    Lexer::fail(callee, fmt::format("{} cannot be called", quoted(callee)));
  }
  if (!lexer_.accept(',')) return;
  if (lexer_.accept('(')) {
    if (!lexer_.current().is(')')) instruction.call_arguments = parse_operands();
    lexer_.expect(')', "to close the arguments of a call");
    if (!lexer_.accept(',')) return;
  }
  const Token name = lexer_.expect(Token::Kind::kIdentifier, "the prototype of a call");
  const Entity list = scope_.find(name.text);
  if (list.kind == Entity::Kind::kPrototype) {
    instruction.call_prototype = function_.prototypes[list.index].name;
  } else if (list.kind == Entity::Kind::kCallTargets) {
    instruction.call_prototype = function_.call_targets[list.index].name;
  } else {
    Lexer::fail(name, fmt::format("unknown prototype {}", quoted(name)));
  }
}

void FunctionParser::parse_branch(Instruction& instruction) {
  const Token label = lexer_.expect(Token::Kind::kIdentifier, "a label");
  Operand& operand = instruction.operands.emplace_back();
  operand.kind = Operand::Kind::kLabel;
  lexer_.expect(';', "after an instruction");
  scope_.refer_to_label({label, false, static_cast<std::uint32_t>(function_.instructions.size()), 0});
  function_.instructions.push_back(std::move(instruction));
}

// brx.idx index, list
void FunctionParser::parse_indexed_branch(Instruction& instruction) {
  instruction.operands.push_back(parse_operand());
  lexer_.expect(',', "before the list of targets");
  const Token name = lexer_.expect(Token::Kind::kIdentifier, "the name of a `.branchtargets` list");
  const Entity list = scope_.find(name.text);
  if (list.kind != Entity::Kind::kBranchTargets) {
    Lexer::fail(name, fmt::format("unknown `.branchtargets` list {}", quoted(name)));
  }
  Operand& operand = instruction.operands.emplace_back();
  operand.kind = Operand::Kind::kLabel;
  operand.label = list.index;
  operand.symbol = function_.branch_targets[list.index].name;
}

}  // namespace drillpress::ptx
