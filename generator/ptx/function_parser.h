// One `.entry` or `.func`: header, performance directives and body → Function.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ptx/debug_info.h"
#include "ptx/fault_list.h"
#include "ptx/function_scope.h"
#include "ptx/lexer.h"
#include "ptx/module.h"
#include "ptx/scope.h"
#include "ptx/variables.h"

namespace drillpress::ptx {

/// What the functions of a module share while they are parsed.
struct ModuleContext {
  Lexer& lexer;
  FaultList& faults;
  Budget& budget;
  DebugInfo& debug_info;
  ScopedNames& module_names;
  std::vector<Token>& unknown_symbols;  ///< names used before any declaration of the module
};

class FunctionParser {
 public:
  explicit FunctionParser(ModuleContext context);
  FunctionParser(const FunctionParser&) = delete;
  FunctionParser& operator=(const FunctionParser&) = delete;

  /// With `.entry` or `.func` taken: to the end of the body, or of the declaration. Faults of the header are
  /// thrown; those of statements are reported and skipped.
  Function parse(const Linkage& linkage, bool is_entry);
  const Token& name_token() const { return name_; }

 private:
  // function_parser.cc: header and directives
  void parse_header();
  void parse_header_directives();
  bool parse_header_directive(std::string_view name);
  void parse_dimensions(std::uint32_t (&dimensions)[3], std::string_view what);
  void declare_parameters(const std::vector<DeclaredVariable>& parameters, Entity::Kind kind);

  // body.cc: statements other than instructions
  void parse_body();
  bool parse_statement();  // false: the body has ended
  bool recover();          // false: the body has ended
  void parse_body_directive();
  void parse_registers();
  void parse_labelled(const Token& label);
  void parse_branch_targets(const Token& label);
  void parse_prototype(const Token& label);
  void parse_call_targets(const Token& label);

  // instructions.cc
  void parse_guarded_instruction();
  void parse_instruction(const Token& opcode, Instruction& instruction);
  void parse_modifiers(const Token& opcode, ModifierList& modifiers);
  void parse_call(Instruction& instruction);
  void parse_branch(Instruction& instruction);
  void parse_indexed_branch(Instruction& instruction);
  static Type float_type(const ModifierList& modifiers);

  // operands.cc
  std::vector<Operand> parse_operands();
  Operand parse_operand();
  Operand parse_scalar();
  Operand parse_name();
  Operand parse_special(const Token& name);
  Operand parse_immediate();
  Operand parse_vector();
  Operand parse_address();
  void parse_pair(Operand& operand);
  RegisterId expect_register(std::string_view what);
  std::string symbol_name(const Token& name, const Entity& entity);

  ModuleContext context_;
  Lexer& lexer_;
  Function function_;
  FunctionScope scope_;
  Token name_;
  Type float_context_ = Type::kF64;      // of the instruction being parsed
  std::vector<Operand> operand_buffer_;  // its operands before their number is known
};

}  // namespace drillpress::ptx
