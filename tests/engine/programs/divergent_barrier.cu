// expect-exit: 86
// expect-stderr: synccheck: 
#include "program.h"

__global__ void half(int* out) {
  if (threadIdx.x < 16) {
    out[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] += 1;
  } else {
    out[threadIdx.x] = 2;
    __syncthreads();
    out[threadIdx.x] += 2;
  }
}

int main() {
  Buffer<int> out(32);
  half<<<1, 32>>>(out.get());
  cudaDeviceSynchronize();
  std::printf("PASS\n");
  return 0;
}
