#include "problem.cuh"

#include <algorithm>

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  const int stride = gridDim.x * blockDim.x;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i <= n; i += stride)  // wrong: element n is not ours
    out[i] = a[i] + b[i];
}
// [/kernel]

// [solve]
void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  constexpr int kMaxBlocks = 256;  // in earnest: blocks that fit on one multiprocessor, times multiprocessors
  const int blocks = std::min((n + kThreads - 1) / kThreads, kMaxBlocks);
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n);
}
// [/solve]
