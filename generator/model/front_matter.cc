#include "model/front_matter.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::string_view kFence = "---";

bool is_fence(std::string_view line) {
  return base::trim(line) == kFence && line.starts_with(kFence);
}

// Directives are read in the page's text alone; here they would be shown as they are written.
void report_directives(const YamlNode& node, diagnostics::Sink& sink) {
  if (node.scalar.find("{{") !=
      std::string::npos) {  // its end may be lost behind a `#`, which begins a comment
    sink.report({Code::kBadField,
                 Severity::kError,
                 node.span,
                 "a directive has no meaning in the front matter",
                 {},
                 "move it into the text of the page"});
  }
  for (const YamlNode& item : node.items) report_directives(item, sink);
  for (const YamlNode::Member& member : node.members) report_directives(member.value, sink);
}

}  // namespace

std::string FrontMatter::text(std::string_view key) const {
  const YamlNode* node = root_.find(key);
  return node != nullptr && node->kind == YamlNode::Kind::kScalar ? node->scalar : std::string();
}

Named FrontMatter::named(std::string_view key) const {
  return {text(key), span(key)};
}

std::vector<Named> FrontMatter::list(std::string_view key) const {
  std::vector<Named> out;
  if (const YamlNode* node = root_.find(key)) {
    for (const YamlNode& item : node->items) {
      if (item.kind == YamlNode::Kind::kScalar) out.push_back({item.scalar, item.span});
    }
  }
  return out;
}

std::vector<FrontMatter> FrontMatter::records(std::string_view key) const {
  std::vector<FrontMatter> out;
  if (const YamlNode* node = root_.find(key)) {
    for (const YamlNode& item : node->items) {
      if (item.kind == YamlNode::Kind::kMapping) out.emplace_back(item);
    }
  }
  return out;
}

FrontMatter FrontMatter::record(std::string_view key) const {
  const YamlNode* node = root_.find(key);
  return node != nullptr && node->kind == YamlNode::Kind::kMapping ? FrontMatter(*node) : FrontMatter();
}

int FrontMatter::integer(std::string_view key, int otherwise) const {
  const std::string value = text(key);
  return value.empty() ? otherwise : std::atoi(value.c_str());
}

base::Span FrontMatter::span(std::string_view key) const {
  const YamlNode* node = root_.find(key);
  return node != nullptr ? node->span : root_.span;
}

std::optional<SplitPage> parse_front_matter(const base::SourcePtr& source, PageKind kind,
                                            diagnostics::Sink& sink) {
  const auto fault = [&](std::size_t at, std::string message) {
    sink.report({Code::kBadFrontMatter,
                 Severity::kError,
                 {source, at, at},
                 std::move(message),
                 {},
                 "a page begins with a line `---`, YAML with at least `title`, and a line `---`"});
    return std::nullopt;
  };
  std::size_t first = source->text().starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (!is_fence(source->line(1).substr(std::min(first, source->line(1).size())))) {
    return fault(0, "the page has no front matter");
  }
  for (std::uint32_t number = 2; number <= source->line_count(); ++number) {
    if (!is_fence(source->line(number))) continue;
    const std::size_t begin = source->line_start(2), end = source->line_start(number);
    auto root = parse_yaml(source, begin, end, sink);
    if (!root) return std::nullopt;
    if (root->members.empty() && root->kind == YamlNode::Kind::kMapping)
      root->span = {source, 0, kFence.size()};
    check_fields(*root, front_matter_fields(kind), name(kind), sink);
    // Texts of a scorecard may hold code, and are checked with it (model/scorecard.h).
    if (kind != PageKind::kScorecard) report_directives(*root, sink);
    if (root->kind != YamlNode::Kind::kMapping) return std::nullopt;
    return SplitPage{FrontMatter(std::move(*root)), source->line_start(number + 1)};
  }
  return fault(0, "the front matter is not closed by a line `---`");
}

}  // namespace drillpress::model
