#include "program.h"

__constant__ float weights[5];
__device__ int counter = 41;
__device__ float table[4] = {1.0f, 2.0f, 4.0f, 8.0f};

__global__ void filter(const float* in, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float sum = 0;
  for (int k = -2; k <= 2; ++k) {
    const int j = i + k;
    if (j >= 0 && j < n) sum += weights[k + 2] * in[j];
  }
  out[i] = sum * table[i % 4];
  if (i == 0) counter += 1;
}

int main() {
  const int n = 300;
  const float host_weights[5] = {0.125f, 0.25f, 0.5f, 0.25f, 0.125f};
  const float factor[4] = {1, 2, 4, 16};
  CHECK(cudaMemcpyToSymbol(weights, host_weights, sizeof host_weights));
  CHECK(cudaMemcpyToSymbol(table, &factor[3], sizeof(float), 3 * sizeof(float)));
  std::vector<float> in(n), want(n);
  for (int i = 0; i < n; ++i) in[i] = static_cast<float>(i % 13);
  for (int i = 0; i < n; ++i) {
    for (int k = -2; k <= 2; ++k) {
      if (i + k >= 0 && i + k < n) want[i] += host_weights[k + 2] * in[i + k];
    }
    want[i] *= factor[i % 4];
  }
  Buffer<float> din(in), dout(n);
  filter<<<2, 256>>>(din.get(), dout.get(), n);
  CHECK(cudaDeviceSynchronize());
  expect_near("out", dout.host(), want, 0);

  int seen = 0;
  CHECK(cudaMemcpyFromSymbol(&seen, counter, sizeof seen));
  EXPECT(seen == 42);
  std::size_t bytes = 0;
  CHECK(cudaGetSymbolSize(&bytes, weights));
  EXPECT(bytes == sizeof host_weights);
  void* address = nullptr;
  CHECK(cudaGetSymbolAddress(&address, counter));
  const int fresh = 7;
  CHECK(cudaMemcpy(address, &fresh, sizeof fresh, cudaMemcpyHostToDevice));
  CHECK(cudaMemcpyFromSymbol(&seen, counter, sizeof seen));
  EXPECT(seen == 7);
  EXPECT(cudaMemcpyToSymbol(weights, host_weights, sizeof host_weights, 4) == cudaErrorInvalidValue);
  static int unregistered;
  EXPECT(cudaMemcpyToSymbol(unregistered, &fresh, sizeof fresh) == cudaErrorInvalidSymbol);
  EXPECT(cudaGetLastError() == cudaErrorInvalidSymbol);
  return finish();
}
