// options: DRILLPRESS_CHECK=all
// expect-exit: 86
// expect-stderr: leak: 1000 bytes at 0x[0-9a-f]+ \(allocation 1\) were never freed
#include "program.h"

int main() {
  char* forgotten;
  CHECK(cudaMalloc(&forgotten, 1000));
  char* freed;
  CHECK(cudaMalloc(&freed, 500));
  CHECK(cudaFree(freed));
  return finish();
}
