#include "problem.cuh"

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  out[i] = a[i] + b[i];  // wrong: the last block reaches past n
}
// [/kernel]

// [solve]
void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  const int blocks = (n + kThreads - 1) / kThreads;
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n);
}
// [/solve]
