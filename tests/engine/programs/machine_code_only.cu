// gencode: arch=compute_90,code=sm_90
// expect-exit: 87
// expect-stderr: was built with code=sm_90 only; rebuild with -gencode arch=compute_90,code=compute_90
#include "program.h"

__global__ void nothing() {}

int main() {
  nothing<<<1, 1>>>();
  EXPECT(cudaGetLastError() == cudaErrorNoKernelImageForDevice);
  return finish();
}
