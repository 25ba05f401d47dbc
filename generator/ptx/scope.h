// Names of a PTX text and what they stand for, by hash, with nested scopes that shadow and give back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace drillpress::ptx {

/// What a name stands for: a kind and an index into the list that the kind implies.
struct Entity {
  enum class Kind : std::uint8_t {
    kNone,
    kRegister,       ///< Function::registers
    kVariable,       ///< Function::variables, or Module::globals at module level
    kParameter,      ///< Function::parameters
    kReturn,         ///< Function::returns
    kLabel,          ///< Function::labels
    kBranchTargets,  ///< Function::branch_targets
    kPrototype,      ///< Function::prototypes
    kCallTargets,    ///< Function::call_targets
    kRange,          ///< registers `prefix<n>`; the index is the parser's own
    kFunction,       ///< Module::functions
    kAlias,          ///< Module::aliases
  };
  Kind kind = Kind::kNone;
  std::uint32_t index = 0;

  explicit operator bool() const { return kind != Kind::kNone; }
};

/// A map from names to entities with scopes. Every operation takes constant time on average; leaving a scope
/// takes time in proportion to what it declared. Keys are views: the names must outlive the map.
class ScopedNames {
 public:
  ScopedNames();

  void enter();
  /// Forgets what the innermost scope declared and uncovers what that hid.
  void leave();
  std::uint32_t depth() const { return static_cast<std::uint32_t>(marks_.size()); }

  /// False, and nothing changed, if the innermost scope has declared the name already.
  bool declare(std::string_view name, Entity entity);
  /// Replaces what the visible declaration of the name stands for; the name must be declared.
  void update(std::string_view name, Entity entity);
  Entity find(std::string_view name) const;
  /// As find, but only what the innermost scope itself declared.
  Entity find_innermost(std::string_view name) const;

 private:
  struct Entry {
    std::string_view name;
    std::uint64_t hash;
    Entity entity;
    std::uint32_t depth = 0;
  };
  struct Hidden {
    std::uint32_t entry;
    Entity entity;
    std::uint32_t depth;
  };

  std::size_t slot_of(std::string_view name, std::uint64_t hash) const;
  void grow();

  std::vector<std::uint32_t> slots_;  // index into entries_ plus 1; 0: free
  std::vector<Entry> entries_;
  std::vector<Hidden> hidden_;
  std::vector<std::size_t> marks_;  // size of hidden_ when each open scope began
};

/// Gives every register, variable and label of a function a name of its own, as the module's values promise:
/// a name that an inner scope uses again becomes `name$2`, `name$3`, …
class UniqueNames {
 public:
  /// The name itself if it is free, else one made from it; taken from then on.
  std::string claim(std::string_view name);
  bool is_taken(std::string_view name) const { return taken_.find(name) != taken_.end(); }
  bool empty() const { return taken_.empty(); }

 private:
  std::unordered_map<std::string_view, std::uint32_t> taken_;  // and the last number appended to it
  std::deque<std::string> storage_;
};

}  // namespace drillpress::ptx
