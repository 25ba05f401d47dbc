// Graphs as wholes: their nodes and edges, copies, and running them.
#include "cudart/exports/api.h"

using namespace drillpress::cudart;

namespace {

// cudaGraphNodeType by the order of Operation's alternatives.
constexpr int kNodeTypes[] = {0x00, 0x01, 0x02, 0x03, 0x07, 0x06, 0x05, 0x04};
static_assert(std::size(kNodeTypes) == std::variant_size_v<Operation>);

/// The protocol of every listing call: without an array the count is told; with one, `count` entries are
/// filled and the rest set to null.
Error list(const std::vector<GraphNode*>& nodes, GraphNode** out, std::size_t* count) {
  if (!count) return cudaErrorInvalidValue;
  if (!out) {
    *count = nodes.size();
    return cudaSuccess;
  }
  for (std::size_t i = 0; i < *count; ++i) out[i] = i < nodes.size() ? nodes[i] : nullptr;
  *count = std::min(*count, nodes.size());
  return cudaSuccess;
}

template <typename Choose>
Error list_nodes(void* graph, GraphNode** out, std::size_t* count, Choose&& choose) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
    if (!found) return cudaErrorInvalidValue;
    std::vector<GraphNode*> nodes;
    for (const auto& node : found->nodes) {
      if (choose(*node)) nodes.push_back(node.get());
    }
    return list(nodes, out, count);
  });
}

bool depends_on(const GraphNode& node, const GraphNode* dependency) {
  return std::find(node.dependencies.begin(), node.dependencies.end(), dependency) != node.dependencies.end();
}

Error run(Context& all, void* handle, const GraphExec& exec) {
  Stream* stream = all.find_stream(handle);
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (!stream->capture) return run_graph(all, exec);
  auto child = std::make_shared<Graph>();
  for (const GraphExec::Step& step : exec.steps) {
    if (!step.enabled) continue;
    std::vector<GraphNode*> previous;
    if (!child->nodes.empty()) previous.push_back(child->nodes.back().get());
    child->add(step.operation, std::move(previous));
  }
  return submit(all, handle, ChildOperation{std::move(child)});
}

}  // namespace

CUDART_EXPORT Error cudaGraphGetNodes(void* graph, GraphNode** nodes, std::size_t* count) {
  return list_nodes(graph, nodes, count, [](const GraphNode&) { return true; });
}

CUDART_EXPORT Error cudaGraphGetRootNodes(void* graph, GraphNode** nodes, std::size_t* count) {
  return list_nodes(graph, nodes, count, [](const GraphNode& node) { return node.dependencies.empty(); });
}

CUDART_EXPORT Error cudaGraphNodeGetDependencies(const GraphNode* node, GraphNode** nodes, void*,
                                                 std::size_t* count) {
  return leave(node ? list(node->dependencies, nodes, count) : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaGraphNodeGetDependentNodes(const GraphNode* node, GraphNode** nodes, void*,
                                                   std::size_t* count) {
  if (!node) return leave(cudaErrorInvalidValue);
  return list_nodes(node->graph, nodes, count,
                    [&](const GraphNode& other) { return depends_on(other, node); });
}

CUDART_EXPORT Error cudaGraphGetEdges(void* graph, GraphNode** from, GraphNode** to, void*,
                                      std::size_t* count) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
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
    return list(targets, to, count);
  });
}

CUDART_EXPORT Error cudaGraphNodeGetType(const GraphNode* node, int* type) {
  if (!node || !type) return leave(cudaErrorInvalidValue);
  *type = kNodeTypes[node->operation.index()];
  return cudaSuccess;
}

CUDART_EXPORT Error cudaGraphAddDependencies(void* graph, GraphNode* const* from, GraphNode* const* to,
                                             const void*, std::size_t count) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
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
    if (!all.graphs.find(graph) || (count != 0 && (!from || !to))) return cudaErrorInvalidValue;
    for (std::size_t i = 0; i < count; ++i) {
      if (std::erase(to[i]->dependencies, from[i]) == 0) return cudaErrorInvalidValue;
    }
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphDestroyNode(GraphNode* node) {
  return device_call([&](Context& all) -> Error {
    Graph* graph = node ? all.graphs.find(node->graph) : nullptr;
    if (!graph) return cudaErrorInvalidValue;
    for (const auto& other : graph->nodes) std::erase(other->dependencies, node);
    std::erase_if(graph->nodes, [&](const auto& other) { return other.get() == node; });
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphClone(void** copy, void* graph) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
    if (!copy || !found) return cudaErrorInvalidValue;
    *copy = all.graphs.add(clone(*found));
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphNodeFindInClone(GraphNode** node, const GraphNode* original, void* graph) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
    if (!node || !found) return cudaErrorInvalidValue;
    const auto twin = found->clone_of.find(original);
    if (twin == found->clone_of.end()) return cudaErrorInvalidValue;
    *node = twin->second;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphInstantiate(void** exec, void* graph, unsigned long long flags) {
  return device_call([&](Context& all) -> Error {
    const Graph* found = all.graphs.find(graph);
    if (!exec || !found) return cudaErrorInvalidValue;
    auto made = std::make_unique<GraphExec>();
    made->flags = flags;
    if (!instantiate(*found, *made)) return cudaErrorInvalidValue;
    *exec = all.graph_execs.add(std::move(made));
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphInstantiateWithFlags(void** exec, void* graph, unsigned long long flags) {
  return cudaGraphInstantiate(exec, graph, flags);
}

CUDART_EXPORT Error cudaGraphExecGetFlags(void* exec, unsigned long long* flags) {
  return device_call([&](Context& all) -> Error {
    const GraphExec* found = all.graph_execs.find(exec);
    if (!found || !flags) return cudaErrorInvalidValue;
    *flags = found->flags;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphExecDestroy(void* exec) {
  return device_call([&](Context& all) -> Error {
    return all.graph_execs.remove(exec) ? cudaSuccess : cudaErrorInvalidValue;
  });
}

CUDART_EXPORT Error cudaGraphUpload(void* exec, void* stream) {
  return device_call([&](Context& all) -> Error {
    return all.graph_execs.find(exec) && all.find_stream(stream) ? cudaSuccess : cudaErrorInvalidValue;
  });
}

CUDART_EXPORT Error cudaGraphLaunch(void* exec, void* stream) {
  return device_call([&](Context& all) -> Error {
    const GraphExec* found = all.graph_execs.find(exec);
    return found ? run(all, stream, *found) : cudaErrorInvalidValue;
  });
}

CUDART_EXPORT Error cudaGraphNodeSetEnabled(void* exec, const GraphNode* node, unsigned enabled) {
  return device_call([&](Context& all) -> Error {
    GraphExec* found = all.graph_execs.find(exec);
    GraphExec::Step* step = found ? found->find(node) : nullptr;
    if (!step) return cudaErrorInvalidValue;
    step->enabled = enabled != 0;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphNodeGetEnabled(void* exec, const GraphNode* node, unsigned* enabled) {
  return device_call([&](Context& all) -> Error {
    GraphExec* found = all.graph_execs.find(exec);
    const GraphExec::Step* step = found ? found->find(node) : nullptr;
    if (!step || !enabled) return cudaErrorInvalidValue;
    *enabled = step->enabled;
    return cudaSuccess;
  });
}

/// Takes over the operations of a graph of the same shape: the same kinds of operation in the same order.
CUDART_EXPORT Error cudaGraphExecUpdate(void* exec, void* graph, abi::GraphExecUpdateResult* result) {
  return device_call([&](Context& all) -> Error {
    GraphExec* found = all.graph_execs.find(exec);
    const Graph* source = all.graphs.find(graph);
    GraphExec fresh;
    if (!found || !source || !instantiate(*source, fresh)) return cudaErrorInvalidValue;
    bool same = fresh.steps.size() == found->steps.size();
    for (std::size_t i = 0; same && i < fresh.steps.size(); ++i) {
      same = fresh.steps[i].operation.index() == found->steps[i].operation.index();
    }
    if (result) *result = {same ? 0 : 2, nullptr, nullptr};  // cudaGraphExecUpdateErrorTopologyChanged
    if (!same) return cudaErrorGraphExecUpdateFailure;
    for (std::size_t i = 0; i < fresh.steps.size(); ++i) found->steps[i].operation = fresh.steps[i].operation;
    return cudaSuccess;
  });
}
