#include "pipeline/view_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace drillpress::pipeline {
namespace {

using model::PageKind;

constexpr std::string_view kVersion = "Drillpress 0.1.0";
constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

struct EvidenceRow {
  std::string_view level, explain;
};
constexpr EvidenceRow kEvidence[] = {
    {"stated", "Stated in a job description or by the company itself."},
    {"reported", "Reported by candidates or in a public guide; not confirmed by the company."},
    {"likely", "Likely, judging by public signals."},
    {"inferred", "Inferred from other facts; treat it as a guess."},
};

struct BadgeRow {
  drill::Verdict verdict;
  std::string_view badge;
};
constexpr BadgeRow kBadges[] = {
    {drill::Verdict::kRanOnGpu, "gpu"},
    {drill::Verdict::kRanOnEngine, "engine"},
    {drill::Verdict::kRanOnHost, "host"},
    {drill::Verdict::kReplayed, "replayed"},
    {drill::Verdict::kCompiledOnly, "compiled"},
    {drill::Verdict::kStale, "stale"},
    {drill::Verdict::kFailedAsExpected, "expected-failure"},
    {drill::Verdict::kSkipped, "skipped"},
    {drill::Verdict::kFailed, "failed"},
};

// "2026-03" → "Mar 2026"
std::string month_label(const std::string& month) {
  const auto index = static_cast<std::size_t>(std::atoi(month.substr(5, 2).c_str()) - 1);
  return fmt::format("{} {}", kMonths[index].substr(0, 3), month.substr(0, 4));
}

std::string verdict_detail(const drill::Record& record) {
  if (record.verdict == drill::Verdict::kStale) {
    return fmt::format("the record was made with other inputs: {}", fmt::join(record.stale_components, ", "));
  }
  if (!record.caught_by.empty()) return fmt::format("caught by {}", record.caught_by.front());
  return record.reason;
}

Value link_view(std::string title, std::string url) {
  return Map{{"title", std::move(title)}, {"url", std::move(url)}};
}

List role_views(const SiteModel& site, const model::Page& page) {
  List roles;
  for (const model::Named& named : roles_of(page)) {
    const model::Listed* role = site.registry.roles().find(named.text);
    std::string url;
    for (const model::Page* guide : site.registry.listed(PageKind::kGuide)) {
      if (guide->front.text("role") == named.text) url = model::relative_url(page.url, guide->url);
    }
    roles.push_back(
        Map{{"id", named.text}, {"title", role != nullptr ? role->brief : named.text}, {"url", url}});
  }
  return roles;
}

List topic_views(const SiteModel& site, const model::Page& page) {
  List topics;
  for (const model::Named& named : page.front.list("topics")) {
    const model::Listed* topic = site.registry.topics().find(named.text);
    topics.push_back(Map{{"id", named.text}, {"title", topic != nullptr ? topic->title : named.text}});
  }
  return topics;
}

const SectionRow* section_row(std::string_view id) {
  for (const SectionRow& row : section_rows()) {
    if (row.id == id) return &row;
  }
  return nullptr;
}

List breadcrumbs(const PageFacts& facts) {
  List crumbs;
  if (facts.kind == "home") return crumbs;
  const std::string root = model::root_prefix(facts.url);
  crumbs.push_back(link_view("Home", root + "index.html"));
  const SectionRow* row = section_row(facts.section);
  if (row != nullptr && facts.kind != "section") {
    crumbs.push_back(link_view(std::string(row->title), fmt::format("{}{}/index.html", root, row->id)));
  }
  return crumbs;
}

Value neighbour(const SiteModel& site, const model::Page& page, int step) {
  const auto& listed = site.registry.listed(page.kind);
  const auto at = static_cast<std::ptrdiff_t>(site.registry.place(page)) + step;
  if (at < 0 || at >= static_cast<std::ptrdiff_t>(listed.size())) return {};
  const model::Page& other = *listed[static_cast<std::size_t>(at)];
  return link_view(other.title(), model::relative_url(page.url, other.url));
}

std::string short_facts_of_drill(const model::Page& page) {
  return fmt::format("{} min", page.front.text("minutes"));
}

bool has_formulas(const model::Page& page) {
  const auto& nodes = page.document.nodes();
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const markdown::Node& node) { return node.kind == markdown::Kind::kFormula; });
}

}  // namespace

const drill::Record* SiteModel::record(std::string_view program_id) const {
  const auto at = programs.by_id.find(program_id);
  return at == programs.by_id.end() ? nullptr : &records[at->second];
}

const std::vector<SectionRow>& section_rows() {
  static const std::vector<SectionRow> rows = {
      {"guides", "Guides", "guide", "guides", PageKind::kGuide},
      {"cards", "Cards", "question card", "question cards", PageKind::kCard},
      {"drills", "Drills", "drill", "drills", PageKind::kDrill},
      {"checklists", "Checklists", "checklist", "checklists", PageKind::kChecklist},
      {"pages", "Pages", "page", "pages", PageKind::kPage},
      {"quizzes", "Readiness quizzes", "readiness quiz", "readiness quizzes", PageKind::kQuiz, "pages"},
      {"scorecards", "Scorecards", "scorecard", "scorecards", PageKind::kScorecard, "pages"},
  };
  return rows;
}

std::vector<const SectionRow*> sections_below(std::string_view id) {
  std::vector<const SectionRow*> below;
  for (const SectionRow& row : section_rows()) {
    if (row.below == id) below.push_back(&row);
  }
  return below;
}

bool is_empty(const SiteModel& site, const SectionRow& row) {
  const auto below = sections_below(row.id);
  return site.registry.listed(row.kind).empty() &&
         std::all_of(below.begin(), below.end(), [&](const SectionRow* r) { return is_empty(site, *r); });
}

std::vector<model::Named> roles_of(const model::Page& page) {
  return page.kind == PageKind::kQuiz ? std::vector{page.front.named("role")} : page.front.list("roles");
}

Map site_view(const SiteModel& site) {
  const model::SiteFacts& facts = site.sources.facts;
  // Entries whose pages are not there are left out, so that a small site has no dead links.
  List sections;
  for (const model::NavEntry& entry : facts.sections) {
    const SectionRow* row = section_row(entry.id);
    if (row != nullptr && is_empty(site, *row)) continue;
    sections.push_back(Map{{"id", entry.id}, {"title", entry.title}, {"url", entry.url}});
  }
  return Map{{"title", facts.title},
             {"tagline", facts.tagline},
             {"description", facts.description},
             {"base_url", facts.base_url},
             {"sections", std::move(sections)},
             {"styles", List{facts.styles.output}},
             {"scripts", List{facts.scripts.output}},
             {"search_script", site.sources.search_assets.empty() ? "" : facts.search.script.output},
             {"search_style", facts.search.style},
             {"search_index", facts.search.index},
             {"theme_script", facts.theme_script},
             {"icon", facts.icon},
             {"independence", facts.independence},
             {"ledger_url", "ledger.html"},
             {"generator", kVersion}};
}

Map page_view(const SiteModel& site, const PageFacts& facts) {
  const model::Page* page = facts.page;
  List tags;
  if (page != nullptr) {
    for (const model::Named& tag : page->front.list("tags")) tags.push_back(tag.text);
  }
  const SectionRow* section = section_row(facts.section);
  List scripts;
  for (const model::PageScripts& row : site.sources.facts.page_scripts) {
    if (row.kind == facts.kind) scripts.push_back(row.bundle.output);
  }
  const std::string path = page != nullptr ? page->source->path() : "";
  const std::string& edit_base = site.sources.facts.edit_base;
  return Map{{"kind", facts.kind},
             {"id", facts.id},
             {"title", facts.title},
             {"description", facts.description},
             {"url", facts.url},
             {"root", model::root_prefix(facts.url)},
             {"section", section != nullptr && !section->below.empty() ? section->below : facts.section},
             {"scripts", std::move(scripts)},
             {"date", page != nullptr ? date_view(page->front.text("date")) : Value()},
             {"updated", page != nullptr ? date_view(page->front.text("updated")) : Value()},
             {"tags", std::move(tags)},
             {"roles", page != nullptr ? role_views(site, *page) : List{}},
             {"topics", page != nullptr ? topic_views(site, *page) : List{}},
             {"difficulty", page != nullptr ? page->front.text("difficulty") : ""},
             {"breadcrumbs", breadcrumbs(facts)},
             {"toc", facts.toc},
             {"previous", page != nullptr ? neighbour(site, *page, -1) : Value()},
             {"next", page != nullptr ? neighbour(site, *page, +1) : Value()},
             {"source_path", path},
             {"edit_url", edit_base.empty() || path.empty() ? "" : edit_base + path},
             {"verdicts", facts.verdicts},
             {"formulas", page != nullptr && has_formulas(*page)}};
}

Value date_view(const std::string& iso) {
  if (iso.size() != 10) return {};
  const auto month = static_cast<std::size_t>(std::atoi(iso.substr(5, 2).c_str()) - 1);
  const std::string label =
      fmt::format("{} {} {}", std::atoi(iso.substr(8).c_str()), kMonths[month], iso.substr(0, 4));
  return Map{{"iso", iso}, {"label", label}};
}

Value verdict_view(std::string_view kind, std::string detail) {
  return Map{{"kind", kind}, {"label", badge_label(kind)}, {"detail", std::move(detail)}};
}

Value verdict_view(const drill::Record& record) {
  return verdict_view(badge_of(record.verdict), verdict_detail(record));
}

Value fact_view(std::string label, std::string value) {
  return Map{{"label", std::move(label)}, {"value", std::move(value)}};
}

Value evidence_view(const std::string& level, const std::string& month, const std::string& source) {
  std::string explain;
  for (const EvidenceRow& row : kEvidence) {
    if (row.level == level) explain = row.explain;
  }
  if (!source.empty()) explain += fmt::format(" Source: {}.", source);
  explain += fmt::format(" Checked {}.", month_label(month));
  return Map{
      {"level", level}, {"label", fmt::format("{}, {}", level, month_label(month))}, {"explain", explain}};
}

Value content_link_view(const SiteModel& site, const model::Page& target, std::string_view from_url) {
  List facts;
  if (target.front.has("difficulty")) facts.push_back(target.front.text("difficulty"));
  Value verdict;
  if (target.kind == PageKind::kDrill) {
    facts.push_back(short_facts_of_drill(target));
    facts.push_back(counted(target.front.records("rungs").size(), "rung", "rungs"));
    const auto rungs = target.front.records("rungs");
    if (!rungs.empty()) {
      if (const drill::Record* last = site.record(target.id + "/" + rungs.back().text("id")))
        verdict = verdict_view(*last);
    }
  }
  if (target.kind == PageKind::kCard) facts.push_back(target.front.text("area"));
  if (target.kind == PageKind::kScorecard) facts.push_back(target.front.text("time"));
  if (target.kind == PageKind::kQuiz)
    facts.push_back(counted(target.front.records("items").size(), "question", "questions"));
  std::string label(model::name(target.kind));
  for (const SectionRow& row : section_rows()) {
    if (row.kind == target.kind) label = row.noun;
  }
  label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  return Map{{"id", target.id},
             {"title", target.title()},
             {"url", model::relative_url(from_url, target.url)},
             {"kind", model::name(target.kind)},
             {"label", label},
             {"description", target.front.text("description")},
             {"facts", std::move(facts)},
             {"verdict", verdict}};
}

Value claim_view(const SiteModel& site, const Claim& claim, std::string_view from_url) {
  const model::Page& page = site.registry.pages()[claim.page];
  const bool holds = claim.standing == Standing::kKnown;
  std::string anchor = claim.id;
  std::replace(anchor.begin(), anchor.end(), '/', '-');
  return Map{{"id", claim.id},
             {"anchor", claim.anchor},
             {"ledger_anchor", anchor},
             {"ledger_url", model::relative_url(from_url, "ledger.html") + "#" + anchor},
             {"url", fmt::format("{}#{}", model::relative_url(from_url, page.url), claim.anchor)},
             {"page", page.title()},
             {"sentence", claim.sentence},
             {"condition", claim.condition},
             {"standing", holds ? "holds" : name_of(claim.standing)},
             {"label", label_of(claim.standing)},
             {"left", claim.left},
             {"right", claim.right}};
}

Value section_body_view(std::string id, std::string title, std::string html) {
  return Map{{"id", std::move(id)}, {"title", std::move(title)}, {"body", templating::Html{std::move(html)}}};
}

std::string_view badge_of(drill::Verdict verdict) {
  for (const BadgeRow& row : kBadges) {
    if (row.verdict == verdict) return row.badge;
  }
  return "failed";
}

std::string_view badge_label(std::string_view kind) {
  for (const VerdictKind& row : verdict_kinds()) {
    if (row.kind == kind) return row.label;
  }
  return kind;
}

List verdict_counts(const std::vector<const drill::Record*>& records, std::size_t skipped_blocks) {
  std::map<std::string_view, std::size_t> counts;
  for (const drill::Record* record : records) ++counts[badge_of(record->verdict)];
  if (skipped_blocks > 0) counts["skipped"] += skipped_blocks;
  List out;
  for (const VerdictKind& row : verdict_kinds()) {
    const auto at = counts.find(row.kind);
    if (at == counts.end()) continue;
    out.push_back(Map{{"kind", row.kind}, {"label", row.label}, {"count", at->second}});
  }
  return out;
}

std::vector<const drill::Record*> records_of(const SiteModel& site, const model::Page& page) {
  std::vector<const drill::Record*> out;
  const auto at = site.programs.by_owner.find(page.id);
  if (at == site.programs.by_owner.end()) return out;
  for (const std::size_t index : at->second) out.push_back(&site.records[index]);
  return out;
}

std::string number_text(double value) {
  std::string text = fmt::format("{:.2f}", value);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (point - first < 5) return text;
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    text.insert(at, "\u2009");
  }
  return text;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

List provenance_view(const drill::Record& record) {
  List facts;
  const auto add = [&](std::string label, const std::string& value) {
    if (!value.empty()) facts.push_back(fact_view(std::move(label), value));
  };
  add("Compiler", record.provenance.compiler);
  add("Engine", record.provenance.engine);
  add("Device", record.provenance.device);
  add("Host architecture", record.provenance.architecture);
  add("Sandbox", record.provenance.without_sandbox ? "none: run directly, as --trust allows" : "");
  add("Inputs", record.key);
  return facts;
}

}  // namespace drillpress::pipeline
