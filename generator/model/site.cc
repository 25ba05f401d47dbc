#include "model/site.h"

#include "model/front_matter.h"

namespace drillpress::model {
namespace {

Listing parse_listing(const base::SourcePtr& source, const std::vector<Field>& fields, std::string_view what,
                      diagnostics::Sink& sink) {
  Listing listing;
  listing.present = true;
  const auto root = parse_yaml(source, 0, source->text().size(), sink);
  if (!root) return listing;
  if (root->kind != YamlNode::Kind::kSequence) {
    sink.report({diagnostics::Code::kBadYaml,
                 diagnostics::Severity::kError,
                 root->span,
                 std::string(what) + " entries must be a list",
                 {},
                 "write one `- id: …` entry for each"});
    return listing;
  }
  for (const YamlNode& item : root->items) {
    if (!check_fields(item, fields, what, sink, "")) continue;
    const FrontMatter entry{item};
    if (const Listed* same = listing.find(entry.text("id"))) {
      sink.report({diagnostics::Code::kDuplicateId,
                   diagnostics::Severity::kError,
                   entry.span("id"),
                   "the id `" + same->id + "` is given twice",
                   {},
                   "give one of them another id"});
      continue;
    }
    const std::string brief = entry.text("short");
    listing.entries.push_back({entry.text("id"), entry.text("title"),
                               brief.empty() ? entry.text("title") : brief, entry.text("description")});
  }
  return listing;
}

std::vector<std::string> texts(const std::vector<Named>& names) {
  std::vector<std::string> out;
  for (const Named& named : names) out.push_back(named.text);
  return out;
}

std::vector<SearchWords::Row> word_rows(const FrontMatter& fields, std::string_view key,
                                        std::string_view first, std::string_view others) {
  std::vector<SearchWords::Row> rows;
  for (const FrontMatter& entry : fields.records(key))
    rows.push_back({entry.text(first), texts(entry.list(others))});
  return rows;
}

Bundle parse_bundle(const FrontMatter& entry) {
  return {entry.text("output"), texts(entry.list("parts"))};
}

}  // namespace

const Listed* Listing::find(std::string_view id) const {
  for (const Listed& entry : entries) {
    if (entry.id == id) return &entry;
  }
  return nullptr;
}

std::vector<std::string> Listing::ids() const {
  std::vector<std::string> out;
  for (const Listed& entry : entries) out.push_back(entry.id);
  return out;
}

SiteFacts parse_site(SiteFacts facts, const base::SourcePtr& source, diagnostics::Sink& sink) {
  const auto root = parse_yaml(source, 0, source->text().size(), sink);
  if (!root || !check_fields(*root, site_fields(), "site", sink, "")) return facts;
  const FrontMatter fields{*root};
  const auto take = [&](std::string_view key, std::string& target) {
    if (fields.has(key)) target = fields.text(key);
  };
  take("title", facts.title);
  take("tagline", facts.tagline);
  take("description", facts.description);
  take("independence", facts.independence);
  take("base_url", facts.base_url);
  take("edit_base", facts.edit_base);
  take("theme_script", facts.theme_script);
  take("icon", facts.icon);
  for (std::string* address : {&facts.base_url, &facts.edit_base}) {
    if (!address->empty() && !address->ends_with('/')) *address += '/';
  }
  if (fields.has("styles")) facts.styles = parse_bundle(fields.record("styles"));
  if (fields.has("scripts")) facts.scripts = parse_bundle(fields.record("scripts"));
  if (fields.has("rules")) facts.rules.clear();
  for (const Named& rule : fields.list("rules")) facts.rules.push_back(rule.text);
  if (fields.has("page_scripts")) facts.page_scripts.clear();
  for (const FrontMatter& entry : fields.records("page_scripts"))
    facts.page_scripts.push_back({entry.text("kind"), parse_bundle(entry)});
  if (fields.has("search")) {
    const FrontMatter search = fields.record("search");
    facts.search = {parse_bundle(search), search.text("library"), search.text("licence"),
                    search.text("style"), search.text("index")};
  }
  if (fields.has("sections")) facts.sections.clear();
  for (const FrontMatter& entry : fields.records("sections")) {
    facts.sections.push_back({entry.text("id"), entry.text("title"), entry.text("url")});
  }
  return facts;
}

Listing parse_roles(const base::SourcePtr& source, diagnostics::Sink& sink) {
  return parse_listing(source, role_fields(), "role", sink);
}

Listing parse_topics(const base::SourcePtr& source, diagnostics::Sink& sink) {
  return parse_listing(source, topic_fields(), "topic", sink);
}

SearchWords parse_search_words(const base::SourcePtr& source, diagnostics::Sink& sink) {
  const auto root = parse_yaml(source, 0, source->text().size(), sink);
  if (!root || !check_fields(*root, search_word_fields(), "search word list", sink)) return {};
  const FrontMatter fields{*root};
  return {word_rows(fields, "same", "word", "forms"), word_rows(fields, "phrases", "when", "add"),
          texts(fields.list("filler")), texts(fields.list("stop"))};
}

}  // namespace drillpress::model
