// Template text → pieces (markup, output tags, block tags), and a tag's inside → tokens.
#pragma once

#include <string_view>
#include <vector>

#include "base/source.h"
#include "diagnostics/sink.h"

namespace drillpress::templating {

struct Piece {
  enum class Kind { kText, kOutput, kBlock };
  Kind kind;
  base::Span span;    ///< with the braces
  base::Span inside;  ///< without them
};

/// The pieces in order, without comments. A line that holds nothing but block tags, comments and a layout's
/// `{{ content }}` leaves no trace of its own: its indentation and its line break are dropped. An unclosed
/// tag is reported and ends the list.
std::vector<Piece> split_pieces(const base::SourcePtr& source, diagnostics::Sink& sink);

struct Token {
  enum class Kind { kName, kText, kInteger, kSymbol, kEnd };
  Kind kind;
  base::Span span;  ///< of a text with its quotes

  std::string_view spelling() const { return span.text(); }
};

/// The tokens of a tag, ended by one kEnd token at the tag's end. Stops at the first character that belongs
/// to none, which is reported; `ok` is then false.
struct Tokens {
  std::vector<Token> list;
  bool ok = true;
};
Tokens split_tokens(const base::Span& inside, diagnostics::Sink& sink);

}  // namespace drillpress::templating
