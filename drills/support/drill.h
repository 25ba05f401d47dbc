/// A drill's program. `problem.cuh` includes this file, declares `solve` and defines `drill::problem()`; each
/// solution includes `problem.cuh` and defines `solve`. Read experiment.h for what a problem declares and
/// verify.h for what is checked; this file is the part that talks to CUDA.
#pragma once

#include <cuda_profiler_api.h>
#include <cuda_runtime.h>

#include <cstdlib>
#include <string>

#include "experiment.h"

namespace drill {
Problem problem();  ///< defined by problem.cuh
}

// nvcc reads a program once for the host and once for the device. No device code uses what follows, and
// reading it takes a while.
#ifndef __CUDA_ARCH__

#include "placed.h"
#include "run.h"

namespace drill {

inline std::string error_text(cudaError_t error) {
  return std::string(cudaGetErrorName(error)) + " (" + cudaGetErrorString(error) + ")";
}

inline void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess) throw DeviceError{call, error_text(error)};
}

class CudaDevice final : public Device {
 public:
  std::byte* allocate(std::size_t bytes) override {
    void* memory = nullptr;
    if (bytes > 0) check(cudaMalloc(&memory, bytes), "cudaMalloc");
    return static_cast<std::byte*>(memory);
  }

  /// Errors are left to `usable`: after a fault in the solution this call fails as all others do.
  void release(std::byte* memory) noexcept override { cudaFree(memory); }

  void upload(std::byte* to, const Bytes& from) override {
    if (!from.empty()) check(cudaMemcpy(to, from.data(), from.size(), cudaMemcpyHostToDevice), "cudaMemcpy");
  }

  void download(Bytes& to, const std::byte* from) override {
    if (!to.empty()) check(cudaMemcpy(to.data(), from, to.size(), cudaMemcpyDeviceToHost), "cudaMemcpy");
  }

  std::string run(const Experiment& experiment, bool profiled) override {
    if (profiled) check(cudaProfilerStart(), "cudaProfilerStart");
    experiment.run();
    const cudaError_t launched = cudaGetLastError();
    const cudaError_t finished = cudaDeviceSynchronize();
    if (profiled && finished == cudaSuccess) check(cudaProfilerStop(), "cudaProfilerStop");
    if (launched != cudaSuccess) return "the launch failed: " + error_text(launched);
    if (finished != cudaSuccess) return "the kernel failed: " + error_text(finished);
    return "";
  }

  bool usable() override {
    cudaGetLastError();  // forgets an error that passed, such as an invalid launch configuration
    return cudaDeviceSynchronize() == cudaSuccess;
  }
};

}  // namespace drill

int main(int argc, char** argv) {
  drill::CudaDevice device;
  return drill::run(drill::problem(), device, std::getenv("DRILL_REPORT"), argc, argv);
}

#endif
