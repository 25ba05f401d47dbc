// CUB: radix sorts of whole keys, of bit ranges and of descending pairs, sums, scans, selection, histograms, segmented sums,
// run lengths. One program, since reading the headers is most of its compilation.
#include <cub/device/device_histogram.cuh>
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_reduce.cuh>
#include <cub/device/device_run_length_encode.cuh>
#include <cub/device/device_scan.cuh>
#include <cub/device/device_segmented_reduce.cuh>
#include <cub/device/device_select.cuh>

#include <algorithm>
#include <numeric>

#include "program.h"

/// The two calls that every device-wide algorithm needs.
template <typename Call>
void with_storage(Call call) {
  std::size_t bytes = 0;
  CHECK(call(nullptr, bytes));
  Buffer<char> storage(bytes + 1);
  CHECK(call(storage.get(), bytes));
  CHECK(cudaDeviceSynchronize());
}

struct Even {
  __device__ bool operator()(int x) const { return x % 2 == 0; }
};

int main() {
  constexpr int n = 3000;
  std::vector<unsigned> key(n);
  std::vector<int> value(n), in(n);
  unsigned state = 1;
  for (int i = 0; i < n; ++i) key[i] = (state = state * 1103515245u + 12345u) >> 8, value[i] = i, in[i] = static_cast<int>(key[i] % 7) - 3;
  Buffer<unsigned> d_key(key), sorted(n);
  Buffer<int> d_value(value), moved(n), d_in(in), out(n), one(2);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceRadixSort::SortPairsDescending(storage, bytes, d_key.get(), sorted.get(), d_value.get(), moved.get(), n);
  });
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key[a] > key[b]; });
  expect_equal("descending pairs", moved.host(), order);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceRadixSort::SortKeys(storage, bytes, d_key.get(), sorted.get(), n, 4, 12);
  });
  std::vector<unsigned> by_bits = key;
  std::stable_sort(by_bits.begin(), by_bits.end(), [](unsigned a, unsigned b) { return (a >> 4 & 255) < (b >> 4 & 255); });
  expect_equal("by bits 4 to 11", sorted.host(), by_bits);

  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceRadixSort::SortKeys(storage, bytes, d_key.get(), sorted.get(), n);
  });
  std::sort(by_bits.begin(), by_bits.end());
  expect_equal("whole keys", sorted.host(), by_bits);

  Buffer<unsigned> sum(1), running(n);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceReduce::Sum(storage, bytes, d_key.get(), sum.get(), n);
  });
  expect_equal("sum", sum.host(), {std::accumulate(key.begin(), key.end(), 0u)});
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceScan::InclusiveSum(storage, bytes, d_key.get(), running.get(), n);
  });
  std::vector<unsigned> wrapped(n);
  std::partial_sum(key.begin(), key.end(), wrapped.begin());
  expect_equal("running sum that wraps", running.host(), wrapped);

  std::vector<int> scanned(n);
  std::partial_sum(in.begin(), in.end(), scanned.begin());
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceScan::InclusiveSum(storage, bytes, d_in.get(), out.get(), n);
  });
  expect_equal("inclusive sum", out.host(), scanned);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceSelect::If(storage, bytes, d_in.get(), out.get(), one.get(), n, Even());
  });
  std::vector<int> evens;
  std::copy_if(in.begin(), in.end(), std::back_inserter(evens), [](int x) { return x % 2 == 0; });
  EXPECT(one.host()[0] == static_cast<int>(evens.size()));
  expect_equal("selected", out.host(), evens);

  std::vector<float> samples(n);
  for (int i = 0; i < n; ++i) samples[i] = static_cast<float>(in[i]) + 0.5f;
  std::vector<int> bins(8), counted(7);
  for (int i = 0; i < n; ++i) ++counted[in[i] + 3];
  Buffer<float> d_samples(samples);
  Buffer<int> histogram(7);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceHistogram::HistogramEven(storage, bytes, d_samples.get(), histogram.get(), 8, -3.f, 4.f, n);
  });
  expect_equal("histogram", histogram.host(), counted);

  const std::vector<int> offsets = {0, 1, 1, 500, 2999, 3000};
  Buffer<int> d_offsets(offsets), sums(5);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceSegmentedReduce::Sum(storage, bytes, d_in.get(), sums.get(), 5, d_offsets.get(), d_offsets.get() + 1);
  });
  std::vector<int> want(5);
  for (int s = 0; s < 5; ++s) want[s] = std::accumulate(in.begin() + offsets[s], in.begin() + offsets[s + 1], 0);
  expect_equal("segments", sums.host(), want);

  std::vector<int> repeated;
  for (int i = 0; i < 100; ++i) repeated.insert(repeated.end(), 1 + i * 7 % 40, i % 3);
  Buffer<int> d_repeated(repeated), unique(100), lengths(100);
  with_storage([&](void* storage, std::size_t& bytes) {
    return cub::DeviceRunLengthEncode::Encode(storage, bytes, d_repeated.get(), unique.get(), lengths.get(), one.get(),
                                              static_cast<int>(repeated.size()));
  });
  EXPECT(one.host()[0] == 100);
  for (int i = 0; i < 100; ++i) EXPECT(unique.host()[i] == i % 3 && lengths.host()[i] == 1 + i * 7 % 40);
  return finish();
}
