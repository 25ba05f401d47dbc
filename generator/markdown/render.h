// Document to HTML, with the site's decisions (highlighting, final URLs, directives) supplied as hooks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "markdown/document.h"

namespace drillpress::markdown {

/// What the caller decides. Every member is optional; an empty one means the plain rendering. The functions
/// that give HTML must give complete, escaped HTML.
struct Hooks {
  /// HTML of a whole code block.
  std::function<std::string(const Node& node, const CodeBlock& block)> code_block = {};
  /// Final URL of a link or image (not HTML-escaped), or nothing to keep the author's.
  std::function<std::optional<std::string>(const Node& node, const Link& link)> destination = {};
  /// HTML of a directive: flow content when `directive.block`, else phrasing content. Without the hook a
  /// directive is rendered as the text that was written.
  std::function<std::string(const Node& node, const Directive& directive)> directive = {};
  /// HTML of a formula: flow content when `formula.block`, else phrasing content. Without the hook a formula
  /// is rendered as its TeX in `<code>`.
  std::function<std::string(const Node& node, const Formula& formula)> formula = {};
  /// HTML of a run of text, or nothing for the text itself.
  std::function<std::optional<std::string>(const Node& node)> text = {};
  /// HTML appended inside a heading, for example a link to itself.
  std::function<std::string(const Node& node, const Heading& heading)> heading_anchor = {};
  /// Attributes added to the checkbox of a task item, without leading space: `data-checklist="x"`.
  std::function<std::string(const Node& node, const Item& item)> task_attributes = {};
};

enum class Profile {
  kSite,  ///< ids on headings, wrapped tables, labelled check boxes, alignment by class: no inline style
  kCommonMark,  ///< exactly the HTML of the CommonMark and GitHub specifications' examples
};

/// The whole document, footnotes last.
std::string render_html(const Document& document, const Hooks& hooks = {}, Profile profile = Profile::kSite);

/// The nodes of one section, without its heading and without footnotes.
std::string render_section(const Document& document, const Section& section, const Hooks& hooks = {},
                           Profile profile = Profile::kSite);

/// The children of one node (a heading's or paragraph's inlines, a list item's blocks).
std::string render_children(const Document& document, NodeId id, const Hooks& hooks = {},
                            Profile profile = Profile::kSite);

/// The list of footnotes, `<section class="footnotes">…`; empty when the document has none.
std::string render_footnotes(const Document& document, const Hooks& hooks = {},
                             Profile profile = Profile::kSite);

/// A heading and the headings below it, in document order.
struct OutlineEntry {
  NodeId heading = kNoNode;
  int level = 1;
  std::string id;
  std::string html;  ///< the heading's inlines without links, footnote references and directives
  std::string text;  ///< plain text
  std::vector<OutlineEntry> children = {};
};
std::vector<OutlineEntry> outline(const Document& document);

/// Text with `& < > "` as entities: the CommonMark examples' escaping.
std::string escape_text(std::string_view text);

/// A URL made safe for an `href`: characters outside RFC 3986's sets percent-encoded, `&` and `'` as
/// entities.
std::string escape_url(std::string_view url);

}  // namespace drillpress::markdown
