// Writes nodes as HTML: one pass over the pre-order, no recursion.
#pragma once

#include <string>
#include <vector>

#include "markdown/render.h"

namespace drillpress::markdown {

/// What a rendering leaves out besides the profile's choices.
struct RenderScope {
  bool interactive = true;  ///< false inside an outline: no links, footnote references or directives
};

class Renderer {
 public:
  Renderer(const Document& document, const Hooks& hooks, Profile profile, RenderScope scope = {})
      : document_(document), hooks_(hooks), site_(profile == Profile::kSite), scope_(scope) {}

  /// Renders the nodes [begin, end), which must be whole siblings.
  void render_range(NodeId begin, NodeId end);
  void render_footnotes();

  std::string take() { return std::move(out_); }

 private:
  void enter(NodeId id);
  void leave(NodeId id);
  void enter_block(NodeId id);
  void leave_block(NodeId id);
  void enter_inline(NodeId id);
  void leave_inline(NodeId id);

  void code_block(const Node& node);
  void open_list(const List& list);
  void open_item(NodeId id);
  void task_box(NodeId item_id);
  void open_paragraph(NodeId id);
  void close_paragraph(NodeId id);
  void open_heading(NodeId id);
  void close_heading(NodeId id);
  void open_alert(NodeId id);
  void close_alert(NodeId id);
  void open_table(NodeId id);
  void leave_row(NodeId id);
  void open_cell(NodeId id);
  std::string_view cell_tag(NodeId id) const;
  void open_link(const Node& node);
  void image(NodeId id);
  void footnote_reference(const FootnoteReference& reference);
  void close_footnote(NodeId id);
  void back_links(const FootnoteDefinition& footnote);
  void directive(const Node& node);
  void formula(const Node& node);
  void text(const Node& node);

  void line_start();  // a line break, unless one is there
  std::string url(const Node& node) const;
  /// The task item whose first paragraph this is, or kNoNode.
  NodeId task_of(NodeId paragraph) const;
  bool in_tight_list(const Node& paragraph) const;

  const Document& document_;
  const Hooks& hooks_;
  bool site_;
  RenderScope scope_;
  std::string out_;
  int tables_ = 0;
  std::vector<NodeId> pair_ends_ = {};  // second alerts of the open strong/weak pairs, innermost last
};

}  // namespace drillpress::markdown
