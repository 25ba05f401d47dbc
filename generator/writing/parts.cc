#include <fmt/format.h>

#include <algorithm>

#include "writing/check.h"

namespace drillpress::writing {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using model::PageKind;

// What a page of a kind has in its front matter, and at least how many entries (0: it is a single value).
struct Field {
  PageKind kind;
  std::string_view key;
  std::size_t least;
};
constexpr Field kFields[] = {
    {PageKind::kGuide, "summary", 5},    {PageKind::kGuide, "audience", 0},
    {PageKind::kGuide, "timeline", 3},   {PageKind::kGuide, "cards", 10},
    {PageKind::kGuide, "drills", 1},     {PageKind::kGuide, "checklists", 1},
    {PageKind::kGuide, "verified", 0},   {PageKind::kCard, "related", 1},
    {PageKind::kCard, "description", 0}, {PageKind::kGuide, "description", 0},
};

// Sections of a page of a kind: one of its second-level headings holds one of the words (lower case), which
// may be separated by `|`.
struct Part {
  PageKind kind;
  std::string_view words, name;
};
constexpr Part kParts[] = {
    {PageKind::kGuide, "process|stages|rounds", "the process and its rounds"},
    {PageKind::kGuide, "weak and strong", "weak and strong answers"},
    {PageKind::kGuide, "mistakes", "mistakes that recur"},
    {PageKind::kGuide, "checklist", "the preparation checklist"},
    {PageKind::kGuide, "week plan", "a study plan by weeks"},
    {PageKind::kGuide, "questions people ask", "questions people ask"},
    {PageKind::kGuide, "do not know", "what is not known"},
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

bool holds_one_of(const std::string& title, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('|'), words.size());
    if (title.find(words.substr(0, end)) != std::string::npos) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

void report(const base::Span& span, std::string message, std::string help, diagnostics::Sink& sink) {
  sink.report({Code::kMissingPart, Severity::kError, span, std::move(message), {}, std::move(help)});
}

}  // namespace

void check_parts(const model::Page& page, diagnostics::Sink& sink) {
  for (const Field& row : kFields) {
    if (row.kind != page.kind) continue;
    const std::size_t there = row.key == "timeline" ? page.front.records(row.key).size()
                              : row.least > 0       ? page.front.list(row.key).size()
                                                    : 0;
    if (page.front.has(row.key) && there >= row.least) continue;
    report(page.front.span(page.front.has(row.key) ? row.key : "title"),
           row.least == 0 ? fmt::format("this {} has no `{}`", name(page.kind), row.key)
                          : fmt::format("this {} has {} of the {} entries that `{}` needs", name(page.kind),
                                        there, row.least, row.key),
           fmt::format("add `{}` to the front matter", row.key), sink);
  }
  const auto sections = markdown::sections(page.document);
  for (const Part& row : kParts) {
    if (row.kind != page.kind) continue;
    const bool there = std::any_of(sections.begin(), sections.end(), [&](const markdown::Section& section) {
      return holds_one_of(lower(section.title), row.words);
    });
    if (there) continue;
    report(page.front.span("title"), fmt::format("this {} has no section on {}", name(page.kind), row.name),
           fmt::format("add a `##` heading with the words `{}`", row.words.substr(0, row.words.find('|'))),
           sink);
  }
}

}  // namespace drillpress::writing
