// What readers load when they search: the texts of all pages, and the script that finds them.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "pipeline/output.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// Classic scripts. The first assigns one global, `drillpressIndex`: {kinds: [name], roles: [[id, title]],
/// topics: [[id, title]], words: {same, phrases, filler, stop}, files: [path], pages: [{kind, url, title, …,
/// parts: [[anchor, heading, text, symbols]]}]}. Large sites have more `files`, each of which adds pages.
/// Terms of the glossary are pages of the kind "term".
std::vector<Artifact> render_search_index(const SiteModel& site);

/// Index, script and stylesheet; nothing when the site has no search. A site that asks for one and lacks the
/// library gets a warning.
std::vector<Artifact> search_artifacts(const SiteModel& site, diagnostics::Sink& sink);

}  // namespace drillpress::pipeline
