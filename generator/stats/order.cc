#include "stats/order.h"

#include <algorithm>
#include <cmath>

namespace drillpress::stats {
namespace {

constexpr double kTail = 0.025;  // on either side of a 95 % interval

// log C(n, k) - n log 2
double log_probability(std::size_t n, std::size_t k) {
  const auto log_factorial = [](std::size_t i) { return std::lgamma(static_cast<double>(i) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k) - static_cast<double>(n) * std::log(2.0);
}

}  // namespace

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

double binomial_half_tail(std::size_t n, std::size_t k) {
  double sum = 0;
  for (std::size_t i = 0; i <= std::min(n, k); ++i) sum += std::exp(log_probability(n, i));
  return std::min(sum, 1.0);
}

std::optional<std::pair<std::size_t, std::size_t>> median_interval_ranks(std::size_t n) {
  // The k-th and the k-th last sample miss the median when at most k - 1 samples lie on one side of it.
  std::size_t k = 0;
  double tail = 0;
  while (2 * (k + 1) <= n) {
    tail += std::exp(log_probability(n, k));
    if (tail > kTail) break;
    ++k;
  }
  if (k == 0) return std::nullopt;
  return std::pair{k - 1, n - k};
}

}  // namespace drillpress::stats
