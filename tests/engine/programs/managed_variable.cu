#include "program.h"

__managed__ int shared_count = 5;
__managed__ float row[8];

__global__ void bump() {
  atomicAdd(&shared_count, 1);
  row[threadIdx.x % 8] = threadIdx.x * 0.5f;
}

int main() {
  EXPECT(shared_count == 5);
  shared_count = 100;
  bump<<<1, 8>>>();
  CHECK(cudaDeviceSynchronize());
  EXPECT(shared_count == 108);
  for (int i = 0; i < 8; ++i) EXPECT(row[i] == i * 0.5f);
  return finish();
}
