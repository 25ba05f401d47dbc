#include "markdown/ids.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"

namespace drillpress::markdown {
namespace {

// Where each id was first given; ids of footnotes have no place.
using Taken = std::map<std::string, base::Span, std::less<>>;

void take(Taken& taken, const std::string& id, const base::Span& span, diagnostics::Sink& sink) {
  const auto [first, fresh] = taken.emplace(id, span);
  if (fresh) return;
  diagnostics::Diagnostic diagnostic{diagnostics::Code::kDuplicateId, diagnostics::Severity::kError, span,
                                     fmt::format("id `{}` is given twice", id)};
  if (first->second.source) diagnostic.notes.push_back({first->second, "first given here"});
  diagnostic.help = "change one of them; readers' ticks and links are kept under the id";
  sink.report(std::move(diagnostic));
}

std::string unique(const Taken& taken, std::map<std::string, int>& counts, const std::string& slug) {
  std::string id = slug;
  int& count = counts[slug];
  while (taken.count(id) > 0) id = fmt::format("{}-{}", slug, ++count + 1);
  return id;
}

}  // namespace

void assign_ids(std::vector<Node>& nodes, diagnostics::Sink& sink) {
  Taken taken;
  for (const Node& node : nodes) {
    if (const auto* note = std::get_if<FootnoteDefinition>(&node.data)) {
      taken.emplace(fmt::format("fn-{}", note->number), base::Span{});
    } else if (const auto* reference = std::get_if<FootnoteReference>(&node.data)) {
      taken.emplace(footnote_reference_id(reference->number, reference->occurrence), base::Span{});
    }
  }
  for (const Node& node : nodes) {
    if (const auto* heading = std::get_if<Heading>(&node.data); heading && heading->explicit_id) {
      take(taken, heading->id, heading->id_span, sink);
    } else if (const auto* item = std::get_if<Item>(&node.data); item && !item->id.empty()) {
      take(taken, item->id, item->id_span, sink);
    }
  }
  std::map<std::string, int> counts;
  for (NodeId id = 0; id < nodes.size(); ++id) {
    auto* heading = std::get_if<Heading>(&nodes[id].data);
    if (!heading || heading->explicit_id) continue;
    heading->id = unique(taken, counts, base::slugify(plain_text(nodes, id)));
    taken.emplace(heading->id, heading->id_span);
  }
}

std::string footnote_reference_id(int number, int occurrence) {
  return occurrence == 1 ? fmt::format("fnref-{}", number) : fmt::format("fnref-{}-{}", number, occurrence);
}

}  // namespace drillpress::markdown
