// YAML text → a tree whose every node knows its place in the file.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/source.h"
#include "diagnostics/sink.h"

namespace drillpress::model {

/// One YAML node. Scalars keep their text; the schema decides what it means (so `no` is never silently
/// false).
struct YamlNode {
  enum class Kind { kScalar, kSequence, kMapping };
  struct Member;
  Kind kind = Kind::kScalar;
  base::Span span;
  std::string scalar;
  bool quoted = false;  ///< a quoted or block scalar, so it is text whatever it looks like
  std::vector<YamlNode> items;
  std::vector<Member> members;

  const YamlNode* find(std::string_view key) const;
};

struct YamlNode::Member {
  std::string key;
  base::Span key_span;
  YamlNode value;
};

/// Parses bytes [begin, end) of the source, one document. Faults (syntax, duplicate keys, aliases, tags, keys
/// that are not scalars, nesting deeper than 32) go to the sink as `bad-yaml`; nothing is returned after a
/// syntax fault. An empty text gives an empty mapping.
std::optional<YamlNode> parse_yaml(const base::SourcePtr& source, std::size_t begin, std::size_t end,
                                   diagnostics::Sink& sink);

}  // namespace drillpress::model
