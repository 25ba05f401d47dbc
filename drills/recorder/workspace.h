/// Working memory for baselines: libraries ask for more than a problem's scratch.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace drill {

/// Grows to the largest size asked for; the warm-up does that, so that nothing is allocated while timing.
class Workspace {
 public:
  void* at_least(std::size_t bytes) {
    if (bytes > bytes_) {
      cudaFree(memory_);
      memory_ = nullptr;
      bytes_ = cudaMalloc(&memory_, bytes) == cudaSuccess ? bytes : 0;
    }
    return memory_;
  }

 private:
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace drill
