#include "program.h"

__device__ int lock = 0;

__global__ void increment(int* counter, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    bool done = false;
    while (!done) {
      if (atomicCAS(&lock, 0, 1) == 0) {
        __threadfence();
        *counter += 1;
        __threadfence();
        atomicExch(&lock, 0);
        done = true;
      }
    }
  }
}

int main() {
  Buffer<int> counter(std::vector<int>{0});
  increment<<<4, 64>>>(counter.get(), 3);
  CHECK(cudaDeviceSynchronize());
  expect_equal("counter", counter.host(), {4 * 64 * 3});
  return finish();
}
