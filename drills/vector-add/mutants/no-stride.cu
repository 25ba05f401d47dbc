#include "problem.cuh"

#include <algorithm>

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = a[i] + b[i];  // wrong: the grid is capped, so one element a thread is not enough
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
