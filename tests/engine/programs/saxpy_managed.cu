#include "program.h"

__global__ void saxpy(int n, float a, const float* x, float* y) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) y[i] = a * x[i] + y[i];
}

int main() {
  const int n = 10000;
  float *x, *y;
  CHECK(cudaMallocManaged(&x, n * sizeof(float)));
  CHECK(cudaMallocManaged(&y, n * sizeof(float)));
  for (int i = 0; i < n; ++i) {
    x[i] = static_cast<float>(i);
    y[i] = 2.0f;
  }
  cudaMemLocation here = {};
  here.type = cudaMemLocationTypeDevice;
  CHECK(cudaMemPrefetchAsync(x, n * sizeof(float), here, 0));
  saxpy<<<8, 128>>>(n, 3.0f, x, y);
  CHECK(cudaDeviceSynchronize());
  for (int i = 0; i < n; ++i) EXPECT(y[i] == 3.0f * i + 2.0f);
  cudaPointerAttributes attributes;
  CHECK(cudaPointerGetAttributes(&attributes, x));
  EXPECT(attributes.type == cudaMemoryTypeManaged);
  EXPECT(attributes.devicePointer == x && attributes.hostPointer == x);
  CHECK(cudaFree(x));
  CHECK(cudaFree(y));
  return finish();
}
