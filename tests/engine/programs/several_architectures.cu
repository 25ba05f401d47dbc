// gencode: arch=compute_75,code=compute_75
// nvcc: -gencode arch=compute_90,code=compute_90 -gencode arch=compute_100,code=compute_100
#include "program.h"

// The virtual device is sm_90, so that of the three texts the middle one is taken.
__global__ void which(int* out) {
#ifdef __CUDA_ARCH__
  *out = __CUDA_ARCH__;
#endif
}

int main() {
  Buffer<int> out(1);
  which<<<1, 1>>>(out.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("architecture", out.host(), {900});
  return finish();
}
