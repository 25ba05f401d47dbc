#include "ptx/function_scope.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace drillpress::ptx {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::uint32_t kNoNumber = ~std::uint32_t{0};

// `%rd12` → `%rd` and 12; kNoNumber where no register of a range is so written (`%rd012`, `%rd`).
std::pair<std::string_view, std::uint32_t> split_number(std::string_view name) {
  std::size_t digits = name.size();
  while (digits > 0 && is_digit(name[digits - 1])) --digits;
  const std::string_view number = name.substr(digits);
  if (number.empty() || number.size() > 9 || (number[0] == '0' && number.size() > 1))
    return {name, kNoNumber};
  std::uint32_t value = 0;
  for (const char c : number) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return {name.substr(0, digits), value};
}

void append_number(std::string& name, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  (void)error;  // 20 digits hold any number of 64 bits
  name.append(digits, end);
}

}  // namespace

FunctionScope::FunctionScope(Function& function, Budget& budget) : function_(function), budget_(budget) {}

Entity FunctionScope::find(std::string_view name) const {
  const Entity entity = names_.find(name);
  return entity ? entity : find_in_range(name);
}

Entity FunctionScope::find_in_range(std::string_view name) const {
  if (!is_digit(name.back())) return {};
  const auto [prefix, number] = split_number(name);
  const Entity range = range_ids_.find(prefix);
  if (!range || number >= ranges_[range.index].count) return {};
  return {Entity::Kind::kRegister, ranges_[range.index].first + number};
}

// A name that nothing else in the function has, members of ranges included.
std::string FunctionScope::own_name(std::string_view name) {
  std::string own = unique_.claim(name);
  while (find_in_range(own)) own = unique_.claim(name);
  return own;
}

void FunctionScope::declare(const Token& name, Entity entity, std::string_view what) {
  const bool in_range = depth() == 0 && find(name.text);
  if (in_range || !names_.declare(name.text, entity)) {
    Lexer::fail(name, fmt::format("{} {} is already declared in this scope", what, quoted(name)));
  }
}

void FunctionScope::spend_registers(const Token& at, std::uint64_t count) {
  if (count > budget_.registers) Lexer::fail(at, "more registers than a text of this size can use");
  budget_.registers -= count;
}

void FunctionScope::declare_register(const Token& name, Type type) {
  spend_registers(name, 1);
  declare(name, {Entity::Kind::kRegister, static_cast<RegisterId>(function_.registers.size())}, "register");
  function_.registers.push_back({own_name(name.text), type});
}

bool FunctionScope::any_taken(std::string_view prefix, std::uint64_t count) const {
  if (unique_.empty()) return false;
  std::string name(prefix);
  for (std::uint64_t i = 0; i < count; ++i) {
    name.resize(prefix.size());
    append_number(name, i);
    if (unique_.is_taken(name)) return true;
  }
  return false;
}

void FunctionScope::declare_registers(const Token& prefix, std::uint64_t count, Type type) {
  spend_registers(prefix, count);
  const std::string_view text = prefix.text;
  const bool one_by_one =
      depth() != 0 || is_digit(text.back()) || range_ids_.find(text) || any_taken(text, count);
  if (one_by_one) {
    budget_.registers += count;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string& name = made_names_.emplace_back(text);
      append_number(name, i);
      Token token = prefix;
      token.text = name;
      declare_register(token, type);
    }
    return;
  }
  range_ids_.declare(text, {Entity::Kind::kRange, static_cast<std::uint32_t>(ranges_.size())});
  ranges_.push_back({static_cast<RegisterId>(function_.registers.size()), static_cast<std::uint32_t>(count)});
  std::string name(text);
  for (std::uint64_t i = 0; i < count; ++i) {
    name.resize(text.size());
    append_number(name, i);
    function_.registers.push_back({name, type});
  }
}

void FunctionScope::declare_variable(DeclaredVariable declared) {
  const auto index = static_cast<std::uint32_t>(function_.variables.size());
  declare(declared.name_token, {Entity::Kind::kVariable, index}, "variable");
  declared.variable.name = own_name(declared.name_token.text);
  function_.variables.push_back(std::move(declared.variable));
}

void FunctionScope::declare_parameter(const Token& name, Entity entity) {
  declare(name, entity, "parameter");
  own_name(name.text);
}

void FunctionScope::declare_label(const Token& name) {
  const auto id = static_cast<LabelId>(function_.labels.size());
  if (!labels_.declare(name.text, {Entity::Kind::kLabel, id})) {
    Lexer::fail(name, fmt::format("label {} is already defined in this scope", quoted(name)));
  }
  function_.labels.push_back(
      {own_name(name.text), static_cast<std::uint32_t>(function_.instructions.size())});
}

std::string FunctionScope::declare_list(const Token& name, Entity entity) {
  declare(name, entity, "list");
  return own_name(name.text);
}

void FunctionScope::enter() {
  names_.enter();
  labels_.enter();
  open_scope_references_.push_back(references_.size());
}

void FunctionScope::leave() {
  resolve_references(open_scope_references_.back());
  open_scope_references_.pop_back();
  names_.leave();
  labels_.leave();
}

// Resolves what refers to labels of the scope that ends, and keeps the rest for the scope around it.
void FunctionScope::resolve_references(std::size_t first) {
  std::size_t kept = first;
  for (std::size_t i = first; i < references_.size(); ++i) {
    const LabelReference& reference = references_[i];
    const Entity label = labels_.find_innermost(reference.name.text);
    if (!label) {
      references_[kept++] = reference;
    } else if (reference.in_list) {
      function_.branch_targets[reference.owner].labels[reference.element] = label.index;
    } else {
      function_.instructions[reference.owner].operands[reference.element].label = label.index;
    }
  }
  references_.resize(kept);
}

std::vector<FunctionScope::LabelReference> FunctionScope::finish() {
  resolve_references(0);
  return std::move(references_);
}

}  // namespace drillpress::ptx
