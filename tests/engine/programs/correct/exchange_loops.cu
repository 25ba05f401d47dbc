// What atomics lack, made of compare-and-exchange on variables that have a name: the plain read before the
// loop names the variable, the exchange a register. Nobody races.
#include <algorithm>

#include "program.h"

__device__ double sums[4];
__device__ float highest = -1e30f;

__global__ void loops(float* out) {
  __shared__ float lowest;
  if (threadIdx.x == 0) lowest = 1e30f;
  __syncthreads();
  const float value = static_cast<float>((blockIdx.x * blockDim.x + threadIdx.x) * 37u % 1000u);

  auto* const sum = reinterpret_cast<unsigned long long*>(&sums[2]);
  unsigned long long seen = *sum, before;
  do {
    before = seen;
    seen = atomicCAS(sum, before, __double_as_longlong(value + __longlong_as_double(before)));
  } while (before != seen);

  int low = __float_as_int(lowest);
  while (value < __int_as_float(low)) {
    const int expected = low;
    low = atomicCAS(reinterpret_cast<int*>(&lowest), expected, __float_as_int(value));
    if (low == expected) break;
  }
  int high = __float_as_int(highest);
  while (value > __int_as_float(high)) {
    const int expected = high;
    high = atomicCAS(reinterpret_cast<int*>(&highest), expected, __float_as_int(value));
    if (high == expected) break;
  }
  __syncthreads();
  if (threadIdx.x == 0) out[blockIdx.x] = lowest;
}

int main() {
  constexpr int blocks = 5, threads = 128;
  double want_sum = 0;
  float want_high = -1e30f;
  std::vector<float> want_low(blocks, 1e30f);
  for (int i = 0; i < blocks * threads; ++i) {
    const float value = static_cast<float>(i * 37 % 1000);
    want_sum += value;
    want_high = std::max(want_high, value);
    want_low[i / threads] = std::min(want_low[i / threads], value);
  }
  Buffer<float> out(blocks);
  loops<<<blocks, threads>>>(out.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("lowest", out.host(), want_low);
  double got_sums[4];
  float got_high;
  CHECK(cudaMemcpyFromSymbol(got_sums, sums, sizeof got_sums));
  CHECK(cudaMemcpyFromSymbol(&got_high, highest, sizeof got_high));
  EXPECT(got_sums[2] == want_sum && got_high == want_high);
  return finish();
}
