#include "writing/prose.h"

namespace drillpress::writing {
namespace {

using markdown::Kind;
using markdown::Node;

void append(Prose& prose, const Node& node) {
  // Where escapes or entities make the source longer than the text, every byte is placed at the node's begin.
  const bool same = node.source_end - node.source_begin == node.literal.size();
  for (std::size_t i = 0; i < node.literal.size(); ++i) {
    prose.text += node.literal[i];
    prose.offsets.push_back(node.source_begin + (same ? i : 0));
  }
}

void append(Prose& prose, char c, std::size_t offset) {
  prose.text += c;
  prose.offsets.push_back(offset);
}

bool holds_inlines(Kind kind) {
  return kind == Kind::kParagraph || kind == Kind::kHeading || kind == Kind::kTableCell;
}

bool is_address(const Node& node) {
  const auto* link = std::get_if<markdown::Link>(&node.data);
  return link != nullptr && link->autolink;
}

}  // namespace

base::Span Prose::span(const markdown::Document& document, std::size_t begin, std::size_t end) const {
  if (begin >= end || end > offsets.size()) return document.span(block);
  return {document.source(), offsets[begin], offsets[end - 1] + 1};
}

std::vector<Prose> prose_of(const markdown::Document& document) {
  std::vector<Prose> all;
  for (markdown::NodeId id = 0; id < document.nodes().size(); ++id) {
    if (!holds_inlines(document.node(id).kind)) continue;
    Prose prose;
    prose.block = id;
    for (markdown::NodeId at = id + 1; at < document.node(id).end;) {
      const Node& node = document.node(at);
      if (node.kind == Kind::kText) {
        append(prose, node);
      } else if (node.kind == Kind::kSoftBreak || node.kind == Kind::kLineBreak) {
        append(prose, ' ', node.source_begin);
      } else if (node.kind == Kind::kImage || is_address(node) || node.end == at + 1) {
        append(prose, kNoWord, node.source_begin);
        at = node.end;
        continue;
      }
      ++at;
    }
    all.push_back(std::move(prose));
  }
  return all;
}

}  // namespace drillpress::writing
