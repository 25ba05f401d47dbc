#include "program.h"

__global__ void vector_add(const float* a, const float* b, float* c, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}

int main() {
  for (const int n : {1, 31, 32, 33, 1023, 100003}) {
    std::vector<float> a(n), b(n), want(n);
    for (int i = 0; i < n; ++i) {
      a[i] = 0.5f * i;
      b[i] = 1.0f - i;
      want[i] = a[i] + b[i];
    }
    Buffer<float> da(a), db(b), dc(n);
    vector_add<<<(n + 255) / 256, 256>>>(da.get(), db.get(), dc.get(), n);
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
    expect_equal("c", dc.host(), want);
  }
  return finish();
}
