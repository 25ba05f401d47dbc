#include "program.h"

__global__ void sum(const int* in, int n, int* out) {
  __shared__ int partial[32];
  int value = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) value += in[i];
  for (int offset = 16; offset > 0; offset /= 2) value += __shfl_down_sync(0xffffffffu, value, offset);
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x < 32) {
    value = threadIdx.x < blockDim.x / 32 ? partial[threadIdx.x] : 0;
    for (int offset = 16; offset > 0; offset /= 2) value += __shfl_xor_sync(0xffffffffu, value, offset);
    if (threadIdx.x == 0) atomicAdd(out, value);
  }
}

int main() {
  for (const int n : {0, 1, 1000, 65537}) {
    std::vector<int> in(n + 1);
    int want = 0;
    for (int i = 0; i < n; ++i) want += in[i] = i % 17 - 5;
    Buffer<int> din(in), dout(std::vector<int>{0});
    sum<<<7, 256>>>(din.get(), n, dout.get());
    CHECK(cudaDeviceSynchronize());
    expect_equal("sum", dout.host(), {want});
  }
  return finish();
}
