#include "markdown/renderer.h"

namespace drillpress::markdown {

void Renderer::render_range(NodeId begin, NodeId end) {
  // The nodes that are open, innermost last: each is left when the pre-order reaches its end.
  std::vector<NodeId> open;
  for (NodeId id = begin; id < end;) {
    const Node& node = document_.node(id);
    enter(id);
    open.push_back(id);
    // An image's children are its description, which is an attribute.
    id = node.kind == Kind::kImage ? node.end : id + 1;
    while (!open.empty() && document_.node(open.back()).end <= id) {
      leave(open.back());
      open.pop_back();
    }
  }
}

void Renderer::enter(NodeId id) {
  document_.node(id).kind < Kind::kText ? enter_block(id) : enter_inline(id);
}
void Renderer::leave(NodeId id) {
  document_.node(id).kind < Kind::kText ? leave_block(id) : leave_inline(id);
}

void Renderer::line_start() {
  if (!out_.empty() && out_.back() != '\n') out_ += '\n';
}

namespace {

// Footnote definitions are the last children of the document.
NodeId first_footnote(const Document& document) {
  for (const NodeId id : document.children(kRoot)) {
    if (document.node(id).kind == Kind::kFootnoteDefinition) return id;
  }
  return document.node(kRoot).end;
}

}  // namespace

void Renderer::render_footnotes() {
  const NodeId first = first_footnote(document_);
  const NodeId end = document_.node(kRoot).end;
  if (first == end) return;
  line_start();
  out_ += site_ ? "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n"
                : "<section class=\"footnotes\" data-footnotes>\n<ol>\n";
  render_range(first, end);
  out_ += "</ol>\n</section>\n";
}

std::string render_html(const Document& document, const Hooks& hooks, Profile profile) {
  Renderer renderer(document, hooks, profile);
  renderer.render_range(kRoot + 1, first_footnote(document));
  renderer.render_footnotes();
  return renderer.take();
}

std::string render_section(const Document& document, const Section& section, const Hooks& hooks,
                           Profile profile) {
  Renderer renderer(document, hooks, profile);
  renderer.render_range(section.begin, section.end);
  return renderer.take();
}

std::string render_children(const Document& document, NodeId id, const Hooks& hooks, Profile profile) {
  Renderer renderer(document, hooks, profile);
  renderer.render_range(id + 1, document.node(id).end);
  return renderer.take();
}

std::string render_footnotes(const Document& document, const Hooks& hooks, Profile profile) {
  Renderer renderer(document, hooks, profile);
  renderer.render_footnotes();
  return renderer.take();
}

}  // namespace drillpress::markdown
