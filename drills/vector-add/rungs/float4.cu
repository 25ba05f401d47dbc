#include "problem.cuh"

#include <cstdint>

// [kernel]
__device__ float4 operator+(float4 a, float4 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w};
}

/// Adds elements `head` … `head + 4 * quads - 1` four at a time, and the few before and after one by one.
/// a, b and out plus `head` are aligned to 16 bytes; every thread handles at most one quad and one single.
__global__ void add(const float* a, const float* b, float* out, int n, int head, int quads) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < quads) {
    const float4 x = reinterpret_cast<const float4*>(a + head)[i];
    const float4 y = reinterpret_cast<const float4*>(b + head)[i];
    reinterpret_cast<float4*>(out + head)[i] = x + y;
  }
  const int singles = n - 4 * quads;
  if (i < singles) {
    const int single = i < head ? i : i + 4 * quads;
    out[single] = a[single] + b[single];
  }
}
// [/kernel]

// [solve]
int misalignment(const float* pointer) {  // in elements past a 16-byte boundary
  return static_cast<int>(reinterpret_cast<std::uintptr_t>(pointer) % 16 / sizeof(float));
}

void solve(const float* a, const float* b, float* out, int n) {
  constexpr int kThreads = 256;
  const int shift = misalignment(a);
  int head = 0, quads = 0;  // no quads unless one head aligns all three
  if (misalignment(b) == shift && misalignment(out) == shift) {
    head = min((4 - shift) % 4, n);
    quads = (n - head) / 4;
  }
  const int threads = max(quads, n - 4 * quads);
  const int blocks = (threads + kThreads - 1) / kThreads;
  if (blocks > 0) add<<<blocks, kThreads>>>(a, b, out, n, head, quads);
}
// [/solve]
