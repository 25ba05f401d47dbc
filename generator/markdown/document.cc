#include "markdown/document.h"

#include <algorithm>

#include "markdown/ids.h"

namespace drillpress::markdown {
namespace {

bool is_block(Kind kind) {
  return kind < Kind::kText;
}

}  // namespace

const Attribute* CodeBlock::find(std::string_view key) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [key](const Attribute& a) { return a.key == key; });
  return found == attributes.end() ? nullptr : &*found;
}

std::size_t Formula::file_offset(std::size_t literal_offset) const {
  std::size_t offset = 0;
  for (const Place& place : places) {
    if (offset == 0 || place.literal <= literal_offset) offset = place.file + literal_offset - place.literal;
  }
  return offset;
}

Document::Document(base::SourcePtr source, std::size_t body_offset, std::vector<Node> nodes)
    : source_(std::move(source)), body_offset_(body_offset), nodes_(std::move(nodes)) {}

std::string plain_text(const std::vector<Node>& nodes, NodeId id) {
  std::string text;
  const auto separate = [&text] {
    if (!text.empty() && text.back() != ' ') text += ' ';
  };
  for (NodeId at = id; at < nodes[id].end; ++at) {
    const Node& node = nodes[at];
    if (node.kind == Kind::kSoftBreak || node.kind == Kind::kLineBreak || is_block(node.kind)) separate();
    if (node.kind == Kind::kText || node.kind == Kind::kCodeSpan || node.kind == Kind::kCodeBlock ||
        node.kind == Kind::kFormula) {
      text += node.literal;
    }
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string plain_text(const Document& document, NodeId id) {
  return plain_text(document.nodes(), id);
}

std::string image_description(const Document& document, NodeId id) {
  std::string text;
  for (NodeId at = id + 1; at < document.node(id).end; ++at) {
    const Node& node = document.node(at);
    if (node.kind == Kind::kText || node.kind == Kind::kCodeSpan || node.kind == Kind::kHtmlInline)
      text += node.literal;
    if (node.kind == Kind::kSoftBreak || node.kind == Kind::kLineBreak) text += ' ';
  }
  return text;
}

std::vector<LinkUse> links(const Document& document) {
  std::vector<LinkUse> found;
  for (NodeId id = 0; id < document.nodes().size(); ++id) {
    const Kind kind = document.node(id).kind;
    if (kind == Kind::kLink || kind == Kind::kImage) found.push_back({id, kind == Kind::kImage});
  }
  return found;
}

std::vector<Section> sections(const Document& document) {
  std::vector<Section> found;
  Section current;
  current.begin = kRoot + 1;
  const auto finish = [&](NodeId end) {
    current.end = end;
    if (current.heading != kNoNode || current.begin < end) found.push_back(current);
  };
  NodeId end = kRoot + 1;
  for (const NodeId id : document.children(kRoot)) {
    const Node& node = document.node(id);
    if (node.kind == Kind::kFootnoteDefinition) break;  // they come last
    end = node.end;
    const auto* heading = std::get_if<Heading>(&node.data);
    if (!heading || heading->level != 2) continue;
    finish(id);
    current = {id, heading->id, plain_text(document, id), node.end, node.end};
  }
  finish(std::max(end, current.begin));
  return found;
}

}  // namespace drillpress::markdown
