// expect-exit: 86
// expect-stderr: memcheck: misaligned read of 8 bytes .* in kernel read\(char const\*, double\*\) at .*misaligned\.cu:BUG_LINE
#include "program.h"

__global__ void read(const char* in, double* out) {
  *out = *reinterpret_cast<const double*>(in + 4);  // bug
}

int main() {
  Buffer<char> in(64);
  Buffer<double> out(1);
  read<<<1, 1>>>(in.get(), out.get());
  EXPECT(cudaDeviceSynchronize() == cudaErrorMisalignedAddress);
  return finish();
}
