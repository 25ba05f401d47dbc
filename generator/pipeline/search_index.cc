#include "pipeline/search_index.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "model/quiz.h"
#include "pipeline/search_text.h"
#include "pipeline/view_parts.h"

namespace drillpress::pipeline {
namespace {

using model::PageKind;
using Json = nlohmann::ordered_json;

constexpr std::string_view kGlossary = "glossary";
constexpr int kTermLevel = 3;
// About 350 KB as a server sends it.
constexpr std::size_t kMostShardBytes = 1'000'000;

std::vector<std::string> texts(const std::vector<model::Named>& names) {
  std::vector<std::string> out;
  for (const model::Named& named : names) out.push_back(named.text);
  return out;
}

std::string sentences(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, " "));
}

Json part_json(const SearchPart& part) {
  return Json::array({part.anchor, part.heading, part.text, part.symbols});
}

// Front matter that readers see as text, with the place where the template puts it.
struct ShownRecords {
  PageKind kind;
  std::string_view key, anchor, heading;
  std::vector<std::string_view> fields;
};
const std::vector<ShownRecords>& shown_records() {
  static const std::vector<ShownRecords> rows = {
      {PageKind::kGuide, "timeline", "process-timeline", "The process", {"stage", "duration", "detail"}},
      {PageKind::kGuide, "profile", "figure-profile", "What the role asks for", {"skill"}},
      {PageKind::kGuide, "week", "figure-week", "How a week is spent", {"activity"}},
      {PageKind::kGuide, "levels", "figure-levels", "Levels and pay", {"level"}},
      {PageKind::kGuide, "mix", "figure-mix", "What is asked", {"kind"}},
      {PageKind::kDrill, "mutants", "kill-table", "What must fail", {"title", "lesson"}},
  };
  return rows;
}

void add_front_matter(const model::Page& page, Json& parts) {
  const auto& front = page.front;
  if (page.kind == PageKind::kGuide)
    parts.push_back(
        part_json({"", "", sentences(texts(front.list("summary"))) + " " + front.text("audience"), ""}));
  for (const model::FrontMatter& rung : front.records("rungs")) {
    parts.push_back(part_json({"rung-" + rung.text("id"), rung.text("title"),
                               rung.text("prediction") + " " + rung.text("insight"), ""}));
  }
  for (const ShownRecords& row : shown_records()) {
    if (row.kind != page.kind) continue;
    std::vector<std::string> words;
    for (const model::FrontMatter& entry : front.records(row.key)) {
      for (const std::string_view field : row.fields) words.push_back(entry.text(field));
    }
    if (!words.empty())
      parts.push_back(part_json({std::string(row.anchor), std::string(row.heading), sentences(words), ""}));
  }
}

// An item of a quiz is found by its question and by what is right.
void add_quiz(const model::Page& page, Json& parts) {
  for (const model::FrontMatter& item : page.front.records("items")) {
    std::vector<std::string> right;
    for (const model::FrontMatter& option : item.records("options")) {
      if (option.flag("correct")) right.push_back(option.text("text"));
    }
    parts.push_back(part_json({model::quiz_anchor(item), item.text("question"), sentences(right), ""}));
  }
}

// Absent keys are left out: most pages lack most of them.
void set(Json& entry, const char* key, std::string value) {
  if (!value.empty()) entry[key] = std::move(value);
}

Json indices(const std::vector<model::Named>& names, const model::Listing& listing) {
  Json out = Json::array();
  for (const model::Named& named : names) {
    if (const model::Listed* entry = listing.find(named.text)) out.push_back(entry - listing.entries.data());
  }
  return out;
}

Json page_json(const SiteModel& site, const model::Page& page) {
  const auto& front = page.front;
  Json entry{{"kind", model::name(page.kind)}, {"url", page.url}, {"title", page.title()}};
  set(entry, "question", front.text("question"));
  set(entry, "description", front.text("description"));
  std::vector<std::string> names = texts(front.list("tags"));
  for (const std::string& alias : texts(front.list("aliases"))) names.push_back(alias);
  names.push_back(page.id);
  set(entry, "names", sentences(names));
  set(entry, "area", front.text("area"));
  set(entry, "difficulty", front.text("difficulty"));
  entry["roles"] = indices(roles_of(page), site.registry.roles());
  entry["topics"] = indices(front.list("topics"), site.registry.topics());
  return entry;
}

// Every third-level heading of the glossary is a term, and the text below it its definition.
void add_glossary(const SiteModel& site, const model::Page& page, Json& pages) {
  for (const SearchPart& part : search_parts(site, page)) {
    const auto& nodes = page.document.nodes();
    const bool is_term = std::any_of(nodes.begin(), nodes.end(), [&](const markdown::Node& node) {
      const auto* heading = std::get_if<markdown::Heading>(&node.data);
      return heading != nullptr && heading->level == kTermLevel && heading->id == part.anchor;
    });
    if (!is_term) continue;
    pages.push_back(Json{{"kind", "term"},
                         {"url", page.url + "#" + part.anchor},
                         {"title", part.heading},
                         {"roles", Json::array()},
                         {"topics", Json::array()},
                         {"parts", Json::array({part_json({"", "", part.text, ""})})}});
  }
}

Json pages_json(const SiteModel& site) {
  Json pages = Json::array();
  for (const PageKind kind : model::all_page_kinds()) {
    for (const model::Page* page : site.registry.listed(kind)) {
      Json entry = page_json(site, *page);
      Json parts = Json::array();
      add_front_matter(*page, parts);
      if (kind == PageKind::kQuiz) add_quiz(*page, parts);
      const bool glossary = page->id == kGlossary;
      if (!glossary) {
        for (const SearchPart& part : search_parts(site, *page)) parts.push_back(part_json(part));
      }
      entry["parts"] = std::move(parts);
      pages.push_back(std::move(entry));
      if (glossary) add_glossary(site, *page, pages);
    }
  }
  return pages;
}

Json listing_json(const model::Listing& listing) {
  Json out = Json::array();
  for (const model::Listed& entry : listing.entries) out.push_back(Json::array({entry.id, entry.brief}));
  return out;
}

Json rows_json(const std::vector<model::SearchWords::Row>& rows) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(Json::array({row.first, row.others}));
  return out;
}

Json kinds_json() {
  Json out = Json::array();
  for (const SectionRow& row : section_rows()) {
    std::string label(row.noun);
    label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
    out.push_back(Json::array({model::name(row.kind), label}));
  }
  out.push_back(Json::array({"term", "Glossary"}));
  return out;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Pages as arguments of a call, in files of a bounded size.
std::vector<std::string> shards_of(const Json& pages) {
  std::vector<std::string> shards;
  for (const Json& page : pages) {
    const std::string text = text_of(page);
    if (shards.empty() || shards.back().size() + text.size() > kMostShardBytes) {
      shards.push_back(text);
    } else {
      shards.back() += ",\n" + text;
    }
  }
  return shards;
}

// "assets/search-index.js", 2 → "assets/search-index-2.js"
std::string shard_path(const std::string& path, std::size_t number) {
  const std::size_t dot = std::min(path.rfind('.'), path.size());
  return fmt::format("{}-{}{}", path.substr(0, dot), number, path.substr(dot));
}

}  // namespace

std::vector<Artifact> render_search_index(const SiteModel& site) {
  const model::SearchWords& words = site.sources.search_words;
  const std::string& path = site.sources.facts.search.index;
  std::vector<std::string> shards = shards_of(pages_json(site));
  std::vector<std::string> files;
  for (std::size_t i = 1; i < shards.size(); ++i) files.push_back(shard_path(path, i + 1));
  const Json head{{"kinds", kinds_json()},
                  {"roles", listing_json(site.registry.roles())},
                  {"topics", listing_json(site.registry.topics())},
                  {"words", Json{{"same", rows_json(words.same)},
                                 {"phrases", rows_json(words.phrases)},
                                 {"filler", words.filler},
                                 {"stop", words.stop}}},
                  {"files", files},
                  {"pages", Json::array()}};
  std::vector<Artifact> artifacts{
      {path, fmt::format("var drillpressIndex = {};\ndrillpressIndex.pages.push({});\n", text_of(head),
                         shards.empty() ? "" : shards.front())}};
  for (std::size_t i = 1; i < shards.size(); ++i)
    artifacts.push_back({files[i - 1], fmt::format("drillpressIndex.pages.push({});\n", shards[i])});
  return artifacts;
}

std::vector<Artifact> search_artifacts(const SiteModel& site, diagnostics::Sink& sink) {
  const SiteSources& sources = site.sources;
  if (!sources.search_assets.empty()) {
    std::vector<Artifact> artifacts = render_search_index(site);
    for (const Asset& asset : sources.search_assets) artifacts.push_back({asset.path, asset.bytes});
    return artifacts;
  }
  if (sources.search_wanted) {
    sink.report({diagnostics::Code::kEnvironment,
                 diagnostics::Severity::kWarning,
                 {},
                 fmt::format("the site is built without search: `site/node_modules/{}` is not there",
                             sources.facts.search.library),
                 {},
                 "run `npm ci` in site/ (./build.sh does)"});
  }
  return {};
}

}  // namespace drillpress::pipeline
