#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "writing/check.h"
#include "writing/prose.h"

namespace drillpress::writing {
namespace {

using markdown::Kind;
using markdown::NodeId;

// Statements about pay or process, as one sentence. Each row was tuned on the guides: it finds their marked
// statements and nothing else.
struct Claim {
  const char* pattern;
  const char* what;
};
const Claim kClaims[] = {
    {R"((USD|US\$|\$) ?\d.*\b(salar(y|ies)|base|bonus|stock|equity|pay|package)\b)", "pay"},
    {R"(\b(salar(y|ies)|base|bonus|stock|equity|pay|package)\b.*(USD|US\$|\$) ?\d)", "pay"},
    {R"(\b(candidates|recruiters?|interviewers?|hiring managers?|panels?)\b.*\b(are|is) (reported|said|described|known)\b)",
     "the process"},
    {R"(\b(candidates|guides?) (report|say|describe)\b)", "the process"},
    {R"(\b(process|loop|screen|round|stage|call|offer)s?\b.*\b(takes?|lasts?|runs)\b.*\b(minutes|hours|days|weeks|months)\b)",
     "the process"},
    {R"(\b(two|three|four|five|six|seven|eight|\d) (to \w+ )?(rounds|interviews)\b)", "the process"},
};

// Where a guide says what it does not know, or plans the reader's weeks, it claims nothing.
constexpr std::string_view kNoClaims[] = {"do not know", "week plan"};

const std::vector<std::pair<std::regex, std::string_view>>& patterns() {
  static const auto compiled = [] {
    std::vector<std::pair<std::regex, std::string_view>> out;
    for (const Claim& row : kClaims)
      out.emplace_back(
          std::regex(row.pattern, std::regex::ECMAScript | std::regex::icase | std::regex::optimize),
          row.what);
    return out;
  }();
  return compiled;
}

bool is_evidence(const markdown::Node& node) {
  const auto* directive = std::get_if<markdown::Directive>(&node.data);
  return directive != nullptr && directive->name == "evidence";
}

bool has_evidence(const markdown::Document& document, NodeId begin, NodeId end) {
  const auto& nodes = document.nodes();
  return std::any_of(nodes.begin() + begin, nodes.begin() + end, is_evidence);
}

// The child of the document that a node is in: a list or a table is one block.
NodeId top_of(const markdown::Document& document, NodeId node) {
  while (document.node(node).depth > 1) node = document.node(node).parent;
  return node;
}

// In the block; for a table or a list, also in the one behind it or before it.
bool evidence_near(const markdown::Document& document, NodeId top) {
  const NodeId end = document.node(top).end;
  if (document.node(top).kind == Kind::kParagraph) return has_evidence(document, top, end);
  const NodeId next_end = end < document.nodes().size() ? document.node(end).end : end;
  NodeId before = top;
  for (const NodeId child : document.children(markdown::kRoot)) {
    if (child == top) break;
    before = child;
  }
  if (document.node(before).kind == Kind::kHeading) before = top;
  return has_evidence(document, before, next_end);
}

bool is_quoted(const markdown::Document& document, NodeId node) {
  for (NodeId up = node; up != markdown::kRoot; up = document.node(up).parent) {
    const Kind kind = document.node(up).kind;
    if (kind == Kind::kBlockQuote || kind == Kind::kAlert || kind == Kind::kHeading) return true;
  }
  return false;
}

bool claims_nothing(const std::string& section) {
  return std::any_of(std::begin(kNoClaims), std::end(kNoClaims),
                     [&](std::string_view words) { return section.find(words) != std::string::npos; });
}

void check_block(const model::Page& page, const Prose& prose, diagnostics::Sink& sink) {
  for (const auto& [pattern, what] : patterns()) {
    std::smatch match;
    if (!std::regex_search(prose.text, match, pattern)) continue;
    const auto begin = static_cast<std::size_t>(match.position(0));
    const std::size_t end = begin + static_cast<std::size_t>(match.length(0));
    sink.report({diagnostics::Code::kUnmarkedClaim,
                 diagnostics::Severity::kError,
                 prose.span(page.document, begin, end),
                 fmt::format("this statement about {} has no evidence", what),
                 {},
                 "put `{{ evidence reported 2026-03 \"candidates\" }}` behind it: stated, reported, likely "
                 "or inferred"});
    return;
  }
}

}  // namespace

void check_claims(const model::Page& page, diagnostics::Sink& sink) {
  if (page.kind != model::PageKind::kGuide) return;
  const auto sections = markdown::sections(page.document);
  for (const Prose& prose : prose_of(page.document)) {
    if (is_quoted(page.document, prose.block)) continue;
    const NodeId top = top_of(page.document, prose.block);
    const auto section = std::find_if(sections.begin(), sections.end(), [&](const markdown::Section& s) {
      return s.begin <= top && top < s.end;
    });
    if (section != sections.end() && claims_nothing(section->title)) continue;
    if (!evidence_near(page.document, top)) check_block(page, prose, sink);
  }
}

}  // namespace drillpress::writing
