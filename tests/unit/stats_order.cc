// Quantiles, binomial tails and the ranks of the median's interval, against values worked out by hand.
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "stats/order.h"
#include "stats/shape.h"

using namespace drillpress::stats;

TEST_CASE("quantiles interpolate between order statistics") {
  const std::vector<double> sorted = {1, 2, 4, 8};
  CHECK(quantile(sorted, 0) == 1);
  CHECK(quantile(sorted, 1) == 8);
  CHECK(quantile(sorted, 0.5) == 3);
  CHECK(quantile(sorted, 0.25) == 1.75);
  CHECK(quantile({5}, 0.3) == 5);
  CHECK(median({9, 1, 5}) == 5);
}

TEST_CASE("binomial tails are sums of binomial coefficients") {
  CHECK(binomial_half_tail(5, 0) == Approx(1.0 / 32));
  CHECK(binomial_half_tail(10, 2) == Approx((1.0 + 10 + 45) / 1024));
  CHECK(binomial_half_tail(10, 10) == Approx(1));
  CHECK(binomial_half_tail(10, 99) == Approx(1));
  CHECK(binomial_half_tail(100000, 50000) == Approx(0.5).margin(0.01));
}

TEST_CASE("the median's interval takes the ranks of the binomial") {
  // n, then the 1-based rank k of the lower end: the largest with P(X <= k - 1) <= 0.025.
  struct Row {
    std::size_t n, k;
  };
  // 2^-6 = 0.0156; 9/256 > 0.025 >= 1/256; (1 + 10)/1024; (1 + 20 + 190 + 1140 + 4845)/2^20 = 0.0059, with
  // 15504 0.0207
  for (const Row row : {Row{6, 1}, {7, 1}, {8, 1}, {9, 2}, {10, 2}, {20, 6}, {50, 18}, {100, 40}}) {
    CAPTURE(row.n);
    const auto ranks = median_interval_ranks(row.n);
    REQUIRE(ranks);
    CHECK(ranks->first == row.k - 1);
    CHECK(ranks->second == row.n - row.k);
    CHECK(binomial_half_tail(row.n, row.k - 1) <= 0.025);
    CHECK(binomial_half_tail(row.n, row.k) > 0.025);
  }
  for (const std::size_t n : {0, 1, 2, 3, 4, 5}) CHECK_FALSE(median_interval_ranks(n));
}

TEST_CASE("the interval covers the median as often as it says, for a skewed distribution too") {
  std::mt19937_64 bits{3};
  int covered = 0;
  constexpr int kSeries = 2000;
  for (int s = 0; s < kSeries; ++s) {
    std::vector<double> samples(41);
    for (double& x : samples) x = -std::log(1 - static_cast<double>(bits() >> 11) * 0x1p-53);
    std::sort(samples.begin(), samples.end());
    const auto ranks = median_interval_ranks(samples.size());
    covered += samples[ranks->first] <= std::log(2.0) && std::log(2.0) <= samples[ranks->second];
  }
  CHECK(covered > 0.94 * kSeries);
  CHECK(covered < 0.99 * kSeries);
}

TEST_CASE("a uniform series is called bimodal about as rarely as the test's level says") {
  std::mt19937_64 bits{4};
  int called = 0;
  for (int s = 0; s < 2000; ++s) {
    std::vector<double> samples(200);
    for (double& x : samples) x = 1 + 0.1 * static_cast<double>(bits() >> 11) * 0x1p-53;
    called += is_bimodal(samples);
  }
  CHECK(called < 40);
  CHECK(called > 2);
}

TEST_CASE("a series that repeats one value neither drifts nor has modes") {
  const std::vector<double> same(100, 5.0);
  CHECK_FALSE(is_bimodal(same));
  CHECK_FALSE(drifts(same));
  CHECK_FALSE(is_bimodal({}));
  CHECK_FALSE(drifts({}));
  CHECK_FALSE(drifts({1}));
  CHECK_FALSE(drifts({1, 2}));
}
