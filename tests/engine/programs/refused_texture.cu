// expect-exit: 87
// expect-stderr: refused: cudaMallocArray: the engine does not have this function
#include "program.h"

int main() {
  cudaArray_t array;
  const cudaChannelFormatDesc format = cudaCreateChannelDesc<float2>();
  EXPECT(format.x == 32 && format.y == 32 && format.z == 0 && format.f == cudaChannelFormatKindFloat);
  EXPECT(cudaMallocArray(&array, &format, 64, 64) == cudaErrorNotSupported);
  EXPECT(cudaMallocArray(&array, &format, 64, 64) == cudaErrorNotSupported);
  return finish();
}
