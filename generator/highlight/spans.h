// Collects classified spans in order and joins neighbours of one class.
#pragma once

#include <vector>

#include "highlight/highlight.h"

namespace drillpress::highlight {

class Spans {
 public:
  explicit Spans(std::size_t text_size) { spans_.reserve(text_size / 4 + 8); }

  /// Classifies everything from the end of the last span to `end`.
  void upto(std::size_t end, TokenClass token_class) {
    const auto to = static_cast<std::uint32_t>(end);
    if (to == at_) return;
    if (!spans_.empty() && spans_.back().token_class == token_class) {
      spans_.back().end = to;
    } else {
      spans_.push_back({at_, to, token_class});
    }
    at_ = to;
  }
  std::size_t at() const { return at_; }
  std::vector<Classified> take() { return std::move(spans_); }

 private:
  std::vector<Classified> spans_;
  std::uint32_t at_ = 0;
};

}  // namespace drillpress::highlight
