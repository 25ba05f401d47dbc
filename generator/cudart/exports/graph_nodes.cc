// Graphs built by hand: creating them, adding nodes, reading and changing what nodes do.
#include "cudart/exports/api.h"

using namespace drillpress::cudart;

namespace {

/// Adds a node; `make(Context&, Operation&) → Error` fills in what it does.
template <typename Make>
Error add_node(GraphNode** node, void* graph, GraphNode* const* dependencies, std::size_t count,
               Make&& make) {
  return device_call([&](Context& all) -> Error {
    Graph* target = all.graphs.find(graph);
    if (!node || !target || (count != 0 && !dependencies)) return cudaErrorInvalidValue;
    for (std::size_t i = 0; i < count; ++i) {
      if (!dependencies[i] || dependencies[i]->graph != target) return cudaErrorInvalidValue;
    }
    Operation operation;
    if (const Error error = make(all, operation)) return error;
    *node = &target->add(std::move(operation), {dependencies, dependencies + count});
    return cudaSuccess;
  });
}

Error make_kernel(Context& all, const abi::KernelNodeParameters* p, Operation& operation) {
  if (!p || !p->function) return cudaErrorInvalidValue;
  if (p->extra)
    return all.refuse("cudaGraphAddKernelNode", "arguments passed through `extra` are not supported");
  Function* function = all.registry.find_function(p->function);
  if (!function) return cudaErrorInvalidDeviceFunction;
  KernelOperation kernel;
  if (const Error error = prepare_launch(all, *function, abi::to_engine(p->grid), abi::to_engine(p->block),
                                         p->arguments, p->shared_bytes, false, kernel)) {
    return error;
  }
  operation = std::move(kernel);
  return cudaSuccess;
}

Error make_copy(Context& all, const abi::Copy3D* p, Operation& operation) {
  if (!p) return cudaErrorInvalidValue;
  if (p->source_array || p->destination_array) {
    return all.refuse("cudaGraphAddMemcpyNode", "CUDA arrays are not supported");
  }
  operation = pitched_copy(*p);
  return cudaSuccess;
}

Error make_fill(Context&, const abi::MemsetParameters* p, Operation& operation) {
  if (!p) return cudaErrorInvalidValue;
  FillOperation fill;
  fill.destination = p->destination;
  fill.value = p->value;
  fill.element_bytes = p->element_bytes;
  fill.width = p->width;
  fill.height = p->height;
  fill.pitch = p->pitch;
  operation = fill;
  return cudaSuccess;
}

Error make_host(Context&, const abi::HostNodeParameters* p, Operation& operation) {
  if (!p || !p->function) return cudaErrorInvalidValue;
  operation = HostOperation{*p};
  return cudaSuccess;
}

/// Replaces what a node does by the same kind of operation.
template <typename Kind, typename Make>
Error replace(Operation& operation, Context& all, Make&& make) {
  if (!std::holds_alternative<Kind>(operation)) return cudaErrorInvalidValue;
  return make(all, operation);
}

template <typename Kind, typename Make>
Error set_node(GraphNode* node, Make&& make) {
  return device_call([&](Context& all) -> Error {
    if (!node) return cudaErrorInvalidValue;
    return replace<Kind>(node->operation, all, make);
  });
}

template <typename Kind, typename Make>
Error set_step(void* exec, const GraphNode* node, Make&& make) {
  return device_call([&](Context& all) -> Error {
    GraphExec* found = all.graph_execs.find(exec);
    GraphExec::Step* step = found ? found->find(node) : nullptr;
    return step ? replace<Kind>(step->operation, all, make) : cudaErrorInvalidValue;
  });
}

auto kernel_maker(const abi::KernelNodeParameters* p) {
  return [p](Context& all, Operation& operation) { return make_kernel(all, p, operation); };
}
auto copy_maker(const abi::Copy3D* p) {
  return [p](Context& all, Operation& operation) { return make_copy(all, p, operation); };
}
auto linear_maker(void* destination, const void* source, std::size_t bytes, int kind) {
  return [=](Context&, Operation& operation) -> Error {
    operation = linear_copy(destination, source, bytes, kind);
    return cudaSuccess;
  };
}
auto fill_maker(const abi::MemsetParameters* p) {
  return [p](Context& all, Operation& operation) { return make_fill(all, p, operation); };
}
auto host_maker(const abi::HostNodeParameters* p) {
  return [p](Context& all, Operation& operation) { return make_host(all, p, operation); };
}

}  // namespace

CUDART_EXPORT Error cudaGraphCreate(void** graph, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (!graph || flags != 0) return cudaErrorInvalidValue;
    *graph = all.graphs.add(std::make_unique<Graph>());
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphDestroy(void* graph) {
  return device_call(
      [&](Context& all) -> Error { return all.graphs.remove(graph) ? cudaSuccess : cudaErrorInvalidValue; });
}

CUDART_EXPORT Error cudaGraphAddKernelNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                           std::size_t count, const abi::KernelNodeParameters* p) {
  return add_node(node, graph, dependencies, count, kernel_maker(p));
}

CUDART_EXPORT Error cudaGraphAddMemcpyNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                           std::size_t count, const abi::Copy3D* p) {
  return add_node(node, graph, dependencies, count, copy_maker(p));
}

CUDART_EXPORT Error cudaGraphAddMemcpyNode1D(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                             std::size_t count, void* destination, const void* source,
                                             std::size_t bytes, int kind) {
  return add_node(node, graph, dependencies, count, linear_maker(destination, source, bytes, kind));
}

CUDART_EXPORT Error cudaGraphAddMemsetNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                           std::size_t count, const abi::MemsetParameters* p) {
  return add_node(node, graph, dependencies, count, fill_maker(p));
}

CUDART_EXPORT Error cudaGraphAddHostNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                         std::size_t count, const abi::HostNodeParameters* p) {
  return add_node(node, graph, dependencies, count, host_maker(p));
}

CUDART_EXPORT Error cudaGraphAddEmptyNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                          std::size_t count) {
  return add_node(node, graph, dependencies, count, [](Context&, Operation& operation) -> Error {
    operation = EmptyOperation{};
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphAddEventRecordNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                                std::size_t count, void* event) {
  return add_node(node, graph, dependencies, count, [event](Context& all, Operation& operation) -> Error {
    operation = EventOperation{all.events.find(event)};
    return all.events.find(event) ? cudaSuccess : cudaErrorInvalidValue;
  });
}

CUDART_EXPORT Error cudaGraphAddEventWaitNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                              std::size_t count, void* event) {
  return add_node(node, graph, dependencies, count, [event](Context& all, Operation& operation) -> Error {
    operation = WaitOperation{all.events.find(event)};
    return all.events.find(event) ? cudaSuccess : cudaErrorInvalidValue;
  });
}

CUDART_EXPORT Error cudaGraphAddChildGraphNode(GraphNode** node, void* graph, GraphNode* const* dependencies,
                                               std::size_t count, void* child) {
  return add_node(node, graph, dependencies, count, [child](Context& all, Operation& operation) -> Error {
    const Graph* inner = all.graphs.find(child);
    if (!inner) return cudaErrorInvalidValue;
    operation = ChildOperation{clone(*inner)};
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGraphKernelNodeSetParams(GraphNode* node, const abi::KernelNodeParameters* p) {
  return set_node<KernelOperation>(node, kernel_maker(p));
}

CUDART_EXPORT Error cudaGraphMemcpyNodeSetParams(GraphNode* node, const abi::Copy3D* p) {
  return set_node<CopyOperation>(node, copy_maker(p));
}

CUDART_EXPORT Error cudaGraphMemcpyNodeSetParams1D(GraphNode* node, void* destination, const void* source,
                                                   std::size_t bytes, int kind) {
  return set_node<CopyOperation>(node, linear_maker(destination, source, bytes, kind));
}

CUDART_EXPORT Error cudaGraphMemsetNodeSetParams(GraphNode* node, const abi::MemsetParameters* p) {
  return set_node<FillOperation>(node, fill_maker(p));
}

CUDART_EXPORT Error cudaGraphHostNodeSetParams(GraphNode* node, const abi::HostNodeParameters* p) {
  return set_node<HostOperation>(node, host_maker(p));
}

CUDART_EXPORT Error cudaGraphHostNodeGetParams(const GraphNode* node, abi::HostNodeParameters* p) {
  const auto* host = node ? std::get_if<HostOperation>(&node->operation) : nullptr;
  if (!host || !p) return leave(cudaErrorInvalidValue);
  *p = host->call;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaGraphExecKernelNodeSetParams(void* exec, const GraphNode* node,
                                                     const abi::KernelNodeParameters* p) {
  return set_step<KernelOperation>(exec, node, kernel_maker(p));
}

CUDART_EXPORT Error cudaGraphExecMemcpyNodeSetParams(void* exec, const GraphNode* node,
                                                     const abi::Copy3D* p) {
  return set_step<CopyOperation>(exec, node, copy_maker(p));
}

CUDART_EXPORT Error cudaGraphExecMemcpyNodeSetParams1D(void* exec, const GraphNode* node, void* destination,
                                                       const void* source, std::size_t bytes, int kind) {
  return set_step<CopyOperation>(exec, node, linear_maker(destination, source, bytes, kind));
}

CUDART_EXPORT Error cudaGraphExecMemsetNodeSetParams(void* exec, const GraphNode* node,
                                                     const abi::MemsetParameters* p) {
  return set_step<FillOperation>(exec, node, fill_maker(p));
}

CUDART_EXPORT Error cudaGraphExecHostNodeSetParams(void* exec, const GraphNode* node,
                                                   const abi::HostNodeParameters* p) {
  return set_step<HostOperation>(exec, node, host_maker(p));
}
