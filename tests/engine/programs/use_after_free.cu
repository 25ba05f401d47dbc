// expect-exit: 86
// expect-stderr: memcheck: use-after-free read of 4 bytes .* in kernel read\(int const\*, int\*\) at .*use_after_free\.cu:BUG_LINE, in the freed 64 bytes
#include "program.h"

__global__ void read(const int* in, int* out) {
  *out = in[3];  // bug
}

int main() {
  int* gone;
  CHECK(cudaMalloc(&gone, 64));
  CHECK(cudaFree(gone));
  EXPECT(cudaFree(gone) == cudaErrorInvalidValue);
  Buffer<int> out(1);
  read<<<1, 1>>>(gone, out.get());
  cudaDeviceSynchronize();
  return finish();
}
