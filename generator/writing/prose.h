// The running text of a page, block by block, with the place in the file of every byte.
#pragma once

#include <string>
#include <vector>

#include "markdown/document.h"

namespace drillpress::writing {

/// Text of one paragraph, heading or table cell. Code, formulas, directives and footnote marks are a single
/// `\x1a` each: something stands there that is no word.
struct Prose {
  markdown::NodeId block = markdown::kNoNode;
  std::string text;
  std::vector<std::size_t> offsets;  ///< byte offset in the file of each byte of the text

  base::Span span(const markdown::Document& document, std::size_t begin, std::size_t end) const;
};

inline constexpr char kNoWord = '\x1a';

/// All of them in document order.
std::vector<Prose> prose_of(const markdown::Document& document);

}  // namespace drillpress::writing
