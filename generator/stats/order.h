// Order statistics: quantiles and the interval of a median that assumes no distribution.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace drillpress::stats {

/// Quantile by linear interpolation between order statistics (Hyndman and Fan, "Sample Quantiles in
/// Statistical Packages", The American Statistician 50, 1996, type 7). `sorted` is not empty; `share` is in
/// [0, 1].
double quantile(const std::vector<double>& sorted, double share);

/// Median of values in any order; not empty.
double median(std::vector<double> values);

/// P(X <= k) of a binomial X with n trials and probability 1/2.
double binomial_half_tail(std::size_t n, std::size_t k);

/// 0-based indices of the two order statistics that enclose the median with a probability of at least 95 %:
/// the number of samples below the median is binomial with probability 1/2, whatever the distribution (David
/// and Nagaraja, Order Statistics, 3rd edition, section 7.1). Nothing below six samples: the range of five
/// covers the median in 93.75 % only.
std::optional<std::pair<std::size_t, std::size_t>> median_interval_ranks(std::size_t n);

}  // namespace drillpress::stats
