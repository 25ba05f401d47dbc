#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>

#include "program.h"

template <int kThreads, int kItems>
__global__ void block_sums(const int* in, int* sums, int* scans) {
  using Reduce = cub::BlockReduce<int, kThreads>;
  using Scan = cub::BlockScan<int, kThreads>;
  __shared__ union {
    typename Reduce::TempStorage reduce;
    typename Scan::TempStorage scan;
  } storage;
  int items[kItems];
  const int base = (blockIdx.x * kThreads + threadIdx.x) * kItems;
  for (int k = 0; k < kItems; ++k) items[k] = in[base + k];
  const int sum = Reduce(storage.reduce).Sum(items);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
  __syncthreads();
  Scan(storage.scan).InclusiveSum(items, items);
  for (int k = 0; k < kItems; ++k) scans[base + k] = items[k];
}

int main() {
  constexpr int kThreads = 128, kItems = 3, kBlocks = 4, n = kThreads * kItems * kBlocks;
  std::vector<int> in(n), sums(kBlocks), scans(n);
  for (int i = 0; i < n; ++i) {
    in[i] = (i * 13) % 29 - 10;
    const int block = i / (kThreads * kItems);
    scans[i] = (i % (kThreads * kItems) ? scans[i - 1] : 0) + in[i];
    sums[block] += in[i];
  }
  Buffer<int> din(in), dsums(kBlocks), dscans(n);
  block_sums<kThreads, kItems><<<kBlocks, kThreads>>>(din.get(), dsums.get(), dscans.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("sums", dsums.host(), sums);
  expect_equal("scans", dscans.host(), scans);
  return finish();
}
