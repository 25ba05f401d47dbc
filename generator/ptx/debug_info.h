// Where instructions come from: `.file`, `.loc`, and the names of inlined functions in `.section .debug_str`.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ptx/lexer.h"
#include "ptx/module.h"

namespace drillpress::ptx {

/// Gathers a module's debug directives. Each `parse_` is called with the directive's name taken.
/// PTX ISA section "Debugging Directives".
class DebugInfo {
 public:
  /// `.file number "path" [, timestamp, size]`
  void parse_file(Lexer& lexer);
  /// `.loc file line column [, function_name label [+ offset], inlined_at file line column]`: the place of
  /// the instructions from here on.
  void parse_loc(Lexer& lexer);
  /// `.section .name { data and labels }`
  void parse_section(Lexer& lexer);

  const Location& location() const { return location_; }
  /// Forgets the place: a function begins.
  void begin_function();
  /// Moves files and inline sites, with the names that the debug strings give them, into the module. Faults
  /// if the names add up to more than `most_name_bytes`: many sites may share one long string.
  void finish(Module& module, std::uint64_t most_name_bytes);

 private:
  struct PendingSite {
    Location location;
    std::string_view label;
    std::uint64_t offset;
    bool operator==(const PendingSite&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Location& location) const;
    std::size_t operator()(const PendingSite& site) const;
  };

  Location parse_place(Lexer& lexer);
  void parse_strings(Lexer& lexer);
  std::string string_at(std::string_view label, std::uint64_t offset) const;

  Location location_;
  std::unordered_map<Location, std::int32_t, Hash> inlined_;  // latest inlined_at of a place of this function
  std::unordered_map<PendingSite, std::int32_t, Hash> site_ids_;
  std::vector<PendingSite> sites_;
  std::vector<SourceFile> files_;
  std::string strings_;
  Token strings_section_;
  std::unordered_map<std::string_view, std::size_t> string_labels_;
};

/// The text of a PTX string with its escapes (`\"`, `\\`, `\n`, `\t`, octal) resolved.
std::string unescape(std::string_view text);

}  // namespace drillpress::ptx
