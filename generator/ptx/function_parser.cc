#include "ptx/function_parser.h"

#include <algorithm>

#include <fmt/format.h>

#include "ptx/constant.h"

namespace drillpress::ptx {

FunctionParser::FunctionParser(ModuleContext context)
    : context_(context), lexer_(context.lexer), scope_(function_, context.budget) {}

Function FunctionParser::parse(const Linkage& linkage, bool is_entry) {
  function_.is_entry = is_entry;
  function_.is_visible = linkage.is_visible;
  function_.is_weak = linkage.is_weak;
  context_.debug_info.begin_function();
  parse_header();
  if (lexer_.accept(';')) {
    function_.is_declaration = true;
  } else {
    lexer_.expect('{', "to open the body of a function");
    parse_body();
  }
  return std::move(function_);
}

void FunctionParser::parse_header() {
  if (lexer_.accept_suffix("attribute")) {
    // `.attribute(.unified(a, b))` identifies a function across modules, which matters to linkers alone.
    int depth = 0;
    do {
      if (lexer_.current().is(Token::Kind::kEnd)) lexer_.fail_expected("`)`");
      depth += lexer_.current().is('(') ? 1 : lexer_.current().is(')') ? -1 : 0;
      lexer_.advance();
    } while (depth > 0);
  }
  std::vector<DeclaredVariable> returns, parameters;
  if (!function_.is_entry && lexer_.current().is('(')) returns = parse_parameters(lexer_);
  name_ = lexer_.expect(Token::Kind::kIdentifier, "the name of a function");
  function_.name = name_.text;
  function_.ptx_line = name_.line;
  if (lexer_.current().is('(')) parameters = parse_parameters(lexer_);
  for (const DeclaredVariable& v : returns) function_.returns.push_back(v.variable);
  for (const DeclaredVariable& v : parameters) function_.parameters.push_back(v.variable);
  declare_parameters(returns, Entity::Kind::kReturn);
  declare_parameters(parameters, Entity::Kind::kParameter);
  parse_header_directives();
}

void FunctionParser::declare_parameters(const std::vector<DeclaredVariable>& parameters, Entity::Kind kind) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const DeclaredVariable& parameter = parameters[i];
    if (parameter.name_token.text == "_") continue;
    if (parameter.variable.space == Space::kRegister) {
      scope_.declare_register(parameter.name_token, parameter.variable.type);
    } else {
      scope_.declare_parameter(parameter.name_token, {kind, static_cast<std::uint32_t>(i)});
    }
  }
}

void FunctionParser::parse_header_directives() {
  while (lexer_.current().is(Token::Kind::kSuffix)) {
    const Token directive = lexer_.take();
    if (!parse_header_directive(directive.text)) {
      Lexer::fail(directive, fmt::format("unknown directive {} of a function", quoted(directive)));
    }
  }
}

bool FunctionParser::parse_header_directive(std::string_view name) {
  const auto count = [this](std::string_view what) {
    return static_cast<std::uint32_t>(parse_count(lexer_, what, 0, kAnyU32));
  };
  if (name == "maxntid") {
    parse_dimensions(function_.max_threads, "a number of threads");
  } else if (name == "reqntid") {
    parse_dimensions(function_.required_threads, "a number of threads");
  } else if (name == "reqnctapercluster") {
    parse_dimensions(function_.required_blocks_per_cluster, "a number of blocks");
  } else if (name == "minnctapersm" || name == "maxnctapersm") {  // the second is the old name of the first
    function_.min_blocks_per_multiprocessor = count("a number of blocks");
  } else if (name == "maxnreg") {
    function_.max_registers = count("a number of registers");
  } else if (name == "maxclusterrank") {
    function_.max_blocks_per_cluster = count("a number of blocks");
  } else if (name == "explicitcluster") {
    function_.is_explicit_cluster = true;
  } else if (name == "blocksareclusters") {
    function_.launches_in_clusters = true;
  } else if (name == "noreturn") {
    function_.is_noreturn = true;
  } else if (name == "local_maxnreg" || name == "abi_preserve" || name == "abi_preserve_control") {
    count("a number of registers");  // advice to the register allocator
  } else if (name == "unified") {
    // A mark for the linker without an operand.
  } else if (name == "pragma") {
    do {
      const Token pragma = lexer_.expect(Token::Kind::kString, "the text of a pragma");
      function_.pragmas.push_back(
          {unescape(pragma.text), static_cast<std::uint32_t>(function_.instructions.size())});
    } while (lexer_.accept(','));
    lexer_.expect(';', "after `.pragma`");
  } else {
    return false;
  }
  return true;
}

void FunctionParser::parse_dimensions(std::uint32_t (&dimensions)[3], std::string_view what) {
  std::fill(std::begin(dimensions), std::end(dimensions), 1U);
  std::size_t at = 0;
  do {
    if (at == 3) lexer_.fail_expected("at most 3 dimensions");
    dimensions[at++] = static_cast<std::uint32_t>(parse_count(lexer_, what, 1, kAnyU32));
  } while (lexer_.accept(','));
}

}  // namespace drillpress::ptx
