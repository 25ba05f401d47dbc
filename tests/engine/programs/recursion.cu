#include "program.h"

__device__ __noinline__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

__device__ __noinline__ unsigned ackermann(unsigned m, unsigned n) {
  if (m == 0) return n + 1;
  return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

__global__ void run(int* fib, unsigned* ack) {
  fib[threadIdx.x] = fibonacci(threadIdx.x);
  if (threadIdx.x < 3) ack[threadIdx.x] = ackermann(threadIdx.x, 3);
}

int main() {
  Buffer<int> fib(13);
  Buffer<unsigned> ack(3);
  run<<<1, 13>>>(fib.get(), ack.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("fibonacci", fib.host(), {0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144});
  expect_equal("ackermann", ack.host(), {4u, 5u, 9u});
  return finish();
}
