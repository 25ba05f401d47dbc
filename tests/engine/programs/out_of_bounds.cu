// expect-exit: 86
// expect-stderr: memcheck: out-of-bounds write of 4 bytes at 0x[0-9a-f]+ in global memory by block \(0,0,0\) thread \(100,0,0\) in kernel fill\(int\*, int\) at .*out_of_bounds\.cu:BUG_LINE, 0 bytes past the end of the 400 bytes
// expect-findings: "kind": "memcheck.out_of_bounds"
// expect-findings: "line": BUG_LINE
#include "program.h"

__global__ void fill(int* out, int n) {
  out[threadIdx.x] = n;  // bug: no test against n
}

int main() {
  Buffer<int> out(100);
  fill<<<1, 128>>>(out.get(), 100);
  cudaDeviceSynchronize();
  std::printf("PASS\n");
  return 0;
}
