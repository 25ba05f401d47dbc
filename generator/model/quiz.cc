#include "model/quiz.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "markdown/parse.h"

namespace drillpress::model {
namespace {

using diagnostics::Code;
using diagnostics::Severity;
using enum FieldType;

const std::vector<Field> kOption = {
    {"text", kText, true, "what can be chosen"},
    {"why", kText, true, "why it is right or wrong, shown after the answer"},
    {"correct", kBoolean, false, "true: it is right; several right ones make the item `choose all`"},
};
const std::vector<Field> kItem = {
    {"id", kSlug, true, "stable id; readers' answers are stored under it"},
    {"topic", kSlug, true, "id of topics.yaml"},
    {"difficulty", kChoice, true, "how hard it is", {"easy", "medium", "hard"}},
    {"question", kText, true, "the question; code spans and emphasis are allowed"},
    {"options", kRecordList, true, "three to five answers", {}, kOption},
    {"links", kSlugList, true, "ids of cards, drills, guides and pages to read"},
};
const std::vector<Field> kQuiz = {
    {"title", kText, true, "heading of the page", {}, {}, 120},
    {"description", kText, true, "one sentence for lists and search results", {}, {}, 160},
    {"role", kSlug, true, "the role it prepares for"},
    {"items", kRecordList, true, "its questions", {}, kItem},
};

constexpr markdown::Kind kInlineKinds[] = {markdown::Kind::kText,     markdown::Kind::kSoftBreak,
                                           markdown::Kind::kCodeSpan, markdown::Kind::kEmphasis,
                                           markdown::Kind::kStrong,   markdown::Kind::kStrikethrough};

// Null when the text is fine, else what is wrong with it.
std::string inline_fault(const std::string& text) {
  diagnostics::Sink faults;
  const auto document = markdown::parse_document(base::make_source("text", text), 0, faults);
  if (const auto found = faults.sorted(); !found.empty()) return found.front().message;
  std::vector<markdown::NodeId> blocks;
  for (const markdown::NodeId block : document.children(markdown::kRoot)) blocks.push_back(block);
  if (blocks.size() != 1 || document.node(blocks[0]).kind != markdown::Kind::kParagraph)
    return "it is read as a list, a heading, a table or several paragraphs";
  for (markdown::NodeId id = 0; id < document.nodes().size(); ++id) {
    const markdown::Kind kind = document.node(id).kind;
    if (kind == markdown::Kind::kDocument || kind == markdown::Kind::kParagraph) continue;
    if (std::find(std::begin(kInlineKinds), std::end(kInlineKinds), kind) == std::end(kInlineKinds))
      return "it holds a link, an image, a formula or a directive";
  }
  return {};
}

void report(diagnostics::Sink& sink, Code code, const base::Span& span, std::string message, std::string help,
            std::vector<diagnostics::Note> notes = {}) {
  sink.report({code, Severity::kError, span, std::move(message), std::move(notes), std::move(help)});
}

void check_options(const FrontMatter& item, diagnostics::Sink& sink) {
  const auto options = item.records("options");
  if (!item.has("options")) return;  // reported as a missing field
  if (options.size() < kFewestQuizOptions || options.size() > kMostQuizOptions) {
    report(sink, Code::kQuizOptions, item.span("id"),
           fmt::format("the item `{}` has {} option{}; it needs {} to {}", item.text("id"), options.size(),
                       options.size() == 1 ? "" : "s", kFewestQuizOptions, kMostQuizOptions),
           "offer what people who misunderstand it would choose");
  }
  if (std::none_of(options.begin(), options.end(), [](const FrontMatter& o) { return o.flag("correct"); })) {
    report(sink, Code::kQuizOptions, item.span("id"),
           fmt::format("no option of the item `{}` is right", item.text("id")),
           "add `correct: true` to the right one");
  }
  std::map<std::string, base::Span> texts;
  for (const FrontMatter& option : options) {
    const Named text = option.named("text");
    const auto [at, fresh] = texts.emplace(text.text, text.span);
    if (!fresh && !text.text.empty()) {
      report(sink, Code::kQuizOptions, text.span, "two options of an item say the same",
             "word one of them differently, or remove it", {{at->second, "the other one is here"}});
    }
    check_inline_text(text, "text", sink);
    check_inline_text(option.named("why"), "why", sink);
  }
}

}  // namespace

const std::vector<Field>& quiz_fields() {
  return kQuiz;
}

void check_quiz(const FrontMatter& quiz, diagnostics::Sink& sink) {
  const auto items = quiz.records("items");
  if (quiz.has("items") && items.size() < kFewestQuizItems) {
    report(sink, Code::kQuizTooShort, quiz.span("title"),
           fmt::format("the quiz has {} items; at least {} are needed", items.size(), kFewestQuizItems),
           "add items before it is published");
  }
  std::map<std::string, base::Span> ids;
  for (const FrontMatter& item : items) {
    const Named id = item.named("id");
    const auto [at, fresh] = ids.emplace(id.text, id.span);
    if (!fresh && !id.text.empty()) {
      report(sink, Code::kDuplicateId, id.span, fmt::format("the item id `{}` is given twice", id.text),
             "give one of them another id", {{at->second, "the other one is here"}});
    }
    check_inline_text(item.named("question"), "question", sink);
    check_options(item, sink);
    if (item.has("links") && item.list("links").empty()) {
      report(sink, Code::kBadField, item.span("links"), "`links` is empty",
             "name a card, drill, guide or page that explains the item");
    }
  }
}

std::string quiz_anchor(const FrontMatter& item) {
  return "q-" + item.text("id");
}

void check_inline_text(const Named& text, std::string_view field, diagnostics::Sink& sink) {
  if (text.text.empty()) return;  // reported as a missing or empty field
  const std::string fault = inline_fault(text.text);
  if (fault.empty()) return;
  report(sink, Code::kBadField, text.span,
         fmt::format("`{}` may hold only words, code spans and emphasis: {}", field, fault),
         "put code between backticks, and a backslash before a sign that is meant to be read");
}

}  // namespace drillpress::model
