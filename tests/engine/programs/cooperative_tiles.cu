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

// Tiles of several warps keep their barriers and sums in the part of shared memory that the system reserves.
__global__ void wide_tiles(int* sums, int* others) {
  const auto tile = cg::tiled_partition<64>(cg::this_thread_block());
  sums[threadIdx.x] = cg::reduce(tile, static_cast<int>(threadIdx.x), cg::plus<int>());
  tile.sync();
  others[threadIdx.x] = tile.shfl(static_cast<int>(threadIdx.x), 40) + 1000 * tile.any(threadIdx.x == 70);
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

  std::vector<int> wide_sums(128), wide_others(128);
  for (int i = 0; i < 128; ++i) {
    wide_sums[i] = i < 64 ? 63 * 32 : 63 * 32 + 64 * 64;  // 0 + … + 63, and 64 more for each of the second tile
    wide_others[i] = i < 64 ? 40 : 1104;
  }
  Buffer<int> dw(128), dother(128);
  wide_tiles<<<1, 128>>>(dw.get(), dother.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("sums of two warps", dw.host(), wide_sums);
  expect_equal("shuffles between warps", dother.host(), wide_others);
  return finish();
}
