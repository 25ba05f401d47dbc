// expect-exit: 139
// expect-stderr: fault: the host program touched device address 0x[0-9a-f]+ \(in 400 bytes of device memory
#include "program.h"

int main() {
  int* data;
  CHECK(cudaMalloc(&data, 400));
  std::printf("PASS\n");
  std::fflush(stdout);
  data[10] = 1;
  std::printf("FAIL: the store went through\n");
  return 0;
}
