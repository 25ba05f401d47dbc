/// What takes part in a measurement: solutions from shared objects, and the device's own copy.
#pragma once

#include <cuda_runtime.h>
#include <dlfcn.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "measured.h"
#include "run.h"

namespace drill {

inline void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess)
    throw DeviceError{call, std::string(cudaGetErrorName(error)) + " (" + cudaGetErrorString(error) + ")"};
}

/// A solution that was compiled with contestant.cu. Each is loaded apart from the others, so that every one
/// calls the `solve` and the kernels that it brought itself. Never unloaded: its kernels are registered with
/// the runtime.
struct Solution {
  std::string name, kind;  ///< "padded", "rung"; "cub", "baseline"
  Problem problem;
  Measured measured;
  std::unique_ptr<Experiment> experiment;

  /// `path` of the shared object. Throws std::runtime_error.
  static Solution load(const std::string& name, const std::string& kind, const std::string& path) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    const auto fill = reinterpret_cast<void (*)(Problem&, Measured&)>(dlsym(library, "drill_contestant"));
    if (!fill) throw std::runtime_error(path + " is no contestant");
    Solution solution{name, kind, {}, {}, nullptr};
    fill(solution.problem, solution.measured);
    return solution;
  }

  /// Draws the inputs and computes the reference: the long part.
  void define(std::uint64_t seed) {
    experiment = std::make_unique<Experiment>(measured.which, derive_seed(measured.which.name(), seed));
    problem.define(*experiment);
  }

  /// Forgets the host's copy of inputs and reference.
  void forget() {
    for (Buffer& buffer : experiment->buffers) {
      std::vector<std::byte>().swap(buffer.contents);
      std::vector<Expected>().swap(buffer.expected);
    }
  }
};

}  // namespace drill
