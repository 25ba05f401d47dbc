#include "problem.cuh"

#include <cuda_fp16.h>

// [kernel]
__global__ void add(const float* a, const float* b, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = __half2float(__float2half(a[i]) + __float2half(b[i]));  // wrong: 11 significant bits
}
// [/kernel]

// [solve]
void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  const int blocks = (n + kThreads - 1) / kThreads;
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n);
}
// [/solve]
