// Graphs: operations with their dependencies, and the flat order in which a graph runs.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "cudart/operation.h"

namespace drillpress::cudart {

struct GraphNode {
  Graph* graph = nullptr;
  Operation operation;
  std::vector<GraphNode*> dependencies;  ///< nodes of the same graph
};

struct Graph {
  std::vector<std::unique_ptr<GraphNode>> nodes;    ///< in the order of their making
  std::map<const GraphNode*, GraphNode*> clone_of;  ///< original node → node here, when this is a clone

  GraphNode& add(Operation operation, std::vector<GraphNode*> dependencies);
};

/// A graph made ready to run: its operations, children unfolded, each after those it depends on.
struct GraphExec {
  struct Step {
    const GraphNode* node;  ///< which node of the graph (or of a child) it was; a name, not to be looked into
    Operation operation;
    bool enabled = true;
  };
  std::vector<Step> steps;
  unsigned long long flags = 0;

  Step* find(const GraphNode* node);
};

/// Nodes so that each comes after its dependencies and otherwise in the order of their making; empty when a
/// cycle makes that impossible (and when there are none).
std::vector<GraphNode*> topological_order(const Graph& graph);

/// False when the graph has a cycle.
bool instantiate(const Graph& graph, GraphExec& exec);

std::unique_ptr<Graph> clone(const Graph& graph);

}  // namespace drillpress::cudart
