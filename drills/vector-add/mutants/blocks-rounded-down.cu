#include "problem.cuh"

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = a[i] + b[i];  // the last block may reach past n
}
// [/kernel]

// [solve]
void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  const int blocks = n / kThreads;  // wrong: leaves the tail to nobody
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n);
}
// [/solve]
