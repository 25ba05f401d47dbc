// CUB's inclusive prefix sum.
#include <cub/device/device_scan.cuh>

#include "problem.cuh"
#include "workspace.h"

template <class T>
void scan(const T* in, T* out, int n) {
  static drill::Workspace workspace;
  std::size_t bytes = 0;
  cub::DeviceScan::InclusiveSum(nullptr, bytes, in, out, n);
  cub::DeviceScan::InclusiveSum(workspace.at_least(bytes), bytes, in, out, n);
}

void solve(const int* in, int* out, void*, int n) {
  scan(in, out, n);
}
void solve(const float* in, float* out, void*, int n) {
  scan(in, out, n);
}
