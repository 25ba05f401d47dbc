// cudaDeviceSetLimit: the heap of malloc in device code becomes larger and smaller, recursion may go deeper, and
// cudaDeviceReset brings back what was there at first.
#include "program.h"

__global__ void ask(std::size_t each, int times, int* given) {
  for (int i = 0; i < times; ++i) {
    void* memory = malloc(each);
    if (memory == nullptr) continue;
    ++*given;
    free(memory);
  }
}

__global__ void hold(std::size_t each, int times, int* given) {
  void* memory[64];
  for (int i = 0; i < times; ++i) {
    memory[i] = malloc(each);
    if (memory[i] != nullptr) ++*given;
  }
  for (int i = 0; i < times; ++i) free(memory[i]);
}

__device__ int depth(int n, volatile int* sink) {
  int kept[32];
  for (int i = 0; i < 32; ++i) kept[i] = n + i;
  sink[n & 7] = kept[n & 31];
  if (n == 0) return 0;
  return 1 + depth(n - 1, sink) + (kept[(n * 7) & 31] < 0 ? 1 : 0);
}

__global__ void dive(int n, int* out) { out[8] = depth(n, out); }

int given_by(void (*kernel)(std::size_t, int, int*), std::size_t each, int times) {
  Buffer<int> given(std::vector<int>(1, 0));
  kernel<<<1, 1>>>(each, times, given.get());
  return given.host()[0];
}

int main() {
  std::size_t heap = 0, value = 0;
  CHECK(cudaDeviceGetLimit(&heap, cudaLimitMallocHeapSize));
  EXPECT(heap == 8u << 20);
  EXPECT(given_by(ask, 32 << 20, 1) == 0);
  CHECK(cudaDeviceSetLimit(cudaLimitMallocHeapSize, 128 << 20));
  CHECK(cudaDeviceGetLimit(&value, cudaLimitMallocHeapSize));
  EXPECT(value == 128u << 20);
  EXPECT(given_by(ask, 32 << 20, 10) == 10);
  EXPECT(given_by(hold, 32 << 20, 10) == 4);
  CHECK(cudaDeviceSetLimit(cudaLimitMallocHeapSize, 1 << 20));
  EXPECT(given_by(hold, 100000, 64) == 10);

  CHECK(cudaDeviceSetLimit(cudaLimitStackSize, 256 << 10));
  {
    Buffer<int> out(16);
    dive<<<1, 32>>>(1000, out.get());
    int deepest = 0;
    CHECK(cudaMemcpy(&deepest, out.get() + 8, sizeof deepest, cudaMemcpyDeviceToHost));
    EXPECT(deepest == 1000);
  }
  EXPECT(cudaDeviceSetLimit(cudaLimitStackSize, 1 << 30) == cudaErrorInvalidValue);
  EXPECT(cudaGetLastError() == cudaErrorInvalidValue);
  EXPECT(cudaDeviceSetLimit(cudaLimitMallocHeapSize, std::size_t{1} << 50) == cudaErrorMemoryAllocation);
  EXPECT(cudaGetLastError() == cudaErrorMemoryAllocation);

  CHECK(cudaDeviceReset());
  CHECK(cudaDeviceGetLimit(&value, cudaLimitMallocHeapSize));
  EXPECT(value == heap);
  EXPECT(given_by(ask, 32 << 20, 1) == 0);
  return finish();
}
