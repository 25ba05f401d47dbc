// expect-stdout: block 0 thread 1 of 4: 0x2a, 2.500, "text" %
// expect-stdout: block 1 thread 1 of 4: 0x2a, 2.500, "text" %
// expect-stdout: -9000000000 18446744073709551615 c
#include "program.h"

__global__ void hello(const char* text) {
  if (threadIdx.x == 1) printf("block %d thread %u of %d: %#x, %.3f, \"%s\" %%\n", blockIdx.x, threadIdx.x, blockDim.x, 42, 2.5, text);
  if (blockIdx.x == 1 && threadIdx.x == 3) printf("%lld %llu %c\n", -9000000000ll, ~0ull, 'c');
}

int main() {
  const std::vector<char> text = {'t', 'e', 'x', 't', 0};
  Buffer<char> device_text(text);
  hello<<<2, 4>>>(device_text.get());
  CHECK(cudaDeviceSynchronize());
  return finish();
}
