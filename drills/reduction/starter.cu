#include "problem.cuh"

constexpr int kThreads = 256;

// [kernel]
__global__ void sum_blocks(const float* in, float* partials, int n) {
  // Leave the sum of this block's elements in partials[blockIdx.x]. Nothing is written yet.
}

__global__ void sum_partials(const float* partials, float* out, int count) {
  // One block: leave the sum of all partials in out[0]. Nothing is written yet, so every sum is wrong.
}
// [/kernel]

// [solve]
void solve(const float* in, float* scratch, float* out, int n) {
  const int blocks = max(1, (n + kThreads - 1) / kThreads);  // one even for n = 0: its sum is 0
  sum_blocks<<<blocks, kThreads>>>(in, scratch, n);
  sum_partials<<<1, kThreads>>>(scratch, out, blocks);
}
// [/solve]
