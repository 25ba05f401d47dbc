// The names of one function body: registers, variables, labels, and the references to labels not yet met.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "ptx/lexer.h"
#include "ptx/module.h"
#include "ptx/scope.h"
#include "ptx/variables.h"

namespace drillpress::ptx {

/// Declares names in a function whose body is being parsed, appending to the function's lists, and finds them
/// again. Everything declared in `{ }` inside a body is seen only there, labels included, and labels also
/// before they occur.
class FunctionScope {
 public:
  FunctionScope(Function& function, Budget& budget);

  void enter();
  void leave();
  std::uint32_t depth() const { return names_.depth(); }

  /// What a name stands for here, or kNone; never a label.
  Entity find(std::string_view name) const;

  void declare_register(const Token& name, Type type);
  /// `name<count>`: name0, name1, …
  void declare_registers(const Token& prefix, std::uint64_t count, Type type);
  void declare_variable(DeclaredVariable declared);
  /// A parameter or return value, which is in its list already.
  void declare_parameter(const Token& name, Entity entity);
  void declare_label(const Token& name);
  /// A `.branchtargets`, `.callprototype` or `.calltargets` list: gives its unique name.
  std::string declare_list(const Token& name, Entity entity);

  /// Where the id of a label goes once it is known: operand 0 of a branch, or an element of a .branchtargets
  /// list.
  struct LabelReference {
    Token name;
    bool in_list;
    std::uint32_t owner;  ///< index of the instruction, or of the list
    std::uint32_t element;
  };
  void refer_to_label(const LabelReference& reference) { references_.push_back(reference); }

  /// Ends the body; gives references to labels that are nowhere in it.
  std::vector<LabelReference> finish();

 private:
  struct Range {
    RegisterId first;
    std::uint32_t count;
  };

  void declare(const Token& name, Entity entity, std::string_view what);
  Entity find_in_range(std::string_view name) const;
  std::string own_name(std::string_view name);
  void spend_registers(const Token& at, std::uint64_t count);
  bool any_taken(std::string_view prefix, std::uint64_t count) const;
  void resolve_references(std::size_t first);

  Function& function_;
  Budget& budget_;
  ScopedNames names_;
  ScopedNames labels_;
  ScopedNames range_ids_;  // by prefix; only the body's outermost scope has ranges
  std::vector<Range> ranges_;
  UniqueNames unique_;
  std::deque<std::string> made_names_;  // of ranges that are declared one by one
  std::vector<LabelReference> references_;
  std::vector<std::size_t> open_scope_references_;
};

}  // namespace drillpress::ptx
