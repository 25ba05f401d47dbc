// Names → targets: ids, links and anchors between the pages of a site.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/page.h"
#include "model/site.h"

namespace drillpress::model {

/// All pages of a site, findable by id and by source path. Owns the pages; pointers to them stay valid when
/// it moves.
class Registry {
 public:
  /// Ids are unique over all kinds, aliases included; faults go to the sink.
  Registry(std::vector<Page> pages, Listing roles, Listing topics, diagnostics::Sink& sink);
  Registry(Registry&&) = default;
  Registry& operator=(Registry&&) = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  const std::vector<Page>& pages() const { return pages_; }
  const Listing& roles() const { return roles_; }
  const Listing& topics() const { return topics_; }

  /// By id or alias; null when there is none of that kind.
  const Page* find(PageKind kind, std::string_view id) const;
  const Page* find(std::string_view id) const;
  const Page* find_path(std::string_view path) const;
  std::vector<std::string> ids(PageKind kind) const;
  std::vector<std::string> ids() const;
  /// Pages of a kind by `order`, then title, then id.
  const std::vector<const Page*>& listed(PageKind kind) const {
    return listed_[static_cast<std::size_t>(kind)];
  }
  /// Place of a page among the listed ones of its kind.
  std::size_t place(const Page& page) const { return places_[index_of(page)]; }
  std::size_t index_of(const Page& page) const { return static_cast<std::size_t>(&page - pages_.data()); }
  const std::vector<std::string>& anchors_of(const Page& page) const;

 private:
  std::vector<Page> pages_;
  Listing roles_, topics_;
  std::map<std::string, std::size_t, std::less<>> by_id_, by_path_;
  std::vector<std::vector<std::string>> anchors_;
  std::array<std::vector<const Page*>, kPageKindCount> listed_;
  std::vector<std::size_t> places_;
};

/// Where a link leads.
struct Target {
  std::string url;   ///< for `href` on that page
  std::string file;  ///< path below the root of a file to publish under `files/`, or empty
};

/// Resolves a link of a page. Nothing and a diagnostic (when a sink is given) for one that leads nowhere.
std::optional<Target> resolve_link(const Registry& registry, const Page& page, std::string_view destination,
                                   const std::string& root, const base::Span& span, diagnostics::Sink* sink);

/// Checks everything a page refers to: links, anchors, ids in the front matter, directives.
void check_references(const Registry& registry, const Page& page, const std::string& root,
                      diagnostics::Sink& sink);

/// Relative address from one page of the site to another: ("cards/a.html", "drills/b.html") →
/// "../drills/b.html".
std::string relative_url(std::string_view from, std::string_view to);

/// From a page to the site's root: "" or "../" once a folder.
std::string root_prefix(std::string_view url);

}  // namespace drillpress::model
