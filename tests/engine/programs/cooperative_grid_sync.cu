#include <cooperative_groups.h>

#include "program.h"

namespace cg = cooperative_groups;

__global__ void relax(float* a, float* b, int n, int rounds) {
  const cg::grid_group grid = cg::this_grid();
  for (int round = 0; round < rounds; ++round) {
    for (int i = grid.thread_rank(); i < n; i += grid.size()) {
      b[i] = 0.5f * (a[i > 0 ? i - 1 : n - 1] + a[i + 1 < n ? i + 1 : 0]);
    }
    grid.sync();
    float* swap = a;
    a = b;
    b = swap;
  }
}

int main() {
  int n = 1000, rounds = 6, blocks = 0;
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, relax, 128, 0));
  EXPECT(blocks >= 1);
  std::vector<float> a(n), b(n);
  for (int i = 0; i < n; ++i) a[i] = static_cast<float>((i * 31) % 64);
  Buffer<float> da(a), db(n);
  float *pa = da.get(), *pb = db.get();
  void* arguments[] = {&pa, &pb, &n, &rounds};
  CHECK(cudaLaunchCooperativeKernel(relax, dim3(7), dim3(128), arguments));
  CHECK(cudaDeviceSynchronize());
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < n; ++i) b[i] = 0.5f * (a[i > 0 ? i - 1 : n - 1] + a[i + 1 < n ? i + 1 : 0]);
    a.swap(b);
  }
  expect_equal("a", da.host(), a);
  EXPECT(cudaLaunchCooperativeKernel(relax, dim3(100000), dim3(128), arguments) ==
         cudaErrorCooperativeLaunchTooLarge);
  return finish();
}
