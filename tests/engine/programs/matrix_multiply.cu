#include "program.h"

constexpr int kTile = 16;

__global__ void multiply(const float* a, const float* b, float* c, int n) {
  __shared__ float ta[kTile][kTile], tb[kTile][kTile];
  const int row = blockIdx.y * kTile + threadIdx.y, column = blockIdx.x * kTile + threadIdx.x;
  float sum = 0;
  for (int t = 0; t < (n + kTile - 1) / kTile; ++t) {
    const int ax = t * kTile + threadIdx.x, by = t * kTile + threadIdx.y;
    ta[threadIdx.y][threadIdx.x] = row < n && ax < n ? a[row * n + ax] : 0.0f;
    tb[threadIdx.y][threadIdx.x] = by < n && column < n ? b[by * n + column] : 0.0f;
    __syncthreads();
#pragma unroll
    for (int k = 0; k < kTile; ++k) sum += ta[threadIdx.y][k] * tb[k][threadIdx.x];
    __syncthreads();
  }
  if (row < n && column < n) c[row * n + column] = sum;
}

int main() {
  const int n = 100;
  std::vector<float> a(n * n), b(n * n), want(n * n);
  for (int i = 0; i < n * n; ++i) {
    a[i] = static_cast<float>(i % 7 - 3);
    b[i] = static_cast<float>(i % 5 - 2);  // small integers: every sum is exact
  }
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < n; ++k) {
      for (int j = 0; j < n; ++j) want[i * n + j] += a[i * n + k] * b[k * n + j];
    }
  }
  Buffer<float> da(a), db(b), dc(n * n);
  multiply<<<dim3(7, 7), dim3(kTile, kTile)>>>(da.get(), db.get(), dc.get(), n);
  CHECK(cudaDeviceSynchronize());
  expect_equal("c", dc.host(), want);
  return finish();
}
