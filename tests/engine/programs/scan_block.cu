#include "program.h"

__global__ void scan(const int* in, int* out, int n) {
  extern __shared__ int buffer[];
  int* current = buffer;
  int* next = buffer + blockDim.x;
  const int i = threadIdx.x;
  current[i] = i < n ? in[i] : 0;
  __syncthreads();
  for (int offset = 1; offset < blockDim.x; offset *= 2) {
    next[i] = current[i] + (i >= offset ? current[i - offset] : 0);
    __syncthreads();
    int* swap = current;
    current = next;
    next = swap;
  }
  if (i < n) out[i] = current[i];
}

int main() {
  for (const int n : {1, 33, 500, 1000}) {
    std::vector<int> in(n), want(n);
    int running = 0;
    for (int i = 0; i < n; ++i) want[i] = running += in[i] = i % 7 - 2;
    Buffer<int> din(in), dout(n);
    scan<<<1, 1024, 2 * 1024 * sizeof(int)>>>(din.get(), dout.get(), n);
    CHECK(cudaDeviceSynchronize());
    expect_equal("scan", dout.host(), want);
  }
  return finish();
}
