#include "stats/shape.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "stats/order.h"

namespace drillpress::stats {
namespace {

constexpr std::size_t kLeastForShape = 20;  // fewer samples say nothing about modes
constexpr double kFoldingMargin = 2.53;     // see is_bimodal
constexpr double kTrimmed = 0.01;           // at either end
constexpr double kLeastShareOfMode = 0.1;
constexpr double kRelevant = 0.01;  // of the median: a smaller difference changes no conclusion
constexpr double kTrendLevel = 0.001;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size());
}

}  // namespace

bool is_bimodal(const std::vector<double>& samples) {
  if (samples.size() < kLeastForShape) return false;
  std::vector<double> sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  const double middle = quantile(sorted, 0.5);
  const auto trimmed = static_cast<std::ptrdiff_t>(kTrimmed * static_cast<double>(sorted.size()));
  // Centred on the median: the pivot needs squares, and those of large values would cancel.
  std::vector<double> x(sorted.begin() + trimmed, sorted.end() - trimmed), squares;
  for (double& value : x) {
    value -= middle;
    squares.push_back(value * value);
  }
  const double variance = variance_of(x);
  if (!(variance > 0)) return false;
  const double mean = mean_of(x), mean_square = mean_of(squares);
  double covariance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) covariance += (x[i] - mean) * (squares[i] - mean_square);
  const double pivot = covariance / static_cast<double>(x.size()) / (2 * variance);

  std::vector<double> folded, below, above;
  for (const double value : x) {
    folded.push_back(std::abs(value - pivot));
    (value < pivot ? below : above).push_back(value);
  }
  const auto n = static_cast<double>(x.size());
  if (4 * variance_of(folded) / variance >= 1 - kFoldingMargin / std::sqrt(n)) return false;
  const auto fewest = static_cast<double>(std::min(below.size(), above.size()));
  if (fewest < kLeastShareOfMode * n) return false;
  return median(above) - median(below) >= kRelevant * middle;
}

bool drifts(const std::vector<double>& in_order) {
  const std::size_t half = in_order.size() / 2, second = in_order.size() - half;
  std::size_t up = 0, down = 0;
  for (std::size_t i = 0; i < half; ++i) {
    up += in_order[second + i] > in_order[i];
    down += in_order[second + i] < in_order[i];
  }
  if (up + down == 0 || 2 * binomial_half_tail(up + down, std::min(up, down)) > kTrendLevel) return false;
  const auto begin = in_order.begin();
  const auto half_offset = static_cast<std::ptrdiff_t>(half),
             second_offset = static_cast<std::ptrdiff_t>(second);
  const double before = median({begin, begin + half_offset}),
               after = median({begin + second_offset, in_order.end()});
  return std::abs(after - before) >= kRelevant * median(in_order);
}

}  // namespace drillpress::stats
