// options: DRILLPRESS_TIMEOUT=1
// expect-exit: 86
// expect-stderr: fault: timeout: .*spin
#include "program.h"

__global__ void spin(volatile int* flag) {
  while (*flag == 0) {
  }
}

int main() {
  Buffer<int> flag(std::vector<int>{0});
  spin<<<1, 32>>>(flag.get());
  EXPECT(cudaDeviceSynchronize() == cudaErrorLaunchTimeout);
  return finish();
}
