// The statements of a function body other than instructions.
#include <fmt/format.h>

#include "ptx/constant.h"
#include "ptx/function_parser.h"

namespace drillpress::ptx {
namespace {

constexpr std::uint32_t kDeepestScope = 256;

}  // namespace

void FunctionParser::parse_body() {
  const Token open = name_;
  for (;;) {
    const std::size_t symbols = context_.unknown_symbols.size();
    try {
      if (lexer_.current().is(Token::Kind::kEnd)) {
        Lexer::fail(open, fmt::format("the body of {} does not end: missing `}}`", quoted(name_)));
      }
      if (!parse_statement()) break;
    } catch (Fault& fault) {
      context_.faults.add(std::move(fault));
      operand_buffer_.clear();
      context_.unknown_symbols.resize(symbols);
      if (!recover()) break;
    }
  }
  for (const FunctionScope::LabelReference& reference : scope_.finish()) {
    context_.faults.add({reference.name.line, reference.name.column,
                         fmt::format("unknown label {}", quoted(reference.name))});
  }
}

// Skips to the end of the statement that a fault is in: behind its `;`, or behind a brace that ends the
// scope. A brace that closes a vector operand is followed by `,`, `;` or `]`.
bool FunctionParser::recover() {
  const auto goes_on = [this] {
    return lexer_.current().is(',') || lexer_.current().is(';') || lexer_.current().is(']');
  };
  for (std::size_t depth = 0;;) {
    try {
      while (!lexer_.current().is(Token::Kind::kEnd)) {
        if (lexer_.accept(';')) return true;
        if (lexer_.accept('{')) {
          ++depth;
        } else if (!lexer_.accept('}')) {
          lexer_.advance();
        } else if (depth > 0) {
          --depth;
        } else if (!goes_on()) {
          if (scope_.depth() == 0) return false;
          scope_.leave();
          return true;
        }
      }
      return false;
    } catch (Fault& fault) {
      context_.faults.add(std::move(fault));
    }
  }
}

bool FunctionParser::parse_statement() {
  const Token& token = lexer_.current();
  switch (token.kind) {
    case Token::Kind::kIdentifier: {
      const Token name = lexer_.take();
      if (lexer_.current().is(':')) {
        parse_labelled(name);
      } else {
        Instruction instruction{};
        parse_instruction(name, instruction);
      }
      return true;
    }
    case Token::Kind::kSuffix:
      parse_body_directive();
      return true;
    case Token::Kind::kPunctuation:
      break;
    default:
      lexer_.fail_expected("an instruction or directive");
  }
  if (token.is('@')) {
    parse_guarded_instruction();
  } else if (token.is('{')) {
    if (scope_.depth() == kDeepestScope) Lexer::fail(token, "scopes nested too deeply");
    lexer_.advance();
    scope_.enter();
  } else if (token.is('}')) {
    const bool more = scope_.depth() != 0;
    if (more) scope_.leave();
    lexer_.advance();
    return more;
  } else if (!lexer_.accept(';')) {
    lexer_.fail_expected("an instruction or directive");
  }
  return true;
}

void FunctionParser::parse_body_directive() {
  const Token directive = lexer_.take();
  if (directive.text == "loc") return context_.debug_info.parse_loc(lexer_);
  if (directive.text == "reg") return parse_registers();
  if (directive.text == "pragma") {
    parse_header_directive(directive.text);
    return;
  }
  if (directive.text == "file") return context_.debug_info.parse_file(lexer_);
  const Space space = find_variable_space(directive.text);
  if (space == Space::kGeneric) {
    Lexer::fail(directive, fmt::format("unknown directive {} in the body of a function", quoted(directive)));
  }
  for (DeclaredVariable& variable : parse_variables(lexer_, space, {}, context_.budget)) {
    scope_.declare_variable(std::move(variable));
  }
}

// `.reg .b32 %r<35>, %special;` with `reg` taken.
void FunctionParser::parse_registers() {
  const Token type_token = lexer_.expect(Token::Kind::kSuffix, "the type of a register");
  const Type type = find_type(type_token.text);
  if (type == Type::kNone) {
    if (type_token.text == "v2" || type_token.text == "v4") {
      Lexer::fail(type_token, "vector registers are not supported: declare their elements");
    }
    Lexer::fail(type_token, fmt::format("unknown register type {}", quoted(type_token)));
  }
  do {
    const Token name = lexer_.expect(Token::Kind::kIdentifier, "the name of a register");
    if (lexer_.accept('<')) {
      const std::uint64_t count = parse_angle_count(lexer_, "a number of registers", 0, 999'999'999);
      lexer_.expect('>', "after the number of registers");
      scope_.declare_registers(name, count, type);
    } else {
      scope_.declare_register(name, type);
    }
  } while (lexer_.accept(','));
  lexer_.expect(';', "after the declaration of registers");
}

// `label:` with the colon current.
void FunctionParser::parse_labelled(const Token& label) {
  lexer_.advance();
  if (lexer_.accept_suffix("branchtargets")) return parse_branch_targets(label);
  if (lexer_.accept_suffix("callprototype")) return parse_prototype(label);
  if (lexer_.accept_suffix("calltargets")) return parse_call_targets(label);
  scope_.declare_label(label);
}

void FunctionParser::parse_branch_targets(const Token& label) {
  const auto index = static_cast<std::uint32_t>(function_.branch_targets.size());
  function_.branch_targets.push_back({scope_.declare_list(label, {Entity::Kind::kBranchTargets, index}), {}});
  std::vector<LabelId>& labels = function_.branch_targets.back().labels;
  do {
    const Token target = lexer_.expect(Token::Kind::kIdentifier, "a label");
    scope_.refer_to_label({target, true, index, static_cast<std::uint32_t>(labels.size())});
    labels.push_back(0);
  } while (lexer_.accept(','));
  lexer_.expect(';', "after `.branchtargets`");
}

// `label: .callprototype (returns) _ (parameters) [.noreturn];`
void FunctionParser::parse_prototype(const Token& label) {
  const auto index = static_cast<std::uint32_t>(function_.prototypes.size());
  function_.prototypes.push_back(
      {scope_.declare_list(label, {Entity::Kind::kPrototype, index}), {}, {}, false});
  Prototype& prototype = function_.prototypes.back();
  if (lexer_.current().is('(')) {
    for (DeclaredVariable& v : parse_parameters(lexer_)) prototype.returns.push_back(std::move(v.variable));
  }
  lexer_.expect(Token::Kind::kIdentifier, "`_`");
  if (lexer_.current().is('(')) {
    for (DeclaredVariable& v : parse_parameters(lexer_))
      prototype.parameters.push_back(std::move(v.variable));
  }
  while (lexer_.current().is(Token::Kind::kSuffix)) {
    const Token directive = lexer_.take();
    if (directive.text == "noreturn") {
      prototype.is_noreturn = true;
    } else if (directive.text == "abi_preserve" || directive.text == "abi_preserve_control") {
      parse_count(lexer_, "a number of registers", 0, kAnyU32);
    } else {
      Lexer::fail(directive, fmt::format("unknown directive {} of a prototype", quoted(directive)));
    }
  }
  lexer_.expect(';', "after `.callprototype`");
}

void FunctionParser::parse_call_targets(const Token& label) {
  const auto index = static_cast<std::uint32_t>(function_.call_targets.size());
  function_.call_targets.push_back({scope_.declare_list(label, {Entity::Kind::kCallTargets, index}), {}});
  std::vector<std::string>& functions = function_.call_targets.back().functions;
  do {
    const Token target = lexer_.expect(Token::Kind::kIdentifier, "the name of a function");
    functions.push_back(symbol_name(target, {}));
  } while (lexer_.accept(','));
  lexer_.expect(';', "after `.calltargets`");
}

}  // namespace drillpress::ptx
