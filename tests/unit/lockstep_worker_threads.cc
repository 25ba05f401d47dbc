#include "lockstep/worker_threads.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <vector>

namespace drillpress::lockstep {
namespace {

// The thread that each number of a task ran on.
std::vector<std::thread::id> places(WorkerThreads& threads, std::uint32_t count) {
  std::vector<std::thread::id> ran(count);
  threads.run(count, [&](std::uint32_t k) { ran[k] = std::this_thread::get_id(); });
  return ran;
}

TEST_CASE("every number of a task runs once, on a thread of its own, the first on the caller's") {
  WorkerThreads threads;
  for (const std::uint32_t count : {1u, 4u, 2u, 6u}) {
    const auto ran = places(threads, count);
    CHECK(ran.front() == std::this_thread::get_id());
    CHECK(std::set<std::thread::id>(ran.begin(), ran.end()).size() == count);
    CHECK(std::count(ran.begin(), ran.end(), std::thread::id()) == 0);
  }
}

TEST_CASE("threads serve later tasks too") {
  WorkerThreads threads;
  const auto first = places(threads, 3);
  std::atomic<int> sum = 0;
  for (int task = 0; task < 1000; ++task)
    threads.run(3, [&](std::uint32_t k) { sum += static_cast<int>(k) + 1; });
  CHECK(sum == 6000);
  CHECK(places(threads, 3) == first);
}

TEST_CASE("a forked process starts threads of its own") {
  WorkerThreads threads;
  (void)places(threads, 3);
  const pid_t child = ::fork();
  if (child == 0) {
    std::atomic<int> ran = 0;
    threads.run(3, [&](std::uint32_t) { ++ran; });
    ::_exit(ran == 3 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(places(threads, 3).size() == 3);
}

}  // namespace
}  // namespace drillpress::lockstep
