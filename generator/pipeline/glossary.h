// The first use of a glossary term on each page becomes a link to its definition.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/reference.h"

namespace drillpress::pipeline {

/// Links a page gets at most: more would make the prose a list of links. The rarest terms of the site win,
/// since those are the ones a reader meets without having read of them elsewhere.
inline constexpr std::size_t kMostTermLinks = 12;

/// One entry of the page `glossary`: a third-level heading with an id, and the paragraph behind it.
struct Term {
  std::string id;
  std::string definition;          ///< plain text, without the sentence that leads on
  std::string explained_at;        ///< path of the page that its first link leads to, or empty
  std::vector<std::string> forms;  ///< as it may stand in prose: singular, plural, with a capital
};

/// A use of a term in a text node.
struct TermLink {
  std::size_t begin = 0, end = 0;  ///< in the node's literal
  std::size_t term = 0;            ///< index in Glossary::terms
};

struct Glossary {
  std::vector<Term> terms;
  std::string url;                                                       ///< of the glossary's page
  std::vector<std::map<markdown::NodeId, std::vector<TermLink>>> links;  ///< by page, then text node
};

/// Empty when the site has no page `glossary`. Terms that its front matter lists as `unlinked`, words with an
/// everyday meaning, are never linked.
Glossary plan_glossary(const model::Registry& registry);

/// The text of a node with its links, for a page at `page_url`.
std::string render_terms(const Glossary& glossary, const std::vector<TermLink>& links,
                         const std::string& text, const std::string& page_url);

}  // namespace drillpress::pipeline
