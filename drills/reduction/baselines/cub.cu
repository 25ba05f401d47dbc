// CUB's reduction.
#include <cub/device/device_reduce.cuh>

#include "problem.cuh"
#include "workspace.h"

void solve(const float* in, float*, float* out, int n) {
  static drill::Workspace workspace;
  std::size_t bytes = 0;
  cub::DeviceReduce::Sum(nullptr, bytes, in, out, n);
  cub::DeviceReduce::Sum(workspace.at_least(bytes), bytes, in, out, n);
}
