#include "markdown/renderer.h"

namespace drillpress::markdown {

std::vector<OutlineEntry> outline(const Document& document) {
  std::vector<OutlineEntry> top;
  const Hooks none;
  for (NodeId id = 0; id < document.nodes().size(); ++id) {
    const auto* heading = std::get_if<Heading>(&document.node(id).data);
    if (!heading) continue;
    Renderer renderer(document, none, Profile::kSite, {false});
    renderer.render_range(id + 1, document.node(id).end);
    // The last entry of each level down to the heading's is its parent; skipped levels are no levels.
    std::vector<OutlineEntry>* siblings = &top;
    while (!siblings->empty() && siblings->back().level < heading->level)
      siblings = &siblings->back().children;
    siblings->push_back({id, heading->level, heading->id, renderer.take(), plain_text(document, id)});
  }
  return top;
}

}  // namespace drillpress::markdown
