// nvcc: --default-stream per-thread
#include "program.h"

__global__ void add(int* data, int value) { data[threadIdx.x] += value; }

int main() {
  std::vector<int> host = {1, 2, 3};
  int* data;
  CHECK(cudaMalloc(&data, 12));
  CHECK(cudaMemcpy(data, host.data(), 12, cudaMemcpyHostToDevice));
  add<<<1, 3>>>(data, 10);
  CHECK(cudaMemcpyAsync(host.data(), data, 12, cudaMemcpyDeviceToHost));
  CHECK(cudaStreamSynchronize(nullptr));
  expect_equal("host", host, {11, 12, 13});
  CHECK(cudaFree(data));
  return finish();
}
