// nvcc: -rdc=true
#include "program.h"

__device__ int offset = 7;
__device__ __noinline__ int shifted(int x) { return x + offset; }
__global__ void run(int* data) { data[threadIdx.x] = shifted(threadIdx.x); }

int main() {
  Buffer<int> data(4);
  run<<<1, 4>>>(data.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("data", data.host(), {7, 8, 9, 10});
  return finish();
}
