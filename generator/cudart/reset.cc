// cudaDeviceReset: what programs made is gone.
#include "cudart/context.h"

namespace drillpress::cudart {
namespace {

/// Pinned memory is the program's as long as it lives, and so is what it registered: it is given back, not
/// leaked.
void release_everything(Context& context) {
  using lockstep::MemoryKind;
  for (const lockstep::Allocation& allocation : context.memory().live_allocations()) {
    if (allocation.kind == MemoryKind::kSymbol) continue;
    if (allocation.kind == MemoryKind::kRegistered) {
      context.memory().unregister_host(reinterpret_cast<void*>(allocation.address));
    } else {
      context.memory().free(allocation.address);
    }
  }
}

}  // namespace

void Context::collect_leaks() {
  if (!options().leak) return;
  for (const lockstep::Allocation& allocation : memory().live_allocations()) {
    const bool counts =
        allocation.kind == lockstep::MemoryKind::kDevice || allocation.kind == lockstep::MemoryKind::kManaged;
    const bool of_program =
        !internal_memory.contains(allocation.address) || graph_memory.contains(allocation.address);
    if (!counts || !of_program) continue;
    report.leaks.push_back(allocation);
    say(describe_leak(allocation));
  }
}

void Context::reset() {
  collect_leaks();
  default_stream = Stream{};
  per_thread_stream = Stream{};
  streams.clear();
  events.clear();
  graph_execs.clear();
  graphs.clear();
  graph_memory.clear();
  conditions.clear();
  arrays.clear();
  mipmapped_arrays.clear();
  libraries.clear();
  pools.clear();
  pool_of.clear();
  current_pool = &default_pool;
  default_pool = Pool{};
  advice = AdviceBook{};
  release_everything(*this);
  internal_memory.clear();
  host_flags.clear();
  limits.clear();
  device()->set_heap_bytes(options().device.heap_bytes);
  device()->set_stack_bytes(options().device.stack_bytes);
  device_flags = 0;
  graph_memory_use = GraphMemoryUse{};
  for (const lockstep::ModuleId module : registry.forget_modules()) device()->unload_module(module);
}

}  // namespace drillpress::cudart
