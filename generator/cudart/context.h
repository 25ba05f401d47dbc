// The state of the runtime in this process: device, registered code, streams, errors, and what will be
// reported.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cudart/errors.h"
#include "cudart/options.h"
#include "cudart/registry.h"
#include "cudart/report.h"
#include "cudart/stream.h"
#include "lockstep/engine.h"

namespace drillpress::cudart {

/// One line on standard error, "drillpress: " in front.
void say(const std::string& line);

/// One per process, never destroyed: programs call the runtime from destructors of their own static objects.
/// All members are used under `mutex`.
struct Context {
  std::recursive_mutex mutex;
  Registry registry;
  RunReport report;
  bool profiling = false;

  HandleTable<Stream> streams;
  HandleTable<Event> events;
  HandleTable<Graph> graphs;
  HandleTable<GraphExec> graph_execs;
  Stream
      default_stream;  ///< also for the per-thread default stream: operations run one after the other anyhow
  Stream per_thread_stream;
  unsigned long long next_id = 1;
  /// Synthetic time: each operation takes one microsecond. It orders events and repeats; it measures nothing.
  std::uint64_t clock_ns = 0;

  Error sticky = cudaSuccess;   ///< what every call answers once a kernel has failed
  Error pending = cudaSuccess;  ///< a kernel has failed and no call has told the program yet

  std::map<std::uint64_t, unsigned>
      host_flags;                     ///< pinned and registered memory: the flags it was asked for with
  std::map<int, std::size_t> limits;  ///< cudaDeviceSetLimit
  unsigned device_flags = 0;

  const RuntimeOptions& options();
  /// The device, created at the first call; null when that is not possible (a refusal says why, and every
  /// call that needs it fails before its body runs).
  lockstep::Device* device();
  bool device_created() const { return device_ != nullptr; }
  lockstep::Memory& memory() { return device()->memory(); }

  Error load(Program& program);
  Error resolve(Function& function);  ///< fills Function::kernel
  Error resolve(Variable& variable);  ///< fills Variable::symbol, and the program's pointer to a managed one
  Stream* find_stream(const void* handle);
  bool capturing() const;

  /// Records and says that the engine does not do this. Returns cudaErrorNotSupported.
  Error refuse(const std::string& what, const std::string& why);
  /// A kernel failed: every later call shall tell it.
  void fail(Error error) {
    if (pending == cudaSuccess) pending = error;
  }

 private:
  std::unique_ptr<RuntimeOptions> options_;
  std::unique_ptr<lockstep::Device> device_;
  bool device_failed_ = false;
};

Context& context();

/// Puts the operation on the stream: runs it now, or adds it to the graph that the stream records.
Error submit(Context& context, void* stream, Operation operation);
Error run_operation(Context& context, const Operation& operation);
Error run_graph(Context& context, const GraphExec& exec);

/// The launch as an operation, its arguments copied; an error when the configuration cannot be launched.
Error prepare_launch(Context& context, Function& function, lockstep::Dim3 grid, lockstep::Dim3 block,
                     void** arguments, std::uint64_t dynamic_shared_bytes, bool cooperative,
                     KernelOperation& operation);
Error run_kernel(Context& context, const KernelOperation& operation);
Error run_copy(Context& context, const CopyOperation& operation);
Error run_fill(Context& context, const FillOperation& operation);

Error to_error(lockstep::MemoryError error);
Error to_error(lockstep::FaultKind kind);

/// Dynamic shared memory a launch of the function may ask for as things stand.
std::uint32_t dynamic_shared_limit(Context& context, const Function& function);

}  // namespace drillpress::cudart
