#include "pipeline/feeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"

namespace drillpress::pipeline {
namespace {

constexpr std::size_t kMostEntries = 60;
constexpr std::string_view kNoDate = "1970-01-01";

std::string changed(const model::Page& page) {
  const std::string updated = page.front.text("updated");
  return updated.empty() ? page.front.text("date") : updated;
}

// An identifier has to be absolute even where addresses are not.
std::string identifier(const SiteModel& site, std::string_view url) {
  const std::string& base = site.sources.facts.base_url;
  return base.empty() ? fmt::format("urn:drillpress:{}", url) : fmt::format("{}{}", base, url);
}

std::vector<const model::Page*> dated_pages(const SiteModel& site) {
  std::vector<const model::Page*> pages;
  for (const model::Page& page : site.registry.pages()) {
    if (!changed(page).empty()) pages.push_back(&page);
  }
  std::sort(pages.begin(), pages.end(), [](const model::Page* a, const model::Page* b) {
    return std::tuple(changed(*b), a->url) < std::tuple(changed(*a), b->url);
  });
  if (pages.size() > kMostEntries) pages.resize(kMostEntries);
  return pages;
}

std::string render_feed(const SiteModel& site) {
  const model::SiteFacts& facts = site.sources.facts;
  const auto pages = dated_pages(site);
  const std::string latest = pages.empty() ? std::string(kNoDate) : changed(*pages.front());
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
      "xml:lang=\"en\">\n"
      "<title>{0}</title>\n<subtitle>{1}</subtitle>\n<id>{2}</id>\n<updated>{3}T00:00:00Z</updated>\n"
      "<link rel=\"self\" type=\"application/atom+xml\" href=\"{4}feed.xml\"/>\n<link "
      "href=\"{4}index.html\"/>\n"
      "<author><name>{0}</name></author>\n",
      base::escape_html(facts.title), base::escape_html(facts.tagline),
      base::escape_html(identifier(site, "feed.xml")), latest, base::escape_html(facts.base_url));
  for (const model::Page* page : pages) {
    const std::string published = page->front.text("date");
    xml += fmt::format(
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}{}\"/>\n<updated>{}T00:00:00Z</updated>\n",
        base::escape_html(page->title()), base::escape_html(identifier(site, page->url)),
        base::escape_html(facts.base_url), page->url, changed(*page));
    if (!published.empty()) xml += fmt::format("<published>{}T00:00:00Z</published>\n", published);
    xml += fmt::format("<category term=\"{}\"/>\n", model::name(page->kind));
    const std::string question = page->front.text("question"), about = page->front.text("description");
    const std::string& summary = question.empty() ? about : question;
    if (!summary.empty()) xml += fmt::format("<summary>{}</summary>\n", base::escape_html(summary));
    xml += "</entry>\n";
  }
  return xml + "</feed>\n";
}

std::string render_sitemap(const SiteModel& site) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset "
      "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (const model::Page& page : site.registry.pages()) {
    const std::string date = changed(page);
    xml += fmt::format("<url><loc>{}{}</loc>{}</url>\n", base::escape_html(site.sources.facts.base_url),
                       page.url, date.empty() ? "" : fmt::format("<lastmod>{}</lastmod>", date));
  }
  return xml + "</urlset>\n";
}

}  // namespace

std::vector<Artifact> feed_artifacts(const SiteModel& site) {
  std::vector<Artifact> artifacts{{"feed.xml", render_feed(site)}};
  const std::string& base = site.sources.facts.base_url;
  if (base.empty()) return artifacts;
  artifacts.push_back({"sitemap.xml", render_sitemap(site)});
  artifacts.push_back({"robots.txt", fmt::format("User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n", base)});
  return artifacts;
}

}  // namespace drillpress::pipeline
