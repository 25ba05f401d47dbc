#include "ptx/module_parser.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "ptx/constant.h"

namespace drillpress::ptx {

ModuleParser::ModuleParser(std::string_view text, FaultList& faults)
    : faults_(faults), lexer_(text), budget_(text.size()) {}

Module ModuleParser::parse() {
  try {
    parse_statements();
    check_symbols();
    finish_debug_info();
    if (faults_.empty() && module_.version_major == 0)
      faults_.add({1, 1, "missing `.version`: this is not PTX"});
    if (faults_.empty() && module_.target.empty()) faults_.add({1, 1, "missing `.target`: this is not PTX"});
  } catch (FaultList::Full&) {
    // The list that the caller holds says it all.
  }
  return std::move(module_);
}

void ModuleParser::parse_statements() {
  bool started = false;
  for (;;) {
    try {
      if (!std::exchange(started, true)) lexer_.advance();
      while (!lexer_.current().is(Token::Kind::kEnd)) parse_statement();
      return;
    } catch (Fault& fault) {
      faults_.add(std::move(fault));
      recover();
    }
  }
}

// Skips to behind the statement that a fault is in: its `;`, or the `}` of its body. A brace that closes an
// initial value is followed by `}`, `,` or `;`.
void ModuleParser::recover() {
  const auto goes_on = [this] {
    return lexer_.current().is('}') || lexer_.current().is(',') || lexer_.current().is(';');
  };
  for (std::size_t depth = 0;;) {
    try {
      while (!lexer_.current().is(Token::Kind::kEnd)) {
        if (depth == 0 && lexer_.accept(';')) return;
        if (lexer_.accept('{')) {
          ++depth;
        } else if (lexer_.accept('}')) {
          if (depth > 0) --depth;
          if (depth == 0 && !goes_on()) return;
        } else {
          lexer_.advance();
        }
      }
      return;
    } catch (Fault& fault) {
      faults_.add(std::move(fault));
    }
  }
}

void ModuleParser::parse_statement() {
  const Token start = lexer_.current();
  if (lexer_.accept(';')) return;
  if (!start.is(Token::Kind::kSuffix)) lexer_.fail_expected("a directive");
  const Linkage linkage = parse_linkage(lexer_);
  const Token directive = lexer_.expect(Token::Kind::kSuffix, "a function or variable");
  if (directive.text == "entry" || directive.text == "func") {
    return parse_function(linkage, directive.text == "entry");
  }
  if (const Space space = find_variable_space(directive.text); space != Space::kGeneric) {
    for (DeclaredVariable& declared : parse_variables(lexer_, space, linkage, budget_)) {
      add_variable(std::move(declared));
    }
    return;
  }
  if (!parse_directive(directive.text)) {
    Lexer::fail(directive, fmt::format("unknown directive {}", quoted(directive)));
  }
}

bool ModuleParser::parse_directive(std::string_view name) {
  if (name == "version") {
    parse_version();
  } else if (name == "target") {
    parse_target();
  } else if (name == "address_size") {
    const Token at = lexer_.current();
    if (parse_count(lexer_, "the size of an address", 32, 64) != 64) {
      Lexer::fail(at, "only 64-bit addresses are supported");
    }
  } else if (name == "file") {
    debug_info_.parse_file(lexer_);
  } else if (name == "loc") {
    debug_info_.parse_loc(lexer_);
  } else if (name == "section") {
    debug_info_.parse_section(lexer_);
  } else if (name == "alias") {
    parse_alias();
  } else if (name == "pragma") {
    do {
      lexer_.expect(Token::Kind::kString, "the text of a pragma");
    } while (lexer_.accept(','));
    lexer_.expect(';', "after `.pragma`");
  } else {
    return false;
  }
  return true;
}

void ModuleParser::parse_version() {
  const Token token = lexer_.expect(Token::Kind::kNumber, "a version such as `9.0`");
  const std::size_t dot = token.text.find('.');
  const auto number = [](std::string_view digits, std::uint32_t& value) {
    const char* end = digits.data() + digits.size();
    return std::from_chars(digits.data(), end, value).ptr == end && !digits.empty();
  };
  if (dot == std::string_view::npos || !number(token.text.substr(0, dot), module_.version_major) ||
      !number(token.text.substr(dot + 1), module_.version_minor) || module_.version_major == 0) {
    Lexer::fail(token, fmt::format("malformed version {}", quoted(token)));
  }
}

// `.target sm_90a` and options such as `debug` or `texmode_unified` after commas.
void ModuleParser::parse_target() {
  module_.target = lexer_.expect(Token::Kind::kIdentifier, "a target such as `sm_90`").text;
  while (lexer_.accept(',')) lexer_.expect(Token::Kind::kIdentifier, "an option of `.target`");
}

void ModuleParser::parse_alias() {
  const Token name = lexer_.expect(Token::Kind::kIdentifier, "the name of an alias");
  lexer_.expect(',', "after the name of an alias");
  const Token function = lexer_.expect(Token::Kind::kIdentifier, "the name of a function");
  lexer_.expect(';', "after `.alias`");
  const Entity target = names_.find(function.text);
  if (target.kind != Entity::Kind::kFunction) {
    Lexer::fail(function, fmt::format("unknown function {}", quoted(function)));
  }
  module_.aliases.push_back({std::string(name.text), std::string(function.text)});
  const Entity entity{Entity::Kind::kAlias, static_cast<std::uint32_t>(module_.aliases.size() - 1)};
  // The alias itself is declared as a function before, or nowhere.
  const Entity known = names_.find(name.text);
  if (known && known.kind != Entity::Kind::kFunction) {
    Lexer::fail(name, fmt::format("{} is already defined", quoted(name)));
  }
  if (!known) names_.declare(name.text, entity);
}

void ModuleParser::parse_function(const Linkage& linkage, bool is_entry) {
  FunctionParser parser({lexer_, faults_, budget_, debug_info_, names_, unknown_symbols_});
  Function function = parser.parse(linkage, is_entry);
  add_function(std::move(function), parser.name_token());
}

// A definition takes the place of the declaration before it, so that a module has one function of a name.
void ModuleParser::add_function(Function function, const Token& name) {
  const Entity known = names_.find(name.text);
  if (!known) {
    names_.declare(name.text,
                   {Entity::Kind::kFunction, static_cast<std::uint32_t>(module_.functions.size())});
    module_.functions.push_back(std::move(function));
    return;
  }
  if (known.kind == Entity::Kind::kFunction) {
    Function& before = module_.functions[known.index];
    if (function.is_declaration) return;
    if (before.is_declaration) {
      before = std::move(function);
      return;
    }
  }
  faults_.add({name.line, name.column, fmt::format("{} is already defined", quoted(name))});
}

void ModuleParser::add_variable(DeclaredVariable declared) {
  const Token& name = declared.name_token;
  const Entity known = names_.find(name.text);
  for (const Token& addressed : declared.addressed) unknown_symbols_.push_back(addressed);
  if (!known) {
    names_.declare(name.text, {Entity::Kind::kVariable, static_cast<std::uint32_t>(module_.globals.size())});
    module_.globals.push_back(std::move(declared.variable));
    return;
  }
  if (known.kind == Entity::Kind::kVariable) {
    Variable& before = module_.globals[known.index];
    if (declared.variable.is_extern) return;
    if (before.is_extern) {
      before = std::move(declared.variable);
      return;
    }
  }
  Lexer::fail(name, fmt::format("{} is already defined", quoted(name)));
}

void ModuleParser::finish_debug_info() {
  try {
    debug_info_.finish(module_, budget_.name_bytes);
  } catch (Fault& fault) {
    faults_.add(std::move(fault));
  }
}

void ModuleParser::check_symbols() {
  for (const Token& name : unknown_symbols_) {
    if (!names_.find(name.text)) {
      faults_.add({name.line, name.column, fmt::format("unknown name {}", quoted(name))});
    }
  }
}

}  // namespace drillpress::ptx
