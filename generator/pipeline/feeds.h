// What other programs read to learn of pages: a feed of what is new, and the map of the site.
#pragma once

#include <vector>

#include "pipeline/output.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// `feed.xml` (Atom, RFC 4287): dated pages, newest first. Its links are relative when the site has no
/// base_url. `sitemap.xml` and `robots.txt` (sitemaps.org protocol) name absolute addresses, so they need
/// base_url.
std::vector<Artifact> feed_artifacts(const SiteModel& site);

}  // namespace drillpress::pipeline
