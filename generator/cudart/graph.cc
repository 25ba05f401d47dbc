#include "cudart/graph.h"

#include <algorithm>
#include <set>

namespace drillpress::cudart {

GraphNode& Graph::add(Operation operation, std::vector<GraphNode*> dependencies) {
  nodes.push_back(
      std::make_unique<GraphNode>(GraphNode{this, std::move(operation), std::move(dependencies)}));
  return *nodes.back();
}

GraphExec::Step* GraphExec::find(const GraphNode* node) {
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.node == node; });
  return found == steps.end() ? nullptr : &*found;
}

std::vector<GraphNode*> topological_order(const Graph& graph) {
  std::vector<GraphNode*> order;
  std::set<const GraphNode*> placed;
  // Rounds over the nodes in their own order: as a rule one round places all, since programs add nodes after
  // those they depend on.
  while (order.size() < graph.nodes.size()) {
    const std::size_t before = order.size();
    for (const auto& node : graph.nodes) {
      if (placed.contains(node.get())) continue;
      const bool ready =
          std::all_of(node->dependencies.begin(), node->dependencies.end(),
                      [&](const GraphNode* dependency) { return placed.contains(dependency); });
      if (!ready) continue;
      placed.insert(node.get());
      order.push_back(node.get());
    }
    if (order.size() == before) return {};
  }
  return order;
}

bool instantiate(const Graph& graph, GraphExec& exec) {
  const std::vector<GraphNode*> order = topological_order(graph);
  if (order.size() != graph.nodes.size()) return false;
  for (const GraphNode* node : order) {
    if (const auto* child = std::get_if<ChildOperation>(&node->operation)) {
      if (!instantiate(*child->graph, exec)) return false;
    } else {
      exec.steps.push_back({node, node->operation});
    }
  }
  return true;
}

std::unique_ptr<Graph> clone(const Graph& graph) {
  auto copy = std::make_unique<Graph>();
  for (const auto& node : graph.nodes) copy->clone_of[node.get()] = &copy->add(node->operation, {});
  for (const auto& node : graph.nodes) {
    GraphNode* twin = copy->clone_of[node.get()];
    for (const GraphNode* dependency : node->dependencies)
      twin->dependencies.push_back(copy->clone_of[dependency]);
  }
  return copy;
}

}  // namespace drillpress::cudart
