#include <thrust/device_vector.h>
#include <thrust/reduce.h>
#include <thrust/sort.h>

#include <algorithm>

#include "program.h"

int main() {
  const int n = 5000;
  std::vector<int> keys(n);
  long long total = 0;
  for (int i = 0; i < n; ++i) total += keys[i] = (i * 7919) % 10007 - 5000;
  thrust::device_vector<int> device(keys.begin(), keys.end());
  EXPECT(thrust::reduce(device.begin(), device.end(), 0ll) == total);
  thrust::sort(device.begin(), device.end());
  std::sort(keys.begin(), keys.end());
  std::vector<int> sorted(n);
  thrust::copy(device.begin(), device.end(), sorted.begin());
  expect_equal("sorted", sorted, keys);
  thrust::sort(device.begin(), device.end(), thrust::greater<int>());
  thrust::copy(device.begin(), device.end(), sorted.begin());
  std::reverse(keys.begin(), keys.end());
  expect_equal("sorted downwards", sorted, keys);
  return finish();
}
