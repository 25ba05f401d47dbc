#include "pipeline/build.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "pipeline/committed.h"
#include "pipeline/drill_verdicts.h"
#include "pipeline/feeds.h"
#include "pipeline/ledger.h"
#include "pipeline/page_body.h"
#include "pipeline/parallel.h"
#include "pipeline/search_index.h"
#include "pipeline/view_schema.h"
#include "pipeline/views.h"
#include "system/files.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

std::vector<model::Page> parse_pages(const SiteSources& sources, unsigned jobs, diagnostics::Sink& sink) {
  std::vector<std::optional<model::Page>> parsed(sources.pages.size());
  for_each_index(sources.pages.size(), jobs, [&](std::size_t i) {
    const PageFile& file = sources.pages[i];
    parsed[i] = model::parse_page(file.kind, file.slug, file.folder, file.source, sink);
  });
  std::vector<model::Page> pages;
  for (auto& page : parsed) {
    if (page && !page->front.flag("draft")) pages.push_back(*std::move(page));
  }
  return pages;
}

// Files that pages link to and that are no pages, as artifacts below `files/`.
std::vector<Artifact> linked_files(const SiteModel& site, diagnostics::Sink& sink) {
  std::set<std::string> wanted;
  for (const model::Page& page : site.registry.pages()) {
    for (const markdown::LinkUse& use : markdown::links(page.document)) {
      const auto& link = page.document.data<markdown::Link>(use.node);
      const auto target =
          model::resolve_link(site.registry, page, link.destination, site.sources.root, {}, nullptr);
      if (target && !target->file.empty()) wanted.insert(target->file);
    }
  }
  std::vector<Artifact> artifacts;
  for (const std::string& path : wanted) {
    auto bytes = load_bytes(site.sources.root, path, sink);
    if (bytes) artifacts.push_back({"files/" + path, *std::move(bytes)});
  }
  return artifacts;
}

using ViewFunction = PageView (*)(const SiteModel&, const templating::TemplateSet&, const model::Page&);

ViewFunction view_function(model::PageKind kind) {
  switch (kind) {
    case model::PageKind::kGuide:
      return guide_view;
    case model::PageKind::kCard:
      return card_view;
    case model::PageKind::kChecklist:
      return checklist_view;
    case model::PageKind::kDrill:
      return drill_view;
    case model::PageKind::kQuiz:
      return quiz_view;
    case model::PageKind::kScorecard:
      return scorecard_view;
    case model::PageKind::kPage:
      break;
  }
  return plain_page_view;
}

}  // namespace

std::unique_ptr<SiteModel> check_site(const BuildOptions& options, diagnostics::Sink& sink) {
  SiteSources sources = load_site(options.root, sink);
  std::vector<model::Page> pages = parse_pages(sources, options.jobs, sink);
  model::Listing roles = sources.roles, topics = sources.topics;
  auto site = std::make_unique<SiteModel>(
      SiteModel{std::move(sources),
                model::Registry(std::move(pages), std::move(roles), std::move(topics), sink),
                {},
                {},
                {},
                {},
                {},
                {},
                {},
                {}});
  const auto& all = site->registry.pages();
  for_each_index(all.size(), options.jobs,
                 [&](std::size_t i) { model::check_references(site->registry, all[i], options.root, sink); });
  site->programs = plan_programs(site->registry, options.root, sink);
  site->device_records = load_device_records(options.root, site->registry, site->programs, sink);
  site->citations = plan_citations(site->registry, site->programs, sink);
  site->pictures = plan_pictures(site->registry, site->programs, sink);
  site->formulas = plan_formulas(site->registry, options.root, sink);
  site->glossary = plan_glossary(site->registry);
  return site;
}

drill::Options drill_options(const BuildOptions& options) {
  drill::Options out;
  out.root = options.root;
  out.cache_dir = options.cache_dir;
  out.engine_dir = options.engine_dir;
  out.tool_folders = options.tool_folders;
  out.jobs = options.jobs;
  out.quiet = options.quiet;
  out.sources = options.sources;
  if (options.wanted) {
    out.wanted = [wanted = *options.wanted](const drill::Program& program) {
      return wanted.contains(program.id);
    };
  }
  out.use_gpu = options.use_gpu;
  if (options.trust) out.containment = drill::Containment::kIfItWorks;
  out.record_path = record_path;
  return out;
}

void gather_evidence(SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink) {
  site.records = drill::gather(site.programs.programs, drill_options(options), sink, &site.findings);
  report_suspect_references(site, sink);
  const bool all_committed = options.sources == drill::Sources::kCommitted && !options.wanted;
  if (all_committed) report_vanished_records(site.programs, options.root, sink);
  resolve_citations(site.registry, site.programs, site.records, site.device_records, site.citations, sink);
  resolve_pictures(site.registry, site.programs, site.records, site.pictures, sink);
}

void typeset_formulas(SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink) {
  if (options.sources == drill::Sources::kCommitted)
    return report_untypeset(site.registry, site.formulas, Severity::kError, sink);
  typeset_formulas(site.registry, options.root, options.tool_folders, site.formulas, sink);
}

std::vector<Artifact> render_site(const SiteModel& site, const BuildOptions& options,
                                  diagnostics::Sink& sink) {
  const auto templates = templating::TemplateSet::compile(site.sources.templates, view_schema(), sink);
  std::vector<Artifact> artifacts = linked_files(site, sink);
  if (!templates || sink.has_errors()) return {};

  const auto& pages = site.registry.pages();
  std::vector<Artifact> rendered_pages(pages.size());
  for_each_index(pages.size(), options.jobs, [&](std::size_t i) {
    const PageView page = view_function(pages[i].kind)(site, *templates, pages[i]);
    rendered_pages[i] = {page.url, rendered(*templates, page.template_name, page.view)};
  });
  for (Artifact& artifact : rendered_pages) artifacts.push_back(std::move(artifact));

  std::vector<PageView> lists = section_views(site);
  lists.push_back(home_view(site));
  lists.push_back(ledger_view(site));
  lists.push_back(engine_view(site));
  lists.push_back(all_pages_view(site));
  lists.push_back(not_found_view(site));
  for (const PageView& page : lists)
    artifacts.push_back({page.url, rendered(*templates, page.template_name, page.view)});

  artifacts.push_back({"api/index.json", render_index_json(site)});
  artifacts.push_back({"ledger.json", render_ledger_json(site)});
  for (Artifact& artifact : feed_artifacts(site)) artifacts.push_back(std::move(artifact));
  for (Artifact& artifact : search_artifacts(site, sink)) artifacts.push_back(std::move(artifact));
  for (const Asset& asset : site.sources.assets) artifacts.push_back({asset.path, asset.bytes});
  return artifacts;
}

}  // namespace drillpress::pipeline
