// options: DRILLPRESS_SCHEDULE=reverse DRILLPRESS_THREADS=1
#include "program.h"

__global__ void last_block(int* out) {
  if (threadIdx.x == 0) atomicExch(out, static_cast<int>(blockIdx.x));
}

int main() {
  Buffer<int> out(std::vector<int>{-1});
  last_block<<<10, 32>>>(out.get());  // its result depends on the order of blocks: the reverse order ends with block 0
  CHECK(cudaDeviceSynchronize());
  expect_equal("last block", out.host(), {0});
  return finish();
}
