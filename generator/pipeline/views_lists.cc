// Views of the pages that list others: home, sections, ledger, not found.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "pipeline/counter_rows.h"
#include "pipeline/ledger.h"
#include "pipeline/view_parts.h"
#include "pipeline/views.h"

namespace drillpress::pipeline {
namespace {

using model::PageKind;
using templating::Html;

constexpr std::size_t kHomeDrills = 4;

Map base_view(const SiteModel& site, const PageFacts& facts) {
  return Map{{"site", site_view(site)}, {"page", page_view(site, facts)}};
}

std::vector<const drill::Record*> all_records(const SiteModel& site) {
  std::vector<const drill::Record*> out;
  for (const drill::Record& record : site.records) out.push_back(&record);
  return out;
}

std::size_t skipped_blocks(const SiteModel& site) {
  std::size_t count = 0;
  for (const auto& blocks : site.programs.blocks) {
    for (const auto& [node, plan] : blocks) {
      if (!plan.program && !plan.id.empty()) ++count;
    }
  }
  return count;
}

std::size_t linked(const SiteModel& site, PageKind kind, std::string_view role) {
  const auto& pages = site.registry.listed(kind);
  return static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [&](const model::Page* page) {
    const auto roles = roles_of(*page);
    return std::any_of(roles.begin(), roles.end(), [&](const model::Named& r) { return r.text == role; });
  }));
}

List role_views(const SiteModel& site) {
  List roles;
  const auto add = [&](const std::string& id, std::string title, std::string url, std::string description) {
    List facts;
    if (const std::size_t cards = linked(site, PageKind::kCard, id))
      facts.push_back(counted(cards, "card", "cards"));
    if (const std::size_t drills = linked(site, PageKind::kDrill, id))
      facts.push_back(counted(drills, "drill", "drills"));
    roles.push_back(Map{{"title", std::move(title)},
                        {"url", std::move(url)},
                        {"description", std::move(description)},
                        {"facts", std::move(facts)}});
  };
  const auto& guides = site.registry.listed(PageKind::kGuide);
  for (const model::Listed& role : site.registry.roles().entries) {
    const auto guide = std::find_if(guides.begin(), guides.end(),
                                    [&](const model::Page* g) { return g->front.text("role") == role.id; });
    if (guide != guides.end()) add(role.id, role.title, (*guide)->url, (*guide)->front.text("description"));
  }
  if (!roles.empty()) return roles;
  for (const model::Page* guide : guides)
    add(guide->id, guide->title(), guide->url, guide->front.text("description"));
  return roles;
}

List number_views(const SiteModel& site) {
  List numbers;
  const auto add = [&](std::size_t value, std::string_view one, std::string_view many, std::string url) {
    if (value > 0)
      numbers.push_back(
          Map{{"value", std::to_string(value)}, {"label", value == 1 ? one : many}, {"url", std::move(url)}});
  };
  for (const SectionRow& row : section_rows()) {
    if (row.kind != PageKind::kPage)
      add(site.registry.listed(row.kind).size(), row.noun, row.nouns, fmt::format("{}/index.html", row.id));
  }
  add(site.records.size(), "program run and checked", "programs run and checked", "ledger.html");
  return numbers;
}

// The drill whose rungs differ most in one headline counter that is an average per request.
Value featured_view(const SiteModel& site) {
  const model::Page* best = nullptr;
  const CounterRow* best_row = nullptr;
  double best_ratio = 1;
  for (const model::Page* page : site.registry.listed(PageKind::kDrill)) {
    for (const CounterRow& row : counter_rows()) {
      if (!row.headline || row.unit.empty() || !row.fewer_is_better) continue;
      double least = 0, most = 0;
      for (const model::FrontMatter& rung : page->front.records("rungs")) {
        const drill::Record* r = site.record(page->id + "/" + rung.text("id"));
        const auto at =
            r != nullptr ? r->metrics.find(std::string(row.metric)) : drill::Counters::const_iterator();
        if (r == nullptr || at == r->metrics.end() || at->second <= 0) continue;
        least = least == 0 ? at->second : std::min(least, at->second);
        most = std::max(most, at->second);
      }
      if (least > 0 && most / least > best_ratio) {
        best_ratio = most / least;
        best = page;
        best_row = &row;
      }
    }
  }
  if (best == nullptr) return {};
  List rows;
  double most = 0, least = 0;
  std::vector<std::tuple<std::string, std::string, double, const drill::Record*>> values;
  for (const model::FrontMatter& rung : best->front.records("rungs")) {
    const drill::Record* r = site.record(best->id + "/" + rung.text("id"));
    if (r == nullptr) continue;
    const auto at = r->metrics.find(std::string(best_row->metric));
    if (at == r->metrics.end()) continue;
    values.emplace_back(rung.text("title"), rung.text("id"), at->second, r);
    most = std::max(most, at->second);
    least = values.size() == 1 ? at->second : std::min(least, at->second);
  }
  for (const auto& [title, id, value, record] : values) {
    rows.push_back(Map{{"title", title},
                       {"url", fmt::format("{}#rung-{}", best->url, id)},
                       {"value", number_text(value)},
                       {"percent", fmt::format("{:.2f}", 100 * value / most)},
                       {"best", value == least}});
  }
  return Map{{"drill", content_link_view(site, *best, "index.html")},
             {"comparison", Map{{"id", base::slugify(best_row->metric)},
                                {"label", fmt::format("{}: {}", best_row->group, best_row->label)},
                                {"unit", best_row->unit},
                                {"explain", best_row->explain},
                                {"rows", std::move(rows)}}},
             {"verdict", verdict_view(*std::get<3>(values.back()))}};
}

// Words by which the filters of a section page match, and the filters themselves.
class Filters {
 public:
  void add(std::string_view name, std::string_view label, const std::string& value,
           const std::string& value_label) {
    if (value.empty()) return;
    Filter& filter = by_name_.try_emplace(std::string(name), Filter{std::string(label), {}}).first->second;
    Option& option = filter.options.try_emplace(value, Option{value_label, 0}).first->second;
    ++option.count;
    words_ += fmt::format("{}{}:{}", words_.empty() ? "" : " ", name, base::slugify(value));
  }
  std::string take_words() { return std::exchange(words_, {}); }

  List views(std::size_t items) const {
    List list;
    for (const auto& [name, filter] : by_name_) {
      List options;
      bool tells = false;
      for (const auto& [value, option] : filter.options) {
        options.push_back(
            Map{{"value", base::slugify(value)}, {"label", option.label}, {"count", option.count}});
        tells = tells || option.count < items;
      }
      if (tells)
        list.push_back(Map{{"name", name}, {"label", filter.label}, {"options", std::move(options)}});
    }
    return list;
  }

 private:
  struct Option {
    std::string label;
    std::size_t count;
  };
  struct Filter {
    std::string label;
    std::map<std::string, Option> options;
  };
  std::map<std::string, Filter> by_name_;
  std::string words_;
};

// One row of a list, whose words go to the filters.
Value index_item(const SiteModel& site, const model::Page& page, const std::string& url, Filters& filters) {
  filters.add("difficulty", "Difficulty", page.front.text("difficulty"), page.front.text("difficulty"));
  for (const model::Named& role : roles_of(page)) {
    const model::Listed* listed = site.registry.roles().find(role.text);
    filters.add("role", "Role", role.text, listed != nullptr ? listed->brief : role.text);
  }
  for (const model::Named& topic : page.front.list("topics")) {
    const model::Listed* listed = site.registry.topics().find(topic.text);
    filters.add("topic", "Topic", topic.text, listed != nullptr ? listed->title : topic.text);
  }
  return Map{{"link", content_link_view(site, page, url)},
             {"question", page.front.text("question")},
             {"filter", filters.take_words()}};
}

PageView section_view(const SiteModel& site, const SectionRow& row) {
  const std::string url = fmt::format("{}/index.html", row.id);
  const auto& pages = site.registry.listed(row.kind);
  Filters filters;
  // Cards stand in groups by area; the others in one group without heading.
  std::map<std::string, List> groups;
  for (const model::Page* page : pages)
    groups[page->front.text("area")].push_back(index_item(site, *page, url, filters));
  List group_views;
  for (auto& [area, items] : groups) {
    group_views.push_back(Map{{"id", area.empty() ? "all" : "area-" + base::slugify(area)},
                              {"title", area},
                              {"items", std::move(items)}});
  }
  std::size_t count = pages.size();
  for (const SectionRow* below : sections_below(row.id)) {
    List items;
    for (const model::Page* page : site.registry.listed(below->kind))
      items.push_back(index_item(site, *page, url, filters));
    if (items.empty()) continue;
    count += items.size();
    group_views.push_back(Map{{"id", below->id}, {"title", below->title}, {"items", std::move(items)}});
  }
  PageFacts facts{"section", std::string(row.id), std::string(row.title), "", url, std::string(row.id)};
  Map view = base_view(site, facts);
  view.set("section", Map{{"intro", Html{""}},
                          {"count", counted(pages.size(), row.noun, row.nouns)},
                          {"filters", filters.views(count)},
                          {"groups", std::move(group_views)}});
  return {"section.html", url, std::move(view)};
}

}  // namespace

PageView home_view(const SiteModel& site) {
  List drills;
  for (const model::Page* page : site.registry.listed(PageKind::kDrill)) {
    if (drills.size() < kHomeDrills) drills.push_back(content_link_view(site, *page, "index.html"));
  }
  PageFacts facts{"home", "home", site.sources.facts.title, site.sources.facts.description, "index.html", ""};
  Map view = base_view(site, facts);
  view.set("home", Map{{"intro", Html{""}},
                       {"roles", role_views(site)},
                       {"numbers", number_views(site)},
                       {"verdicts", verdict_counts(all_records(site), skipped_blocks(site))},
                       {"drills", std::move(drills)},
                       {"featured", featured_view(site)}});
  return {"home.html", "index.html", std::move(view)};
}

PageView all_pages_view(const SiteModel& site) {
  Filters filters;
  List groups;
  std::size_t total = 0;
  for (const SectionRow& row : section_rows()) {
    List items;
    for (const model::Page* page : site.registry.listed(row.kind))
      items.push_back(index_item(site, *page, "search.html", filters));
    total += items.size();
    if (!items.empty())
      groups.push_back(Map{{"id", row.id}, {"title", row.title}, {"items", std::move(items)}});
  }
  PageFacts facts{"section", "search", "All pages", "", "search.html", ""};
  Map view = base_view(site, facts);
  view.set("section", Map{{"intro", Html{""}},
                          {"count", counted(total, "page", "pages")},
                          {"filters", filters.views(total)},
                          {"groups", std::move(groups)}});
  return {"section.html", "search.html", std::move(view)};
}

PageView not_found_view(const SiteModel& site) {
  List links{Map{{"title", "Home"}, {"url", "index.html"}}};
  for (const SectionRow& row : section_rows()) {
    if (is_empty(site, row)) continue;
    links.push_back(Map{{"title", row.title}, {"url", fmt::format("{}/index.html", row.id)}});
  }
  PageFacts facts{"not-found", "not-found", "Page not found", "", "404.html", ""};
  Map view = base_view(site, facts);
  view.set("not_found", Map{{"links", std::move(links)}});
  return {"not-found.html", "404.html", std::move(view)};
}

// "12 claims hold, 2 are not yet measured"
std::string claim_summary(const SiteModel& site) {
  std::map<Standing, std::size_t> counts;
  for (const Claim& claim : site.citations.claims) ++counts[claim.standing];
  std::string text;
  for (const auto& [standing, count] : counts) {
    if (!text.empty()) text += ", ";
    text += standing == Standing::kKnown
                ? fmt::format("{} {}", counted(count, "claim", "claims"), count == 1 ? "holds" : "hold")
                : fmt::format("{} {} {}", count, count == 1 ? "is" : "are", label_of(standing));
  }
  return text;
}

std::string_view origin_words(std::string_view origin) {
  if (origin == "here") return "gathered for this build";
  if (origin == "record") return "replayed from a record";
  if (origin == "stale-record") return "from a record of other inputs";
  return "";
}

std::string check_names(const drill::Record& record) {
  std::string names;
  for (const drill::Check& check : record.checks) names += (names.empty() ? "" : ", ") + check.name;
  return names;
}

PageView ledger_view(const SiteModel& site) {
  List rows;
  Filters filters;
  for (const LedgerEntry& entry : ledger_entries(site)) {
    const auto passed = [&] {
      return std::count_if(entry.record->checks.begin(), entry.record->checks.end(),
                           [](const drill::Check& c) { return c.passed; });
    };
    const bool checked = entry.record != nullptr && !entry.record->checks.empty();
    const std::string device = entry.record != nullptr ? device_of(*entry.record) : "";
    const auto origin = entry.record != nullptr ? origin_words(origin_of(*entry.record)) : "";
    filters.add("verdict", "Verdict", entry.badge, std::string(badge_label(entry.badge)));
    filters.add("role", "Role", entry.role, entry.role);
    filters.add("language", "Language", entry.language, entry.language);
    filters.add("device", "Ran on", device, device);
    filters.add("origin", "Evidence", std::string(origin), std::string(origin));
    rows.push_back(
        Map{{"name", entry.id},
            {"url", entry.url},
            {"page", entry.page},
            {"language", entry.language},
            {"verdict", verdict_view(entry.badge, entry.reason)},
            {"role", entry.role},
            {"device", device},
            {"age", origin},
            {"filter", filters.take_words()},
            {"check_names", checked ? check_names(*entry.record) : ""},
            {"checks",
             checked ? fmt::format("{} of {} checks passed", passed(), entry.record->checks.size()) : ""},
            {"key", entry.record != nullptr ? entry.record->key.substr(0, 12) : ""}});
  }
  List built;
  for (const drill::Record& record : site.records) {
    if (record.provenance.engine.empty()) continue;
    built.push_back(fact_view("Compiler", record.provenance.compiler));
    built.push_back(fact_view("Engine", record.provenance.engine));
    break;
  }
  List claims;
  for (const Claim& claim : site.citations.claims) claims.push_back(claim_view(site, claim, "ledger.html"));
  const std::size_t total = rows.size();
  PageFacts facts{"ledger",      "ledger",
                  "Ledger",      "Every piece of code on this site and what became of it.",
                  "ledger.html", "ledger"};
  Map view = base_view(site, facts);
  view.set("ledger", Map{{"intro", Html{""}},
                         {"totals", verdict_counts(all_records(site), skipped_blocks(site))},
                         {"total", total},
                         {"filters", filters.views(total)},
                         {"built", std::move(built)},
                         {"downloads", List{Map{{"title", "ledger.json"}, {"url", "ledger.json"}}}},
                         {"rows", std::move(rows)},
                         {"claim_count", claim_summary(site)},
                         {"claims", std::move(claims)}});
  return {"ledger.html", "ledger.html", std::move(view)};
}

std::vector<PageView> section_views(const SiteModel& site) {
  std::vector<PageView> views;
  for (const SectionRow& row : section_rows()) {
    if (!is_empty(site, row)) views.push_back(section_view(site, row));
  }
  return views;
}

}  // namespace drillpress::pipeline
