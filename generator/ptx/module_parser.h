// The module level of PTX text: directives, module variables, functions → Module.
#pragma once

#include <string_view>
#include <vector>

#include "ptx/debug_info.h"
#include "ptx/fault_list.h"
#include "ptx/function_parser.h"
#include "ptx/lexer.h"
#include "ptx/module.h"
#include "ptx/scope.h"
#include "ptx/variables.h"

namespace drillpress::ptx {

class ModuleParser {
 public:
  ModuleParser(std::string_view text, FaultList& faults);

  /// Reports faults and goes on behind them; what it gives is a module only if there were none.
  Module parse();

 private:
  void parse_statements();
  void recover();
  void parse_statement();
  bool parse_directive(std::string_view name);
  void parse_version();
  void parse_target();
  void parse_alias();
  void parse_function(const Linkage& linkage, bool is_entry);
  void add_function(Function function, const Token& name);
  void add_variable(DeclaredVariable declared);
  void check_symbols();
  void finish_debug_info();

  FaultList& faults_;
  Lexer lexer_;
  Budget budget_;
  DebugInfo debug_info_;
  ScopedNames names_;
  std::vector<Token> unknown_symbols_;
  Module module_;
};

}  // namespace drillpress::ptx
