// options: DRILLPRESS_WATCH=0x7e9000000100:8
// expect-stderr: watch: 4 bytes stored at 0x7e9000000104 by block \(0,0,0\) thread \(1,0,0\) in kernel fill\(int\*\) at .*watch\.cu:BUG_LINE
#include "program.h"

__global__ void fill(int* out) {
  if (threadIdx.x > 0) out[threadIdx.x] = 5;  // bug: the store that is looked for
}

int main() {
  Buffer<int> out(64);  // the first allocation of a program is at the same address in every run
  fill<<<1, 64>>>(out.get());
  CHECK(cudaDeviceSynchronize());
  return finish();
}
