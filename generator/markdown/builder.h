// Builds a document's nodes in pre-order and keeps the tree within its depth.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "markdown/body_lines.h"
#include "markdown/document.h"

namespace drillpress::markdown {

class Builder {
 public:
  Builder(const BodyLines& lines, diagnostics::Sink& sink) : lines_(lines), sink_(sink) {}

  /// Opens a node; what follows until `close` is inside it. kNoNode when the node is too deep: it and what is
  /// inside are left out, and the first such node is reported.
  NodeId open(Kind kind, Extent extent, Data data = {});
  /// Closes the innermost open node. It ends where its last child ends, at least.
  void close();
  /// Closes it at a known place.
  void close_at(std::size_t source_end);
  NodeId leaf(Kind kind, Extent extent, std::string literal = {}, Data data = {});
  /// Text, joined to text just before it.
  void text(Extent extent, std::string_view literal);
  /// Removes blanks at the end of the last text of the innermost open node.
  void trim_text();

  /// The innermost open node; kNoNode when it was left out.
  NodeId current() const { return left_out_ > 0 || open_.empty() ? kNoNode : open_.back(); }
  Node& at(NodeId id) { return nodes_[id]; }
  std::vector<Node>& nodes() { return nodes_; }

 private:
  bool last_is_text() const;

  const BodyLines& lines_;
  diagnostics::Sink& sink_;
  std::vector<Node> nodes_;
  std::vector<NodeId> open_;
  std::size_t left_out_ = 0;  // open nodes that were too deep
  bool reported_ = false;
};

}  // namespace drillpress::markdown
