// Graphs as wholes: their nodes and edges, copies, and running them.
#include "cudart/exports/api.h"
#include "cudart/graph_dot.h"

using namespace drillpress::cudart;

namespace {

/// The protocol of every listing call: without an array the count is told; with one, `count` entries are
/// filled and the rest set to null.
/// All edges are ordinary ones.
Error list(const std::vector<GraphNode*>& nodes, GraphNode** out, std::size_t* count,
           abi::EdgeData* edges = nullptr) {
  if (!count) return cudaErrorInvalidValue;
  if (!out) {
    *count = nodes.size();
    return cudaSuccess;
  }
  for (std::size_t i = 0; i < *count; ++i) {
    out[i] = i < nodes.size() ? nodes[i] : nullptr;
    if (edges) edges[i] = {};
  }
  *count = std::min(*count, nodes.size());
  return cudaSuccess;
}

template <typename Choose>
Error list_nodes(void* graph, GraphNode** out, std::size_t* count, abi::EdgeData* edges, Choose&& choose) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!found) return cudaErrorInvalidValue;
    std::vector<GraphNode*> nodes;
    for (const auto& node : found->nodes) {
      if (choose(*node)) nodes.push_back(node.get());
    }
    return list(nodes, out, count, edges);
  });
}

bool depends_on(const GraphNode& node, const GraphNode* dependency) {
  return std::find(node.dependencies.begin(), node.dependencies.end(), dependency) != node.dependencies.end();
}

}  // namespace

CUDART_EXPORT Error cudaGraphCreate(void** graph, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (!graph || flags != 0) return cudaErrorInvalidValue;
    *graph = all.graphs.add(std::make_unique<Graph>());
    return cudaSuccess;
  });
}

/// Child graphs and bodies belong to their nodes and go with them.
CUDART_EXPORT Error cudaGraphDestroy(void* graph) {
  return device_call(
      [&](Context& all) -> Error { return all.graphs.remove(graph) ? cudaSuccess : cudaErrorInvalidValue; });
}

CUDART_EXPORT Error cudaGraphGetNodes(void* graph, GraphNode** nodes, std::size_t* count) {
  return list_nodes(graph, nodes, count, nullptr, [](const GraphNode&) { return true; });
}

CUDART_EXPORT Error cudaGraphGetRootNodes(void* graph, GraphNode** nodes, std::size_t* count) {
  return list_nodes(graph, nodes, count, nullptr,
                    [](const GraphNode& node) { return node.dependencies.empty(); });
}

CUDART_EXPORT Error cudaGraphNodeGetDependencies(const GraphNode* node, GraphNode** nodes,
                                                 abi::EdgeData* edges, std::size_t* count) {
  return leave(node ? list(node->dependencies, nodes, count, edges) : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaGraphNodeGetDependentNodes(const GraphNode* node, GraphNode** nodes,
                                                   abi::EdgeData* edges, std::size_t* count) {
  if (!node) return leave(cudaErrorInvalidValue);
  return list_nodes(node->graph, nodes, count, edges,
                    [&](const GraphNode& other) { return depends_on(other, node); });
}

CUDART_EXPORT Error cudaGraphGetEdges(void* graph, GraphNode** from, GraphNode** to, abi::EdgeData* edges,
                                      std::size_t* count) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!found) return cudaErrorInvalidValue;
    std::vector<GraphNode*> sources, targets;
    for (const auto& node : found->nodes) {
      for (GraphNode* dependency : node->dependencies) {
        sources.push_back(dependency);
        targets.push_back(node.get());
      }
    }
    if (!count || (from == nullptr) != (to == nullptr)) return cudaErrorInvalidValue;
    std::size_t room = *count;
    if (const Error error = list(sources, from, &room)) return error;
    return list(targets, to, count, edges);
  });
}

CUDART_EXPORT Error cudaGraphNodeGetType(const GraphNode* node, int* type) {
  if (!node || !type) return leave(cudaErrorInvalidValue);
  *type = node_type(node->operation);
  return cudaSuccess;
}

CUDART_EXPORT Error cudaGraphAddDependencies(void* graph, GraphNode* const* from, GraphNode* const* to,
                                             const void*, std::size_t count) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!found || (count != 0 && (!from || !to))) return cudaErrorInvalidValue;
    for (std::size_t i = 0; i < count; ++i) {
      if (from[i]->graph != found || to[i]->graph != found || depends_on(*to[i], from[i]))
        return cudaErrorInvalidValue;
      to[i]->dependencies.push_back(from[i]);
    }
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphRemoveDependencies(void* graph, GraphNode* const* from, GraphNode* const* to,
                                                const void*, std::size_t count) {
  return device_call([&](Context& all) -> Error {
    if (!all.find_graph(graph) || (count != 0 && (!from || !to))) return cudaErrorInvalidValue;
    for (std::size_t i = 0; i < count; ++i) {
      if (std::erase(to[i]->dependencies, from[i]) == 0) return cudaErrorInvalidValue;
    }
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphDestroyNode(GraphNode* node) {
  return device_call([&](Context& all) -> Error {
    Graph* graph = node ? all.find_graph(node->graph) : nullptr;
    if (!graph) return cudaErrorInvalidValue;
    for (const auto& other : graph->nodes) std::erase(other->dependencies, node);
    std::erase_if(graph->nodes, [&](const auto& other) { return other.get() == node; });
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphClone(void** copy, void* graph) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!copy || !found) return cudaErrorInvalidValue;
    *copy = all.graphs.add(clone(*found));
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphNodeFindInClone(GraphNode** node, const GraphNode* original, void* graph) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!node || !found) return cudaErrorInvalidValue;
    const auto twin = found->clone_of.find(original);
    if (twin == found->clone_of.end()) return cudaErrorInvalidValue;
    *node = twin->second;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphDebugDotPrint(void* graph, const char* path, unsigned) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.find_graph(graph);
    if (!found || !path) return cudaErrorInvalidValue;
    const auto status = write_wherever(path, render_dot(*found));
    if (status.ok()) return cudaSuccess;
    say("note: cudaGraphDebugDotPrint: " + status.error());
    return cudaErrorOperatingSystem;
  });
}
