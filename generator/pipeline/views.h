// One function per kind of page: site → the view its template receives (declared in view_schema.h).
#pragma once

#include "pipeline/site_model.h"
#include "template/template.h"
#include "template/value.h"

namespace drillpress::pipeline {

/// A finished page before templates: which template, where it goes, and with what.
struct PageView {
  std::string template_name;
  std::string url;
  templating::Map view;
};

PageView guide_view(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page);
PageView card_view(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page);
PageView checklist_view(const SiteModel& site, const templating::TemplateSet& templates,
                        const model::Page& page);
PageView quiz_view(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page);
PageView scorecard_view(const SiteModel& site, const templating::TemplateSet& templates,
                        const model::Page& page);
PageView drill_view(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page);
PageView plain_page_view(const SiteModel& site, const templating::TemplateSet& templates,
                         const model::Page& page);

PageView home_view(const SiteModel& site);
PageView not_found_view(const SiteModel& site);
/// Every page by kind; also where the search leads without scripts.
PageView all_pages_view(const SiteModel& site);
PageView ledger_view(const SiteModel& site);
PageView engine_view(const SiteModel& site);
/// One index page per section that has pages.
std::vector<PageView> section_views(const SiteModel& site);

}  // namespace drillpress::pipeline
