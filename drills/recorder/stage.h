/// Where contestants are timed: one set of device buffers that all of them use, a cache to flush, and two
/// events.
#pragma once

#include <cuda_runtime.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "contestant.h"
#include "rules.h"
#include "verify.h"

namespace drill {

/// Device memory that frees itself.
class DeviceMemory {
 public:
  explicit DeviceMemory(std::size_t bytes) : bytes_(bytes) {
    if (bytes > 0) check(cudaMalloc(&memory_, bytes), "cudaMalloc");
  }
  ~DeviceMemory() { cudaFree(memory_); }
  DeviceMemory(DeviceMemory&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

  std::byte* data() const { return static_cast<std::byte*>(memory_); }
  std::size_t bytes() const { return bytes_; }

 private:
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

/// The buffers of one problem's measured case, at the same addresses for every contestant.
class Stage {
 public:
  /// `model` keeps its contents and references; the stage reads them.
  Stage(const Experiment& model, std::size_t l2_bytes) : model_(model), flush_(kFlushOverL2 * l2_bytes) {
    for (const Buffer& buffer : model.buffers) {
      memory_.emplace_back(buffer.bytes());
      if (buffer.role == Role::input && buffer.bytes() > 0)
        check(
            cudaMemcpy(memory_.back().data(), buffer.contents.data(), buffer.bytes(), cudaMemcpyHostToDevice),
            "cudaMemcpy");
    }
    check(cudaEventCreate(&start_), "cudaEventCreate");
    check(cudaEventCreate(&stop_), "cudaEventCreate");
  }
  ~Stage() {
    cudaEventDestroy(start_);
    cudaEventDestroy(stop_);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Gives the experiment of another contestant the stage's buffers.
  void lend(Experiment& experiment) const {
    for (std::size_t i = 0; i < memory_.size(); ++i) experiment.buffers[i].device = memory_[i].data();
  }

  /// Poisons the outputs, runs once, and says what is wrong with what came out; empty when nothing is.
  template <class Run>
  std::string problem_of(Run run) const {
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (model_.buffers[i].role != Role::input && memory_[i].bytes() > 0)
        check(cudaMemset(memory_[i].data(), kGuarded.poison, memory_[i].bytes()), "cudaMemset");
    run();
    check(cudaGetLastError(), "the launch");
    check(cudaDeviceSynchronize(), "the kernel");
    for (std::size_t i = 0; i < memory_.size(); ++i)
      if (std::string problem = buffer_problem(i); !problem.empty()) return problem;
    return "";
  }

  /// Nanoseconds of one run. A cold sample finds nothing of the problem in the L2 cache; a hot one runs right
  /// after another. Either way the device is still busy when the run is put behind it, so that the host's
  /// time to launch is not part of the sample.
  template <class Run>
  double sample_ns(bool cold, Run run) const {
    if (cold) {
      check(cudaCtxResetPersistingL2Cache(), "cudaCtxResetPersistingL2Cache");
      check(cudaMemsetAsync(flush_.data(), 0x5a, flush_.bytes()), "cudaMemsetAsync");
    } else {
      run();
    }
    check(cudaEventRecord(start_), "cudaEventRecord");
    run();
    check(cudaEventRecord(stop_), "cudaEventRecord");
    check(cudaEventSynchronize(stop_), "cudaEventSynchronize");
    check(cudaGetLastError(), "the launch");
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start_, stop_), "cudaEventElapsedTime");
    return std::round(static_cast<double>(milliseconds) * 1e6);
  }

  /// Bytes of inputs and outputs: what a claim about memory bandwidth must compare with the L2 cache.
  std::size_t working_set_bytes() const {
    std::size_t bytes = 0;
    for (const Buffer& buffer : model_.buffers) bytes += buffer.role == Role::scratch ? 0 : buffer.bytes();
    return bytes;
  }

 private:
  std::string buffer_problem(std::size_t i) const {
    const Buffer& buffer = model_.buffers[i];
    if (buffer.role == Role::scratch || buffer.bytes() == 0) return "";
    Bytes data(buffer.bytes());
    check(cudaMemcpy(data.data(), memory_[i].data(), data.size(), cudaMemcpyDeviceToHost), "cudaMemcpy");
    if (buffer.role == Role::input)
      return data == buffer.contents ? "" : "the input " + buffer.name + " changed";
    const Comparison compared =
        compare(buffer.expected, [&](std::size_t at) { return element(buffer, data, at, kGuarded.poison); });
    if (compared.mismatches == 0) return "";
    return buffer.name + "[" + std::to_string(compared.first) + "] is wrong, first of " +
           std::to_string(compared.mismatches);
  }

  const Experiment& model_;
  DeviceMemory flush_;
  std::vector<DeviceMemory> memory_;
  cudaEvent_t start_ = nullptr, stop_ = nullptr;
};

}  // namespace drill
