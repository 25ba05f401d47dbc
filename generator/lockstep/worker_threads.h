// Host threads that outlive a launch: starting one takes longer than many a kernel.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace drillpress::lockstep {

/// Threads are started when they are first needed and wait between tasks. Not thread safe: one task at a
/// time.
class WorkerThreads {
 public:
  WorkerThreads();
  ~WorkerThreads();
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  /// task(0) on this thread and task(1) to task(count - 1) each on one of its own, at once; returns when all
  /// have. A process that was forked starts threads of its own.
  void run(std::uint32_t count, const std::function<void(std::uint32_t)>& task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace drillpress::lockstep
