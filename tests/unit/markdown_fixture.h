// Short ways to parse text and to find nodes in tests of the markdown module.
#pragma once

#include <catch2/catch.hpp>

#include "diagnostics/render.h"
#include "diagnostics/sink.h"
#include "markdown/parse.h"
#include "markdown/render.h"
#include "markdown_positions.h"

namespace drillpress::markdown::testing {

struct Parsed {
  Document document;
  std::vector<diagnostics::Diagnostic> findings;

  /// The n-th node of a kind, from 0.
  NodeId find(Kind kind, int n = 0) const {
    for (NodeId id = 0; id < document.nodes().size(); ++id) {
      if (document.node(id).kind == kind && n-- == 0) return id;
    }
    FAIL("no such node");
    return kNoNode;
  }
  int count(Kind kind) const {
    int found = 0;
    for (const Node& node : document.nodes()) found += node.kind == kind ? 1 : 0;
    return found;
  }
  /// What was written for the n-th node of a kind.
  std::string written(Kind kind, int n = 0) const { return std::string(document.span(find(kind, n)).text()); }
  template <typename T>
  const T& data(Kind kind, int n = 0) const {
    return document.data<T>(find(kind, n));
  }
  /// `code@text` of every finding, in order.
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    for (const auto& d : findings) {
      out.push_back(std::string(diagnostics::info(d.code).name) + "@" + std::string(d.span.text()));
    }
    return out;
  }
};

/// Parses and checks all positions.
inline Parsed parse(const std::string& text, std::size_t body_offset = 0, ParseOptions options = {}) {
  diagnostics::Sink sink;
  Document document = parse_document(base::make_source("a.md", text), body_offset, sink, options);
  if (sink.sorted().empty()) CHECK(position_errors(document) == std::vector<std::string>{});
  return {std::move(document), sink.sorted()};
}

using Texts = std::vector<std::string>;

}  // namespace drillpress::markdown::testing
