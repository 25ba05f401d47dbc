#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

#include "program.h"

namespace cg = cooperative_groups;

__global__ void sums(const int* in, int* eights, int* blocks) {
  const cg::thread_block block = cg::this_thread_block();
  const auto tile = cg::tiled_partition<8>(block);
  const int value = in[blockIdx.x * blockDim.x + threadIdx.x];
  int sum = value;
  for (int offset = tile.size() / 2; offset > 0; offset /= 2) sum += tile.shfl_down(sum, offset);
  if (tile.thread_rank() == 0) eights[(blockIdx.x * blockDim.x + threadIdx.x) / 8] = sum;

  __shared__ int partial[32];
  const auto warp = cg::tiled_partition<32>(block);
  const int warp_sum = cg::reduce(warp, value, cg::plus<int>());
  if (warp.thread_rank() == 0) partial[warp.meta_group_rank()] = warp_sum;
  block.sync();
  if (block.thread_rank() == 0) {
    int total = 0;
    for (unsigned i = 0; i < warp.meta_group_size(); ++i) total += partial[i];
    blocks[blockIdx.x] = total;
  }
}

int main() {
  const int threads = 96, grid = 5, n = threads * grid;
  std::vector<int> in(n), eights(n / 8), blocks(grid);
  for (int i = 0; i < n; ++i) {
    in[i] = (i * 37) % 101 - 50;
    eights[i / 8] += in[i];
    blocks[i / threads] += in[i];
  }
  Buffer<int> din(in), de(eights.size()), db(grid);
  sums<<<grid, threads>>>(din.get(), de.get(), db.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("sums of eight", de.host(), eights);
  expect_equal("block sums", db.host(), blocks);
  return finish();
}
