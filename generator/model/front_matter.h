// The block between `---` lines at the top of a page, checked against the schema of the page's kind.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"

namespace drillpress::model {

/// A reference by id with its place, for messages.
struct Named {
  std::string text;
  base::Span span;
};

/// Checked fields. Accessors give what the author wrote, or an empty value for an absent field.
class FrontMatter {
 public:
  FrontMatter() = default;
  explicit FrontMatter(YamlNode root) : root_(std::move(root)) {}

  bool has(std::string_view key) const { return root_.find(key) != nullptr; }
  std::string text(std::string_view key) const;
  Named named(std::string_view key) const;
  std::vector<Named> list(std::string_view key) const;
  std::vector<FrontMatter> records(std::string_view key) const;
  FrontMatter record(std::string_view key) const;
  int integer(std::string_view key, int otherwise) const;
  bool flag(std::string_view key) const { return text(key) == "true"; }
  const base::Span& span() const { return root_.span; }
  /// Span of a value, or of the whole block when the key is absent.
  base::Span span(std::string_view key) const;

 private:
  YamlNode root_;
};

struct SplitPage {
  FrontMatter front;
  std::size_t body_offset = 0;
};

/// Splits a page and checks its front matter. Nothing is returned when the block is missing or unusable;
/// field errors are reported and the fields are returned none the less, so that later checks can go on.
std::optional<SplitPage> parse_front_matter(const base::SourcePtr& source, PageKind kind,
                                            diagnostics::Sink& sink);

}  // namespace drillpress::model
