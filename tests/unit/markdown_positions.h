// What must hold for the positions of any document: every node's bytes are the bytes it was written as.
#pragma once

#include <string>
#include <vector>

#include "base/text.h"
#include "markdown/document.h"

namespace drillpress::markdown::testing {

inline bool contains_any(std::string_view text, std::string_view set) {
  return text.find_first_of(set) != std::string_view::npos;
}

inline std::string check_inline(const Node& node, std::string_view written) {
  const auto starts = [&](std::string_view with) { return written.substr(0, with.size()) == with; };
  const auto ends = [&](std::string_view with) {
    return written.size() >= with.size() && written.substr(written.size() - with.size()) == with;
  };
  switch (node.kind) {
    case Kind::kText:
      if (!contains_any(written, "\\&\n\r") && written.find('\0') == std::string_view::npos &&
          written.find("<!--") == std::string_view::npos && written != node.literal) {
        return "text reads differently";
      }
      return written.size() < node.literal.size() && !contains_any(written, "&") ? "text is too short" : "";
    case Kind::kCodeSpan: {
      if (!starts("`") || !ends("`")) return "code span without backticks";
      const std::size_t ticks = written.find_first_not_of('`');
      const std::string_view inside = written.substr(ticks, written.size() - 2 * ticks);
      if (contains_any(inside, "\n\\")) return "";
      return base::trim(inside) == base::trim(node.literal) ? "" : "code span reads differently";
    }
    case Kind::kEmphasis:
      return (starts("*") && ends("*")) || (starts("_") && ends("_")) ? "" : "emphasis";
    case Kind::kStrong:
      return (starts("**") && ends("**")) || (starts("__") && ends("__")) ? "" : "strong";
    case Kind::kStrikethrough:
      return starts("~") && ends("~") ? "" : "strikethrough";
    case Kind::kImage:
      return starts("![") && (ends(")") || ends("]")) ? "" : "image";
    case Kind::kLink: {
      const auto& link = std::get<Link>(node.data);
      if (!link.autolink) return starts("[") && (ends(")") || ends("]")) ? "" : "link";
      return written.find('\n') == std::string_view::npos ? "" : "autolink over lines";
    }
    case Kind::kFootnoteReference:
      return starts("[^") && ends("]") ? "" : "footnote reference";
    case Kind::kDirective:
      return starts("{{") && ends("}}") ? "" : "directive";
    case Kind::kSoftBreak:
    case Kind::kLineBreak:
      return contains_any(written, "\n\r") ? "" : "line break without one";
    default:
      return "";
  }
}

inline std::string check_code(const Document& document, const Node& node) {
  const auto& block = std::get<CodeBlock>(node.data);
  const auto lines = base::split_lines(node.literal);
  if (lines.size() != block.line_offsets.size()) return "code lines and offsets differ in number";
  const std::string& text = document.source()->text();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (text.find('\t') != std::string::npos || text.find('\0') != std::string::npos) continue;
    if (text.compare(block.line_offsets[i], line.size(), line) != 0) return "code line is elsewhere";
  }
  return "";
}

/// Everything that is wrong, one line each.
inline std::vector<std::string> position_errors(const Document& document) {
  std::vector<std::string> errors;
  const std::string& text = document.source()->text();
  for (NodeId id = 0; id < document.nodes().size(); ++id) {
    const Node& node = document.node(id);
    const auto fail = [&](const std::string& what) {
      errors.push_back(what + ": node " + std::to_string(id) + " [" + std::to_string(node.source_begin) +
                       "," + std::to_string(node.source_end) + ") `" + std::string(document.span(id).text()) +
                       "` literal `" + node.literal + "`");
    };
    if (node.source_begin > node.source_end || node.source_end > text.size()) {
      errors.push_back("span outside the file: node " + std::to_string(id));
      continue;
    }
    if (id != kRoot) {
      const Node& parent = document.node(node.parent);
      if (node.source_begin < parent.source_begin || node.source_end > parent.source_end)
        fail("outside its parent");
      if (node.depth != parent.depth + 1) fail("wrong depth");
    }
    NodeId before = kNoNode;
    for (const NodeId child : document.children(id)) {
      if (document.node(child).parent != id) fail("wrong parent");
      // Footnotes are moved to the end of the document.
      if (before != kNoNode && document.node(child).kind != Kind::kFootnoteDefinition &&
          document.node(before).source_end > document.node(child).source_begin) {
        fail("children overlap");
      }
      before = child;
    }
    const std::string inline_error = check_inline(node, document.span(id).text());
    if (!inline_error.empty()) fail(inline_error);
    if (node.kind == Kind::kCodeBlock) {
      const std::string code_error = check_code(document, node);
      if (!code_error.empty()) fail(code_error);
    }
  }
  return errors;
}

}  // namespace drillpress::markdown::testing
