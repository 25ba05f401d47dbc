// The only place that runs cmark-gfm: body text in, its tree out, from any thread.
#pragma once

#include <cmark-gfm.h>

#include <memory>
#include <string>
#include <string_view>

namespace drillpress::markdown {

struct CmarkNodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using CmarkTree = std::unique_ptr<cmark_node, CmarkNodeDeleter>;

/// Parses text whose lines end in LF. With `extensions`: GitHub's, and `{{ … }}`, `{#…}` and formulas as HTML
/// inlines, which alone begin with a brace or a dollar (custom inlines would say more, but table cells refuse
/// them).
CmarkTree parse_cmark(const std::string& text, bool extensions);

/// The joined lines of a block with inlines, link reference definitions taken out. (The library's own
/// accessor gives a C string, but does not always end it.) Only for nodes with children: those of others may
/// be uninitialised.
std::string_view content_of(cmark_node* node);

/// Text with CR LF and CR as LF, and NUL as a space: as many bytes on every line as in the file.
std::string normalised_body(std::string_view body);

/// A URL or a title as CommonMark reads it: escapes and entities resolved.
std::string unescape(std::string_view text);
/// The bytes an entity at the front of `text` (which begins after the `&`) stands for and how long it is with
/// its semicolon; length 0 when there is none.
struct Entity {
  std::string bytes;
  std::size_t length = 0;
};
Entity read_entity(std::string_view text);
/// A reference label for comparison: case folded, blanks collapsed (CommonMark 0.29, "matches").
std::string normalised_label(std::string_view label);

}  // namespace drillpress::markdown
