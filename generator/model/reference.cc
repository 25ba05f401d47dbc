#include "model/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "base/text.h"
#include "markdown/directive.h"
#include "system/files.h"

namespace drillpress::model {
namespace {

namespace fs = std::filesystem;
using diagnostics::Code;
using diagnostics::Severity;

// Pages without `order:` come after those with one.
constexpr int kUnordered = 1'000'000'000;

void report(diagnostics::Sink* sink, Code code, const base::Span& span, std::string message,
            std::string help) {
  if (sink != nullptr) sink->report({code, Severity::kError, span, std::move(message), {}, std::move(help)});
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string otherwise) {
  const auto near = base::nearest(word, candidates);
  return near ? fmt::format("replace `{}` with `{}`", word, *near) : std::move(otherwise);
}

// scheme ":" of RFC 3986, section 3.1; empty when there is none.
std::string_view scheme(std::string_view destination) {
  const std::size_t end =
      destination.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
  if (end == std::string_view::npos || end == 0 || destination[end] != ':') return {};
  return destination.substr(0, end);
}

bool has_anchor(const Registry& registry, const Page& target, std::string_view anchor, const base::Span& span,
                diagnostics::Sink* sink) {
  const auto& known = registry.anchors_of(target);
  if (anchor.empty() || std::find(known.begin(), known.end(), anchor) != known.end()) return true;
  report(sink, Code::kBrokenAnchor, span,
         fmt::format("`{}` has no heading `#{}`", target.source->path(), anchor),
         suggestion(anchor, known,
                    known.empty() ? "the page has no headings"
                                  : fmt::format("its headings are: {}", fmt::join(known, ", "))));
  return false;
}

void check_ids(const Registry& registry, const Page& page, std::string_view key, PageKind kind,
               diagnostics::Sink& sink) {
  for (const Named& named : page.front.list(key)) {
    if (registry.find(kind, named.text) != nullptr) continue;
    const Code code = kind == PageKind::kDrill ? Code::kUnknownDrill : Code::kUnknownReference;
    report(&sink, code, named.span, fmt::format("unknown {} `{}`", name(kind), named.text),
           suggestion(named.text, registry.ids(kind),
                      fmt::format("`drillpress new {} {}` begins one", name(kind), named.text)));
  }
}

void check_listing(const Listing& listing, const std::vector<Named>& names, std::string_view what,
                   std::string_view file, diagnostics::Sink& sink) {
  if (!listing.present) return;
  for (const Named& named : names) {
    if (named.text.empty() || listing.find(named.text) != nullptr) continue;
    report(&sink, Code::kUnknownReference, named.span, fmt::format("unknown {} `{}`", what, named.text),
           suggestion(named.text, listing.ids(), fmt::format("add it to `{}`", file)));
  }
}

void check_quiz_references(const Registry& registry, const Page& page, diagnostics::Sink& sink) {
  for (const FrontMatter& item : page.front.records("items")) {
    check_listing(registry.topics(), {item.named("topic")}, "topic", "content/topics.yaml", sink);
    for (const Named& link : item.list("links")) {
      if (registry.find(link.text) != nullptr) continue;
      report(&sink, Code::kUnknownReference, link.span, fmt::format("there is no page `{}`", link.text),
             suggestion(link.text, registry.ids(), "name a card, drill, guide or page by its id"));
    }
  }
}

void check_directive(const Registry& registry, const markdown::Directive& directive, const base::Span& span,
                     diagnostics::Sink& sink) {
  struct Reference {
    std::string_view name;
    PageKind kind;
    Code code;
  };
  static constexpr Reference kReferences[] = {
      {"drill", PageKind::kDrill, Code::kUnknownDrill},
      {"card", PageKind::kCard, Code::kUnknownReference},
  };
  const auto& arguments = directive.arguments;
  for (const Reference& row : kReferences) {
    if (directive.name != row.name) continue;
    if (arguments.size() != 1) {
      report(&sink, Code::kUnknownDirective, span, fmt::format("`{}` takes one id", row.name),
             fmt::format("write `{{{{ {} ID }}}}`", row.name));
    } else if (registry.find(row.kind, arguments[0].value) == nullptr) {
      report(&sink, row.code, arguments[0].span, fmt::format("unknown {} `{}`", row.name, arguments[0].value),
             suggestion(arguments[0].value, registry.ids(row.kind),
                        fmt::format("`drillpress new {} {}` begins one", row.name, arguments[0].value)));
    }
    return;
  }
  if (directive.name == "evidence") {
    std::string level, month;
    const bool good = (arguments.size() == 2 || arguments.size() == 3) &&
                      parse_evidence(arguments[0].value + " " + arguments[1].value, level, month);
    if (!good) {
      report(&sink, Code::kUnknownDirective, span,
             "`evidence` takes a level, a month and, if known, the kind of source",
             fmt::format("write `{{{{ evidence reported 2026-03 \"candidates\" }}}}`; levels: {}",
                         fmt::join(evidence_levels(), ", ")));
    }
    return;
  }
  // What these name is known only when the programs are: pipeline/citations.h and pipeline/pictures.h.
  static const std::vector<std::string> kOfRuns = {"run", "claim", "picture"};
  if (std::find(kOfRuns.begin(), kOfRuns.end(), directive.name) != kOfRuns.end()) return;
  if (!markdown::is_directive_name(directive.name)) return;  // reported where it was read
  report(&sink, Code::kUnknownDirective, directive.name_span,
         fmt::format("unknown directive `{}`", directive.name),
         suggestion(directive.name, {"drill", "card", "evidence", "run", "claim", "picture"},
                    "directives are: card, claim, drill, evidence, picture, run"));
}

}  // namespace

Registry::Registry(std::vector<Page> pages, Listing roles, Listing topics, diagnostics::Sink& sink)
    : pages_(std::move(pages)), roles_(std::move(roles)), topics_(std::move(topics)) {
  const auto claim = [&](const std::string& id, std::size_t index, const base::Span& span) {
    const auto [at, fresh] = by_id_.emplace(id, index);
    if (fresh) return;
    const Page& other = pages_[at->second];
    sink.report({Code::kDuplicateId,
                 Severity::kError,
                 span,
                 fmt::format("the id `{}` belongs to two pages", id),
                 {{other.front.span("title"), "the other one is here"}},
                 "give one of them another file name or an `id:` of its own"});
  };
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const Page& page = pages_[i];
    by_path_[page.source->path()] = i;
    claim(page.id, i, page.front.span(page.front.has("id") ? "id" : "title"));
    anchors_.push_back(anchors(page));
  }
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    for (const Named& alias : pages_[i].front.list("aliases")) claim(alias.text, i, alias.span);
  }
  for (const Page& page : pages_) listed_[static_cast<std::size_t>(page.kind)].push_back(&page);
  places_.resize(pages_.size());
  for (auto& list : listed_) {
    std::sort(list.begin(), list.end(), [](const Page* a, const Page* b) {
      return std::tuple(a->front.integer("order", kUnordered), a->title(), a->id) <
             std::tuple(b->front.integer("order", kUnordered), b->title(), b->id);
    });
    for (std::size_t place = 0; place < list.size(); ++place) places_[index_of(*list[place])] = place;
  }
}

const Page* Registry::find(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at != by_id_.end() ? &pages_[at->second] : nullptr;
}

const Page* Registry::find(PageKind kind, std::string_view id) const {
  const Page* page = find(id);
  return page != nullptr && page->kind == kind ? page : nullptr;
}

const Page* Registry::find_path(std::string_view path) const {
  const auto at = by_path_.find(path);
  return at != by_path_.end() ? &pages_[at->second] : nullptr;
}

std::vector<std::string> Registry::ids(PageKind kind) const {
  std::vector<std::string> out;
  for (const Page& page : pages_) {
    if (page.kind == kind) out.push_back(page.id);
  }
  return out;
}

std::vector<std::string> Registry::ids() const {
  std::vector<std::string> out;
  for (const Page& page : pages_) out.push_back(page.id);
  return out;
}

const std::vector<std::string>& Registry::anchors_of(const Page& page) const {
  return anchors_[index_of(page)];
}

std::optional<Target> resolve_link(const Registry& registry, const Page& page, std::string_view destination,
                                   const std::string& root, const base::Span& span, diagnostics::Sink* sink) {
  if (const std::string_view protocol = scheme(destination); !protocol.empty()) {
    if (protocol == "https" || protocol == "http" || protocol == "mailto")
      return Target{std::string(destination), {}};
    report(sink, Code::kBrokenLink, span, fmt::format("links with `{}:` are not allowed", protocol),
           "use https: or a relative path");
    return std::nullopt;
  }
  const std::size_t hash = destination.find('#');
  const std::string path(destination.substr(0, hash));
  const std::string anchor(hash == std::string_view::npos ? "" : destination.substr(hash + 1));
  const std::string suffix = anchor.empty() ? "" : "#" + anchor;
  if (path.empty()) {
    if (!has_anchor(registry, page, anchor, span, sink)) return std::nullopt;
    return Target{suffix.empty() ? "#" : suffix, {}};
  }
  if (path.starts_with('/')) {
    report(sink, Code::kBrokenLink, span, "links must be relative: the site may be read from any folder",
           fmt::format("begin `{}` with `../` as often as needed", path));
    return std::nullopt;
  }
  const std::string file = fs::path(page.folder + "/" + path).lexically_normal().generic_string();
  if (const Page* target = registry.find_path(file)) {
    if (!has_anchor(registry, *target, anchor, span, sink)) return std::nullopt;
    return Target{relative_url(page.url, target->url) + suffix, {}};
  }
  if (file.starts_with("..") || file.ends_with(".md") || !system::exists(root + "/" + file) ||
      system::is_folder(root + "/" + file)) {
    std::vector<std::string> known;
    for (const Page& other : registry.pages()) {
      known.push_back(fs::path(other.source->path()).lexically_relative(page.folder).generic_string());
    }
    report(sink, Code::kBrokenLink, span,
           fmt::format("there is no page or file `{}`", file.starts_with("..") ? path : file),
           suggestion(path, known, "check the path: it is relative to this file"));
    return std::nullopt;
  }
  return Target{relative_url(page.url, "files/" + file) + suffix, file};
}

void check_references(const Registry& registry, const Page& page, const std::string& root,
                      diagnostics::Sink& sink) {
  for (const markdown::LinkUse& use : markdown::links(page.document)) {
    const auto& link = page.document.data<markdown::Link>(use.node);
    resolve_link(registry, page, link.destination, root, link.destination_span, &sink);
  }
  for (markdown::NodeId id = 0; id < page.document.nodes().size(); ++id) {
    if (page.document.node(id).kind != markdown::Kind::kDirective) continue;
    check_directive(registry, page.document.data<markdown::Directive>(id), page.document.span(id), sink);
  }
  check_ids(registry, page, "cards", PageKind::kCard, sink);
  check_ids(registry, page, "related", PageKind::kCard, sink);
  check_ids(registry, page, "drills", PageKind::kDrill, sink);
  check_ids(registry, page, "checklists", PageKind::kChecklist, sink);
  check_ids(registry, page, "scorecards", PageKind::kScorecard, sink);
  if (page.front.has("guide") && registry.find(PageKind::kGuide, page.front.text("guide")) == nullptr) {
    const Named guide = page.front.named("guide");
    report(&sink, Code::kUnknownReference, guide.span, fmt::format("unknown guide `{}`", guide.text),
           suggestion(guide.text, registry.ids(PageKind::kGuide),
                      "name the file of `content/guides` without `.md`"));
  }
  check_listing(registry.roles(), page.front.list("roles"), "role", "content/roles.yaml", sink);
  check_listing(registry.roles(), {page.front.named("role")}, "role", "content/roles.yaml", sink);
  check_listing(registry.topics(), page.front.list("topics"), "topic", "content/topics.yaml", sink);
  check_quiz_references(registry, page, sink);
}

std::string relative_url(std::string_view from, std::string_view to) {
  std::size_t common = 0;
  for (std::size_t i = 0; i < std::min(from.size(), to.size()) && from[i] == to[i]; ++i) {
    if (from[i] == '/') common = i + 1;
  }
  return root_prefix(from.substr(common)) + std::string(to.substr(common));
}

std::string root_prefix(std::string_view url) {
  std::string prefix;
  for (const char c : url) {
    if (c == '/') prefix += "../";
  }
  return prefix;
}

}  // namespace drillpress::model
