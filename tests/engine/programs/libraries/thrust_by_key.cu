// Thrust: sort and reduce of whole ranges, sort_by_key, reduce_by_key, scans by key, unique, partition, set operations, searches
// and fancy iterators.
// nvcc: --extended-lambda
#include <thrust/binary_search.h>
#include <thrust/device_vector.h>
#include <thrust/extrema.h>
#include <thrust/host_vector.h>
#include <thrust/inner_product.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/permutation_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <thrust/iterator/zip_iterator.h>
#include <thrust/partition.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/set_operations.h>
#include <thrust/sort.h>
#include <thrust/unique.h>

#include <algorithm>
#include <map>

#include "program.h"

template <typename T>
std::vector<T> host(const thrust::device_vector<T>& v) {
  std::vector<T> out(v.size());
  thrust::copy(v.begin(), v.end(), out.begin());
  return out;
}

void sort_and_reduce() {
  constexpr int n = 5000;
  std::vector<int> keys(n);
  long long total = 0;
  for (int i = 0; i < n; ++i) total += keys[i] = (i * 7919) % 10007 - 5000;
  thrust::device_vector<int> device(keys.begin(), keys.end());
  EXPECT(thrust::reduce(device.begin(), device.end(), 0ll) == total);
  thrust::sort(device.begin(), device.end());
  std::sort(keys.begin(), keys.end());
  expect_equal("sorted", host(device), keys);
  thrust::sort(device.begin(), device.end(), thrust::greater<int>());
  std::reverse(keys.begin(), keys.end());
  expect_equal("sorted downwards", host(device), keys);
}

int main() {
  sort_and_reduce();
  constexpr int n = 2000;
  std::vector<int> key(n), value(n);
  for (int i = 0; i < n; ++i) key[i] = i * 7919 % 61, value[i] = i % 10;
  std::map<int, int> sums;
  for (int i = 0; i < n; ++i) sums[key[i]] += value[i];

  thrust::device_vector<int> keys(key.begin(), key.end()), values(value.begin(), value.end());
  thrust::stable_sort_by_key(keys.begin(), keys.end(), values.begin());
  std::vector<std::pair<int, int>> pairs(n);
  for (int i = 0; i < n; ++i) pairs[i] = {key[i], value[i]};
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::vector<int> sorted_keys = host(keys), sorted_values = host(values);
  for (int i = 0; i < n; ++i) EXPECT(sorted_keys[i] == pairs[i].first && sorted_values[i] == pairs[i].second);

  thrust::device_vector<int> group(n), total(n);
  const auto ends = thrust::reduce_by_key(keys.begin(), keys.end(), values.begin(), group.begin(), total.begin());
  EXPECT(ends.first - group.begin() == static_cast<long>(sums.size()));
  int at = 0;
  const std::vector<int> groups = host(group), totals = host(total);
  for (const auto& [k, want] : sums) {
    EXPECT(groups[at] == k && totals[at] == want);
    ++at;
  }

  thrust::device_vector<int> running(n);
  thrust::inclusive_scan_by_key(keys.begin(), keys.end(), values.begin(), running.begin());
  int sum = 0;
  const std::vector<int> runs = host(running);
  for (int i = 0; i < n; ++i) {
    sum = (i > 0 && pairs[i].first == pairs[i - 1].first ? sum : 0) + pairs[i].second;
    EXPECT(runs[i] == sum);
  }
  keys.erase(thrust::unique(keys.begin(), keys.end()), keys.end());
  EXPECT(keys.size() == sums.size());

  const auto squares = thrust::make_transform_iterator(thrust::counting_iterator<int>(0), [] __host__ __device__(int i) { return i * i; });
  EXPECT(thrust::reduce(squares, squares + 100) == 328350);  // 99 * 100 * 199 / 6
  EXPECT(thrust::inner_product(values.begin(), values.begin() + 50, squares, 0) == [&] {
    int want = 0;
    for (int i = 0; i < 50; ++i) want += sorted_values[i] * i * i;
    return want;
  }());

  thrust::device_vector<int> a(10), b(10), result(20);
  for (int i = 0; i < 10; ++i) a[i] = 2 * i, b[i] = 3 * i;  // element by element, through references
  result.resize(thrust::set_intersection(a.begin(), a.end(), b.begin(), b.end(), result.begin()) - result.begin());
  EXPECT(host(result) == (std::vector<int>{0, 6, 12, 18}));
  result.resize(20);
  result.resize(thrust::set_union(a.begin(), a.end(), b.begin(), b.end(), result.begin()) - result.begin());
  EXPECT(result.size() == 16 && result.back() == 27);

  thrust::device_vector<int> order(4);
  order[0] = 9, order[1] = 0, order[2] = 4, order[3] = 4;
  const auto permuted = thrust::make_permutation_iterator(b.begin(), order.begin());
  EXPECT(thrust::reduce(permuted, permuted + 4) == 27 + 0 + 12 + 12);
  const auto zipped = thrust::make_zip_iterator(thrust::make_tuple(a.begin(), b.begin()));
  const int dot = thrust::transform_reduce(
      zipped, zipped + 10, [] __host__ __device__(thrust::tuple<int, int> t) { return thrust::get<0>(t) * thrust::get<1>(t); }, 0,
      thrust::plus<int>());
  EXPECT(dot == 6 * 285);
  const auto middle = thrust::stable_partition(values.begin(), values.end(), [] __host__ __device__(int v) { return v < 3; });
  EXPECT(middle - values.begin() == n * 3 / 10);
  thrust::device_vector<int> wanted(3), found(3);
  wanted[0] = -1, wanted[1] = 7, wanted[2] = 18;
  thrust::lower_bound(a.begin(), a.end(), wanted.begin(), wanted.end(), found.begin());
  EXPECT(host(found) == (std::vector<int>{0, 4, 9}));
  const auto extremes = thrust::minmax_element(sorted_values.begin(), sorted_values.end());
  EXPECT(*extremes.first == 0 && *extremes.second == 9);
  EXPECT(thrust::max_element(b.begin(), b.end()) - b.begin() == 9);
  return finish();
}
