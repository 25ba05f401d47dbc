// The faults of one parse, up to a limit.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ptx/lexer.h"
#include "ptx/parser.h"

namespace drillpress::ptx {

class FaultList {
 public:
  static constexpr std::size_t kMost = 20;

  /// Thrown by `add` when the list is full: the parse ends.
  struct Full {};

  void add(Fault fault) {
    // One message about a name is enough, wherever else it occurs.
    if (!messages_.insert(fault.message).second && fault.message.rfind("unknown ", 0) == 0) return;
    errors_.push_back({fault.line, fault.column, std::move(fault.message)});
    if (errors_.size() == kMost) throw Full{};
  }
  bool empty() const { return errors_.empty(); }

  /// In the order of the text: names are checked when the module ends.
  std::vector<ParseError> take() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const ParseError& a, const ParseError& b) {
      return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return std::move(errors_);
  }

 private:
  std::vector<ParseError> errors_;
  std::set<std::string> messages_;
};

}  // namespace drillpress::ptx
