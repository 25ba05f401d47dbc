// expect-exit: 86
// expect-stderr: fault: assert: .*device_assert\.cu:.*half < 3
#include <cassert>

#include "program.h"

__global__ void check(const int* values) {
  const int half = values[threadIdx.x] / 2;
  assert(half < 3);
}

int main() {
  Buffer<int> values(std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
  check<<<1, 6>>>(values.get());
  CHECK(cudaDeviceSynchronize());
  check<<<1, 8>>>(values.get());
  EXPECT(cudaGetLastError() == cudaSuccess);  // the launch itself is fine, and nobody has waited yet
  EXPECT(cudaDeviceSynchronize() == cudaErrorAssert);
  int* more = nullptr;
  EXPECT(cudaMalloc(&more, 4) == cudaErrorAssert);  // the context is lost
  EXPECT(cudaGetLastError() == cudaErrorAssert && cudaGetLastError() == cudaErrorAssert);
  return finish();
}
