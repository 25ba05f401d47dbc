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

/// What readers load when they open the search. No search when `library` is empty.
struct SearchFacts {
  Bundle script;        ///< the library and the parts behind it
  std::string library;  ///< file below `site/node_modules/`
  std::string licence;  ///< of the library, likewise
  std::string style;    ///< of the built site, made from search/search.css
  std::string index;    ///< of the built site: the texts
};

/// Words that the search takes for the same, and words it leaves out: site/search-synonyms.yaml.
struct SearchWords {
  struct Row {
    std::string first;
    std::vector<std::string> others;
  };
  std::vector<Row> same;            ///< each of `others` is read as `first`
  std::vector<Row> phrases;         ///< a question with `first` in it also asks for `others`
  std::vector<std::string> filler;  ///< phrases that are left out of questions
  std::vector<std::string> stop;    ///< words that are left out everywhere
};

struct SiteFacts {
  std::string title, tagline, description, independence;
  std::string base_url;   ///< with a final slash, or empty
  std::string edit_base;  ///< with a final slash, or empty
  std::vector<NavEntry> sections;
  Bundle styles, scripts;
  std::vector<PageScripts> page_scripts;
  SearchFacts search;
  std::vector<std::string> rules;  ///< of writing, that `check` applies; never inherited from the built-in site
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
SearchWords parse_search_words(const base::SourcePtr& source, diagnostics::Sink& sink);

}  // namespace drillpress::model
