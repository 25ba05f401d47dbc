// Follows cmark's inline tree through the text it came from, so that every inline gets its true place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/body_lines.h"

namespace drillpress::markdown {

/// cmark-gfm's own inline positions are wrong after line breaks inside links, in table cells with escaped
/// pipes, for extended autolinks and after stripped definitions. The tree tells in order what was recognised,
/// which leaves hardly any freedom in how it was written: the cursor consumes exactly that. Positions are
/// offsets in the block's text.
class InlineCursor {
 public:
  explicit InlineCursor(std::string_view content) : content_(content) {}

  std::size_t at() const { return at_; }
  /// True once the text did not agree with the tree: positions are then meaningless. A bug, kept harmless.
  bool lost() const { return lost_; }

  /// Consumes written text that reads as `literal`. `<autolinks>` take backslashes literally; bare ones are
  /// slices of the text, except e-mail addresses, which are found in text that was read already.
  enum class Reading { kText, kAngleAutolink, kBareAutolink };
  void text(std::string_view literal, Reading reading);
  void line_break();
  void code_span();
  void verbatim(std::string_view written);
  void footnote_reference();
  /// Consumes `count` delimiter characters of `set`.
  void delimiter(std::string_view set, std::size_t count);
  /// Length of the run of `c` here.
  std::size_t run_length(char c) const;

  enum class LinkForm { kBracket, kAngle, kBare };
  LinkForm open_link(bool image);
  /// What followed a link's text.
  struct LinkTail {
    std::optional<Extent> destination;  ///< of an inline link
    std::string label;                  ///< of a reference link, as written; `text` gives it when empty
  };
  /// `text_begin`: where the link's text began. `destination`: what the tree says it leads to.
  LinkTail close_bracket(std::size_t text_begin, std::string_view destination);

  /// Positions of unescaped `{{`, `[^` and `$$` that were read as plain text.
  const std::vector<std::size_t>& suspects() const { return suspects_; }

 private:
  bool consume_character(std::string_view literal, std::size_t& read, Reading reading);
  std::optional<Extent> inline_destination(std::string_view destination);

  std::string_view content_;
  std::size_t at_ = 0;
  bool lost_ = false;
  std::vector<std::size_t> suspects_;
};

}  // namespace drillpress::markdown
