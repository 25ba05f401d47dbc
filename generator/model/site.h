// What the site says about itself, its roles and its topics: site.yaml, roles.yaml, topics.yaml.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/source.h"
#include "diagnostics/sink.h"
#include "model/schema.h"

namespace drillpress::model {

struct NavEntry {
  std::string id, title, url;
};

/// Source files that are joined into one file of the built site.
struct Bundle {
  std::string output;
  std::vector<std::string> parts;  ///< without folder and ending
};

/// Scripts that only pages of one kind load.
struct PageScripts {
  std::string kind;
  Bundle bundle;
};

struct SiteFacts {
  std::string title, tagline, description, independence;
  std::string base_url;   ///< with a final slash, or empty
  std::string edit_base;  ///< with a final slash, or empty
  std::vector<NavEntry> sections;
  Bundle styles, scripts;
  std::vector<PageScripts> page_scripts;
  std::string theme_script, icon;  ///< relative to the site's root
};

struct Listed {
  std::string id, title, brief, description;
};

/// Entries of a list file in the author's order. An absent file means "any id is fine".
struct Listing {
  bool present = false;
  std::vector<Listed> entries;
  const Listed* find(std::string_view id) const;
  std::vector<std::string> ids() const;
};

/// What the file says, over what was known before (the built-in site).
SiteFacts parse_site(SiteFacts before, const base::SourcePtr& source, diagnostics::Sink& sink);
Listing parse_roles(const base::SourcePtr& source, diagnostics::Sink& sink);
Listing parse_topics(const base::SourcePtr& source, diagnostics::Sink& sink);

}  // namespace drillpress::model
