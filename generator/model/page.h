// A page as its author wrote it, parsed and checked by itself: front matter, document, id, address.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "markdown/document.h"
#include "model/front_matter.h"

namespace drillpress::model {

struct Page {
  PageKind kind;
  std::string id;
  std::string slug;
  std::string folder;  ///< of the source file, relative to the root
  std::string url;     ///< relative to the site's root: "cards/coalescing.html"
  base::SourcePtr source;
  FrontMatter front;
  markdown::Document document;

  std::string title() const { return front.text("title"); }
};

/// A second-level heading that a kind must have, under the name by which its template places it.
struct RequiredSection {
  std::string_view heading;
  std::string_view place;
};
/// In the order they must stand in; empty for kinds whose headings are free.
const std::vector<RequiredSection>& required_sections(PageKind kind);

/// Parses and checks one page without looking at any other. Null after faults that leave nothing to go on
/// with.
std::optional<Page> parse_page(PageKind kind, std::string slug, std::string folder,
                               const base::SourcePtr& source, diagnostics::Sink& sink);

/// Every id that a link may name after `#` on the finished page: headings, and what the kind's template adds.
std::vector<std::string> anchors(const Page& page);

}  // namespace drillpress::model
