#include "problem.cuh"

#include <cstdint>

// [kernel]
/// Wrong: loads the last quad whole and stores only the part of it that is ours.
__global__ void add_quads(const float* a, const float* b, float* out, int n) {
  const int i = 4 * (blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= n) return;
  const float4 x = *reinterpret_cast<const float4*>(a + i);
  const float4 y = *reinterpret_cast<const float4*>(b + i);
  out[i] = x.x + y.x;
  if (i + 1 < n) out[i + 1] = x.y + y.y;
  if (i + 2 < n) out[i + 2] = x.z + y.z;
  if (i + 3 < n) out[i + 3] = x.w + y.w;
}

__global__ void add_singles(const float* a, const float* b, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = a[i] + b[i];
}
// [/kernel]

// [solve]
bool aligned(const float* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % 16 == 0;
}

void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  if (n == 0) return;
  const int blocks = (n + kThreads - 1) / kThreads;
  if (aligned(a) && aligned(b))
    add_quads<<<(blocks + 3) / 4, kThreads>>>(a, b, out, n);
  else
    add_singles<<<blocks, kThreads>>>(a, b, out, n);
}
// [/solve]
