#include "problem.cuh"

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  // Give this thread its element, and add. Nothing is written yet, so every check of a value fails.
}
// [/kernel]

// [solve]
void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  const int blocks = (n + kThreads - 1) / kThreads;
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n);  // a grid of no blocks is an invalid launch
}
// [/solve]
