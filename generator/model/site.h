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
  std::string title, url;
};

struct SiteFacts {
  std::string title = "Interview preparation";
  std::string tagline;
  std::string description;
  std::string repository;  ///< without a final slash, or empty
  std::string address;     ///< with a final slash, or empty
  std::vector<NavEntry> nav;
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

SiteFacts parse_site(const base::SourcePtr& source, diagnostics::Sink& sink);
Listing parse_roles(const base::SourcePtr& source, diagnostics::Sink& sink);
Listing parse_topics(const base::SourcePtr& source, diagnostics::Sink& sink);

}  // namespace drillpress::model
