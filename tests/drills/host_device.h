// A device made of host memory, and small problems to verify on it.
#pragma once

#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "run.h"

namespace drill::test {

/// Remembers what it was asked, and fails on request.
class HostDevice final : public Device {
 public:
  std::byte* allocate(std::size_t bytes) override {
    if (bytes == 0) return nullptr;
    ++live;
    allocated.push_back(bytes);
    return static_cast<std::byte*>(std::aligned_alloc(256, (bytes + 255) / 256 * 256));
  }
  void release(std::byte* memory) noexcept override {
    if (memory) --live;
    std::free(memory);
  }
  void upload(std::byte* to, const Bytes& from) override {
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
  }
  void download(Bytes& to, const std::byte* from) override {
    if (!to.empty()) std::memcpy(to.data(), from, to.size());
  }
  std::string run(const Experiment& experiment, bool profiled) override {
    ++runs;
    if (profiled) ++profiled_runs;
    if (runs == fail_at_run) {
      lost = true;
      return "the kernel failed: on request";
    }
    experiment.run();
    return "";
  }
  bool usable() override { return !lost; }

  int live = 0, runs = 0, profiled_runs = 0, fail_at_run = 0;
  bool lost = false;
  std::vector<std::size_t> allocated;
};

/// out[i] = 2 * in[i], solved on the host by whatever a test puts here.
using Solution = std::function<void(float* in, float* out, int n)>;
inline Solution& solution() {
  static Solution current;
  return current;
}
inline void right(float* in, float* out, int n) {
  for (int i = 0; i < n; ++i) out[i] = 2 * in[i];
}

inline Problem doubling() {
  Problem problem;
  problem.name = "doubling";
  problem.tolerance = "0: doubling is exact";
  problem.cases = vector_cases();
  problem.profiled = {{512}};
  problem.define = [](Experiment& e) {
    const std::size_t n = e.count();
    const auto in = e.input<float>("in", {n});
    const auto out = e.output<float>("out", {n}, [=](std::size_t i) { return Expected{2.0 * in[i]}; });
    e.cost = {4 * n, 4 * n, n};
    e.launch([=] { solution()(const_cast<float*>(in.device()), out.device(), static_cast<int>(n)); });
  };
  return problem;
}

/// Every run of one case.
inline CaseResult verify_case(const Problem& problem, const Case& which, Device& device,
                              bool profiled = false) {
  Verification verification(problem, which, 1);
  verification.run_guarded(device, profiled);
  verification.run_bare(device);
  return verification.result;
}

inline CaseResult verify_solution(Solution solve, const Case& which, Problem problem = doubling()) {
  solution() = std::move(solve);
  HostDevice device;
  return verify_case(problem, which, device);
}

/// "value@guarded redzone@bare": what failed, in order.
inline std::string failures_of(const CaseResult& result) {
  std::string text;
  for (const Failure& f : result.failures) text += (text.empty() ? "" : " ") + f.check + "@" + f.run;
  return text;
}

}  // namespace drill::test
