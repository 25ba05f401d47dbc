#include <cub/cub.cuh>

#include <algorithm>

#include "program.h"

template <typename Call>
void with_storage(Call call) {
  std::size_t bytes = 0;
  CHECK(call(nullptr, bytes));
  Buffer<char> storage(std::max<std::size_t>(bytes, 1));
  CHECK(call(storage.get(), bytes));
  CHECK(cudaDeviceSynchronize());
}

int main() {
  const int n = 3000;
  std::vector<unsigned> in(n), scanned(n), sorted;
  unsigned running = 0;
  for (int i = 0; i < n; ++i) {
    in[i] = (i * 2654435761u) >> 20;
    scanned[i] = running += in[i];
  }
  sorted = in;
  std::sort(sorted.begin(), sorted.end());
  Buffer<unsigned> din(in), dout(n), dsum(1);
  with_storage([&](void* s, std::size_t& b) { return cub::DeviceReduce::Sum(s, b, din.get(), dsum.get(), n); });
  expect_equal("sum", dsum.host(), {running});
  with_storage([&](void* s, std::size_t& b) { return cub::DeviceScan::InclusiveSum(s, b, din.get(), dout.get(), n); });
  expect_equal("scan", dout.host(), scanned);
  with_storage([&](void* s, std::size_t& b) { return cub::DeviceRadixSort::SortKeys(s, b, din.get(), dout.get(), n); });
  expect_equal("sort", dout.host(), sorted);
  return finish();
}
