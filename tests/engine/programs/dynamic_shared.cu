#include "program.h"

__global__ void reverse(const int* in, int* out, int n) {
  extern __shared__ int staged[];
  for (int i = threadIdx.x; i < n; i += blockDim.x) staged[i] = in[i];
  __syncthreads();
  for (int i = threadIdx.x; i < n; i += blockDim.x) out[i] = staged[n - 1 - i];
}

int main() {
  const int n = 40000;  // 160000 bytes
  std::vector<int> in(n), want(n);
  for (int i = 0; i < n; ++i) want[n - 1 - i] = in[i] = i * 5;
  Buffer<int> din(in), dout(n);
  reverse<<<1, 256, n * sizeof(int)>>>(din.get(), dout.get(), n);
  EXPECT(cudaGetLastError() == cudaErrorInvalidValue);  // more than 48 KiB needs an opt-in
  EXPECT(cudaFuncSetAttribute(reverse, cudaFuncAttributeMaxDynamicSharedMemorySize, 300000) == cudaErrorInvalidValue);
  cudaGetLastError();
  CHECK(cudaFuncSetAttribute(reverse, cudaFuncAttributeMaxDynamicSharedMemorySize, n * static_cast<int>(sizeof(int))));
  cudaFuncAttributes attributes;
  CHECK(cudaFuncGetAttributes(&attributes, reverse));
  EXPECT(attributes.maxDynamicSharedSizeBytes == n * static_cast<int>(sizeof(int)));
  EXPECT(attributes.maxThreadsPerBlock == 1024);
  reverse<<<1, 256, n * sizeof(int)>>>(din.get(), dout.get(), n);
  CHECK(cudaGetLastError());
  CHECK(cudaDeviceSynchronize());
  expect_equal("out", dout.host(), want);
  return finish();
}
