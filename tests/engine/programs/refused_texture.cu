// expect-exit: 87
// expect-stderr: refused: cudaMallocArray: the engine does not have this function
#include "program.h"

int main() {
  cudaArray_t array;
  const cudaChannelFormatDesc format = {32, 0, 0, 0, cudaChannelFormatKindFloat};
  EXPECT(cudaMallocArray(&array, &format, 64, 64) == cudaErrorNotSupported);
  EXPECT(cudaMallocArray(&array, &format, 64, 64) == cudaErrorNotSupported);
  return finish();
}
