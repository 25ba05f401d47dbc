// nvcc: --compress-mode=speed
#include "program.h"

__global__ void triple(int* data) { data[threadIdx.x] *= 3; }

int main() {
  Buffer<int> data(std::vector<int>{1, 2, 3, 4});
  triple<<<1, 4>>>(data.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("data", data.host(), {3, 6, 9, 12});
  return finish();
}
