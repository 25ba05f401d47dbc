#include "lockstep/worker_threads.h"

#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace drillpress::lockstep {

struct WorkerThreads::State {
  const pid_t process = ::getpid();
  std::mutex mutex;
  std::condition_variable begins, ends;
  const std::function<void(std::uint32_t)>* task = nullptr;
  std::uint64_t tasks = 0;    ///< given so far
  std::uint32_t count = 0;    ///< threads that the current one wants
  std::uint32_t running = 0;  ///< of them, without the caller's
  bool leave = false;
  std::vector<std::thread> threads;

  void serve(std::uint32_t number, std::uint64_t seen) {
    std::unique_lock lock(mutex);
    for (;;) {
      begins.wait(lock, [&] { return leave || tasks != seen; });
      if (leave) return;
      seen = tasks;
      if (number >= count) continue;
      lock.unlock();
      (*task)(number);
      lock.lock();
      if (--running == 0) ends.notify_one();
    }
  }
};

WorkerThreads::WorkerThreads() : state_(std::make_unique<State>()) {}

WorkerThreads::~WorkerThreads() {
  if (state_->process != ::getpid()) {
    state_.release();  // the threads are the parent's
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->leave = true;
  }
  state_->begins.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void WorkerThreads::run(std::uint32_t count, const std::function<void(std::uint32_t)>& task) {
  if (count <= 1) return task(0);
  if (state_->process != ::getpid()) {
    state_.release();
    state_ = std::make_unique<State>();
  }
  State& state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    while (state.threads.size() + 1 < count) {
      const auto number = static_cast<std::uint32_t>(state.threads.size() + 1);
      state.threads.emplace_back([&state, number, seen = state.tasks] { state.serve(number, seen); });
    }
    state.task = &task;
    state.count = count;
    state.running = count - 1;
    ++state.tasks;
  }
  state.begins.notify_all();
  task(0);
  std::unique_lock lock(state.mutex);
  state.ends.wait(lock, [&] { return state.running == 0; });
}

}  // namespace drillpress::lockstep
