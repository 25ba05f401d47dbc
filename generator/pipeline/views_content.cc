// Views of guides, cards, checklists and plain pages.
#include "pipeline/page_body.h"
#include "pipeline/view_parts.h"
#include "pipeline/views.h"
#include "pipeline/views_figures.h"

namespace drillpress::pipeline {
namespace {

using model::PageKind;
using templating::Html;
using templating::TemplateSet;

PageFacts facts_of(const SiteModel& site, const model::Page& page, const PageBody& body) {
  PageFacts facts{std::string(model::name(page.kind)),
                  page.id,
                  page.title(),
                  page.front.text("description"),
                  page.url,
                  std::string(model::url_folder(page.kind)),
                  &page};
  facts.toc = body.contents();
  facts.verdicts = verdict_counts(records_of(site, page), body.skipped_blocks());
  return facts;
}

List links_to(const SiteModel& site, const model::Page& page, std::string_view key, PageKind kind) {
  List links;
  for (const model::Named& named : page.front.list(key)) {
    if (const model::Page* target = site.registry.find(kind, named.text)) {
      links.push_back(content_link_view(site, *target, page.url));
    }
  }
  return links;
}

List quizzes_for(const SiteModel& site, const model::Page& guide) {
  List links;
  for (const model::Page* quiz : site.registry.listed(PageKind::kQuiz)) {
    if (quiz->front.text("role") == guide.front.text("role"))
      links.push_back(content_link_view(site, *quiz, guide.url));
  }
  return links;
}

List texts(const std::vector<model::Named>& names) {
  List list;
  for (const model::Named& named : names) list.push_back(named.text);
  return list;
}

List timeline_view(const model::Page& page) {
  List stages;
  for (const model::FrontMatter& stage : page.front.records("timeline")) {
    std::string level, month;
    const bool known = model::parse_evidence(stage.text("evidence"), level, month);
    stages.push_back(Map{{"stage", stage.text("stage")},
                         {"duration", stage.text("duration")},
                         {"detail", stage.text("detail")},
                         {"evidence", known ? evidence_view(level, month, "") : Value()}});
  }
  return stages;
}

Map base_view(const SiteModel& site, const PageFacts& facts) {
  return Map{{"site", site_view(site)}, {"page", page_view(site, facts)}};
}

}  // namespace

PageView guide_view(const SiteModel& site, const TemplateSet& templates, const model::Page& page) {
  const PageBody body(site, templates, page);
  const model::Listed* role = site.registry.roles().find(page.front.text("role"));
  Map view = base_view(site, facts_of(site, page, body));
  view.set("guide", Map{{"role", role != nullptr ? role->title : page.front.text("role")},
                        {"summary", texts(page.front.list("summary"))},
                        {"audience", page.front.text("audience")},
                        {"verified", date_view(page.front.text("verified"))},
                        {"timeline", timeline_view(page)},
                        {"figures", guide_figures(site, page)},
                        {"body", Html{body.whole()}},
                        {"drills", links_to(site, page, "drills", PageKind::kDrill)},
                        {"cards", links_to(site, page, "cards", PageKind::kCard)},
                        {"checklists", links_to(site, page, "checklists", PageKind::kChecklist)},
                        {"scorecards", links_to(site, page, "scorecards", PageKind::kScorecard)},
                        {"quizzes", quizzes_for(site, page)}});
  return {"guide.html", page.url, std::move(view)};
}

PageView card_view(const SiteModel& site, const TemplateSet& templates, const model::Page& page) {
  const PageBody body(site, templates, page);
  Map card{{"question", page.front.text("question")},
           {"area", page.front.text("area")},
           {"levels", texts(page.front.list("level"))},
           {"drills", links_to(site, page, "drills", PageKind::kDrill)},
           {"related", links_to(site, page, "related", PageKind::kCard)}};
  for (const markdown::Section& section : markdown::sections(page.document)) {
    for (const model::RequiredSection& row : model::required_sections(PageKind::kCard)) {
      if (section.title == row.heading) {
        card.set(row.place, section_body_view(section.id, section.title, body.section(section)));
      }
    }
  }
  Map view = base_view(site, facts_of(site, page, body));
  view.set("card", std::move(card));
  return {"card.html", page.url, std::move(view)};
}

PageView checklist_view(const SiteModel& site, const TemplateSet& templates, const model::Page& page) {
  const PageBody body(site, templates, page);
  const model::Page* guide = site.registry.find(PageKind::kGuide, page.front.text("guide"));
  Value guide_link;
  if (guide != nullptr)
    guide_link = Map{{"title", guide->title()}, {"url", model::relative_url(page.url, guide->url)}};
  Map view = base_view(site, facts_of(site, page, body));
  view.set("checklist",
           Map{{"count", body.task_count()}, {"body", Html{body.whole()}}, {"guide", guide_link}});
  return {"checklist.html", page.url, std::move(view)};
}

PageView plain_page_view(const SiteModel& site, const TemplateSet& templates, const model::Page& page) {
  const PageBody body(site, templates, page);
  Map view = base_view(site, facts_of(site, page, body));
  view.set("body", Html{body.whole()});
  return {"page.html", page.url, std::move(view)};
}

}  // namespace drillpress::pipeline
