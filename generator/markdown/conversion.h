// State of turning one cmark tree into a Document, shared by its block and inline halves.
#pragma once

#include <cmark-gfm.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "markdown/body_lines.h"
#include "markdown/builder.h"
#include "markdown/content_map.h"
#include "markdown/formula.h"
#include "markdown/parse.h"

namespace drillpress::markdown {

/// A reference link whose definition is not found yet.
struct PendingReference {
  NodeId node;
  std::string label;  ///< normalised
};

struct Conversion {
  const BodyLines& lines;
  diagnostics::Sink& sink;
  ParseOptions options;
  Builder builder;
  std::vector<bool> covered;  ///< by 1-based line: belongs to a block of the tree
  std::vector<PendingReference> pending = {};
  std::map<int, int> footnote_uses = {};  ///< by footnote number
  bool reported_html = false;

  void report(diagnostics::Code code, Extent extent, std::string message, std::string help);
  /// Reports HTML at `begin` of the text that `map` maps, unless it is a comment.
  void report_html(std::string_view html, std::size_t begin, const ContentMap& map);
  void cover(int first_line, int last_line);
};

/// The text of a block with inlines, and where it lies.
struct InlineText {
  std::string_view content;
  ContentMap map;
  Extent whole;  ///< of the block
};

struct TrailingId {
  std::string id;
  Extent extent;
};

struct InlineRequest {
  bool takes_id = false;              ///< a `{#id}` at the end belongs to the block
  std::size_t drop_bytes = 0;         ///< of the first text: a task's box, which is not text
  const cmark_node* after = nullptr;  ///< leave out the inlines up to and including this one
};

/// Adds the inlines of a block to the innermost open node; gives the id that ended them, if any.
std::optional<TrailingId> convert_inlines(Conversion& conversion, cmark_node* block, const InlineText& text,
                                          InlineRequest request);

/// Reports a formula that stands or reads otherwise than its author can have meant; its TeX is then empty.
void check_formula(Conversion& conversion, Extent whole, FormulaText& read);

/// Adds the whole tree.
void convert_blocks(Conversion& conversion, cmark_node* document);

/// Name of a cmark node's type; extensions' types have no public constants.
inline std::string_view type_name(cmark_node* node) {
  return cmark_node_get_type_string(node);
}
inline std::string_view literal_of(cmark_node* node) {
  const char* literal = cmark_node_get_literal(node);
  return literal ? literal : "";
}

}  // namespace drillpress::markdown
