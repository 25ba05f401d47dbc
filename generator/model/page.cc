#include "model/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "markdown/parse.h"
#include "model/quiz.h"
#include "model/scorecard.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

const std::vector<RequiredSection> kCardSections = {
    {"Why they ask", "why"},
    {"In sixty seconds", "brief"},
    {"In depth", "deep"},
    {"What a strong answer shows", "strong"},
    {"What sinks a weak one", "weak"},
    {"Follow-ups", "followups"},
};
const std::vector<RequiredSection> kDrillSections = {
    {"The task", "task"},        {"What you start from", "start"},
    {"The ladder", "ladder"},    {"What to say in the interview", "interview"},
    {"Follow-ups", "followups"},
};
const std::vector<RequiredSection> kFreeSections = {};

// Ids that templates give to their own parts (templates/README.md lists them).
constexpr std::string_view kGuideAnchors[] = {"process-timeline", "in-figures", "figure-profile",
                                              "figure-week",      "figure-mix", "figure-levels",
                                              "figure-cards",     "practice"};
constexpr std::string_view kDrillAnchors[] = {"predict", "tips", "compare", "kill-table", "provenance"};

// A page that is data as a whole: its fields, and no body.
std::optional<SplitPage> parse_data(const base::SourcePtr& source, PageKind kind, diagnostics::Sink& sink) {
  auto root = parse_yaml(source, 0, source->text().size(), sink);
  if (!root) return std::nullopt;
  if (root->members.empty() && root->kind == YamlNode::Kind::kMapping) root->span = {source, 0, 0};
  check_fields(*root, front_matter_fields(kind), name(kind), sink, "");
  if (root->kind != YamlNode::Kind::kMapping) return std::nullopt;
  return SplitPage{FrontMatter(*std::move(root)), source->text().size()};
}

void check_structure(const Page& page, diagnostics::Sink& sink) {
  const auto& required = required_sections(page.kind);
  if (required.empty()) return;
  const auto found = markdown::sections(page.document);
  std::size_t next = 0;
  for (const markdown::Section& section : found) {
    if (section.heading == markdown::kNoNode) {
      sink.report({Code::kBrokenStructure,
                   Severity::kError,
                   page.document.span(section.begin),
                   fmt::format("a {} has no text before its first heading", name(page.kind)),
                   {},
                   fmt::format("move it under `## {}`", required.front().heading)});
      continue;
    }
    const auto row = std::find_if(required.begin(), required.end(),
                                  [&](const RequiredSection& r) { return r.heading == section.title; });
    const auto index = static_cast<std::size_t>(row - required.begin());
    if (row == required.end()) {
      std::vector<std::string> names;
      for (const RequiredSection& r : required) names.emplace_back(r.heading);
      const auto near = base::nearest(section.title, names);
      sink.report({Code::kBrokenStructure,
                   Severity::kError,
                   page.document.span(section.heading),
                   fmt::format("`{}` is not a heading of a {}", section.title, name(page.kind)),
                   {},
                   near ? fmt::format("write `## {}`", *near)
                        : fmt::format("its second-level headings are: {}", fmt::join(names, ", "))});
    } else if (index < next) {
      sink.report({Code::kBrokenStructure,
                   Severity::kError,
                   page.document.span(section.heading),
                   fmt::format("`{}` is given twice or out of order", section.title),
                   {},
                   "keep the headings in the order of `drillpress new`"});
    } else {
      next = index + 1;
    }
  }
  std::vector<std::string> missing;
  for (const RequiredSection& row : required) {
    const bool there = std::any_of(found.begin(), found.end(),
                                   [&](const markdown::Section& s) { return s.title == row.heading; });
    if (!there) missing.push_back(fmt::format("`## {}`", row.heading));
  }
  if (missing.empty()) return;
  sink.report({Code::kBrokenStructure,
               Severity::kError,
               page.front.span("title"),
               fmt::format("the {} lacks {}", name(page.kind), fmt::join(missing, ", ")),
               {},
               missing.size() == 1 ? "add that heading with its text"
                                   : "add those headings with their text, in this order"});
}

void check_tasks(const Page& page, diagnostics::Sink& sink) {
  for (markdown::NodeId id = 0; id < page.document.nodes().size(); ++id) {
    const markdown::Node& node = page.document.node(id);
    if (node.kind != markdown::Kind::kItem) continue;
    const auto& item = std::get<markdown::Item>(node.data);
    if (item.task == markdown::Task::kNone || !item.id.empty()) continue;
    if (page.kind != PageKind::kChecklist) continue;
    const std::string text = markdown::plain_text(page.document, id);
    const base::Span span = page.document.span(id);
    const std::size_t line_end = page.source->text().find('\n', span.begin);
    sink.report({Code::kBrokenStructure,
                 Severity::kError,
                 {span.source, span.begin, std::min(span.end, line_end)},
                 "a checklist item needs an id, under which readers' ticks are stored",
                 {},
                 fmt::format("end it with `{{#{}}}`", base::slugify(text.substr(0, 24)))});
  }
}

}  // namespace

const std::vector<RequiredSection>& required_sections(PageKind kind) {
  if (kind == PageKind::kCard) return kCardSections;
  if (kind == PageKind::kDrill) return kDrillSections;
  return kFreeSections;
}

std::optional<Page> parse_page(PageKind kind, std::string slug, std::string folder,
                               const base::SourcePtr& source, diagnostics::Sink& sink) {
  auto split =
      kind == PageKind::kQuiz ? parse_data(source, kind, sink) : parse_front_matter(source, kind, sink);
  if (!split) return std::nullopt;
  const std::string id =
      split->front.has("id") ? split->front.text("id") : fmt::format("{}{}", slug, id_suffix(kind));
  Page page{kind,
            id,
            slug,
            std::move(folder),
            fmt::format("{}/{}.html", url_folder(kind), slug),
            source,
            std::move(split->front),
            kind == PageKind::kQuiz ? markdown::parse_document(base::make_source(source->path(), ""), 0, sink)
                                    : markdown::parse_document(source, split->body_offset, sink)};
  check_structure(page, sink);
  if (kind == PageKind::kQuiz) check_quiz(page.front, sink);
  if (kind == PageKind::kScorecard) parse_scorecard(page.front, sink);
  check_tasks(page, sink);
  return page;
}

std::vector<std::string> anchors(const Page& page) {
  std::vector<std::string> ids;
  for (const markdown::Node& node : page.document.nodes()) {
    if (node.kind == markdown::Kind::kHeading) ids.push_back(std::get<markdown::Heading>(node.data).id);
    if (node.kind == markdown::Kind::kItem && !std::get<markdown::Item>(node.data).id.empty()) {
      ids.push_back(std::get<markdown::Item>(node.data).id);
    }
  }
  if (page.kind == PageKind::kGuide)
    ids.insert(ids.end(), std::begin(kGuideAnchors), std::end(kGuideAnchors));
  if (page.kind == PageKind::kScorecard) {
    for (const std::string_view key : {"anchors", "tables"}) {
      for (const FrontMatter& part : page.front.records(key)) ids.push_back(part.text("id"));
    }
  }
  for (const FrontMatter& item : page.front.records("items")) ids.push_back(quiz_anchor(item));
  if (page.kind == PageKind::kDrill) {
    ids.insert(ids.end(), std::begin(kDrillAnchors), std::end(kDrillAnchors));
    for (const FrontMatter& rung : page.front.records("rungs")) ids.push_back("rung-" + rung.text("id"));
  }
  return ids;
}

}  // namespace drillpress::model
