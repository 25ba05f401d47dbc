#include "markdown/builder.h"

#include <fmt/format.h>

#include <algorithm>

namespace drillpress::markdown {

NodeId Builder::open(Kind kind, Extent extent, Data data) {
  if (left_out_ > 0 || open_.size() > kMaxDepth) {
    ++left_out_;
    if (!reported_) {
      sink_.report({diagnostics::Code::kNestingTooDeep,
                    diagnostics::Severity::kError,
                    lines_.span(extent),
                    fmt::format("nested more than {} levels deep", kMaxDepth),
                    {},
                    "write it with less nesting"});
    }
    reported_ = true;
    return kNoNode;
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  Node node;
  node.kind = kind;
  node.parent = open_.empty() ? kNoNode : open_.back();
  node.depth = static_cast<std::uint32_t>(open_.size());
  node.source_begin = extent.begin;
  node.source_end = std::max(extent.begin, extent.end);
  node.data = std::move(data);
  nodes_.push_back(std::move(node));
  open_.push_back(id);
  return id;
}

void Builder::close() {
  if (left_out_ > 0) {
    --left_out_;
    return;
  }
  const NodeId id = open_.back();
  open_.pop_back();
  nodes_[id].end = static_cast<NodeId>(nodes_.size());
  if (!open_.empty()) {
    Node& parent = nodes_[open_.back()];
    parent.source_end = std::max(parent.source_end, nodes_[id].source_end);
  }
}

void Builder::close_at(std::size_t source_end) {
  if (left_out_ == 0) nodes_[open_.back()].source_end = source_end;
  close();
}

NodeId Builder::leaf(Kind kind, Extent extent, std::string literal, Data data) {
  const NodeId id = open(kind, extent, std::move(data));
  if (id != kNoNode) nodes_[id].literal = std::move(literal);
  close();
  return id;
}

bool Builder::last_is_text() const {
  return left_out_ == 0 && !nodes_.empty() && !open_.empty() && nodes_.back().kind == Kind::kText &&
         nodes_.back().parent == open_.back();
}

void Builder::text(Extent extent, std::string_view literal) {
  if (literal.empty()) return;
  if (last_is_text()) {
    nodes_.back().literal += literal;
    nodes_.back().source_end = extent.end;
  } else {
    leaf(Kind::kText, extent, std::string(literal));
  }
}

void Builder::trim_text() {
  if (!last_is_text()) return;
  Node& node = nodes_.back();
  while (!node.literal.empty() && (node.literal.back() == ' ' || node.literal.back() == '\t')) {
    node.literal.pop_back();
    if (node.source_end > node.source_begin) --node.source_end;
  }
  if (node.literal.empty()) nodes_.pop_back();
}

}  // namespace drillpress::markdown
