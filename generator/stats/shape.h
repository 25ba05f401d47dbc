// What a series of samples looks like beyond its middle: whether it has two modes, whether it drifts.
#pragma once

#include <vector>

namespace drillpress::stats {

/// True when the samples gather around two values that differ by at least 1 % of the median.
///
/// The folding test of unimodality (Siffer, Fouque, Termier and Largouët, "Are your data gathered?", KDD
/// 2018): folding a distribution at a suitable pivot brings two modes on top of each other and so shrinks the
/// variance more than it does for one mode. The statistic 4 Var|X - pivot| / Var X is 1 for the uniform
/// distribution, which is the boundary case; it is below 1 - 2.53 / sqrt(n) in 1 % of uniform series of n
/// samples (simulated, n = 20 to 5,000). Two more conditions keep stragglers from counting as a mode: the
/// largest and smallest 1 % are left out, and either mode must hold a tenth of the samples.
bool is_bimodal(const std::vector<double>& samples);

/// True when the second half of the series, in the order of measuring, differs from the first: by at least
/// 1 % of the median, and beyond chance at the 0.1 % level in the test of Cox and Stuart ("Some Quick Sign
/// Tests for Trend in Location and Dispersion", Biometrika 42, 1955), which counts the signs of the
/// differences between a sample and the one half a series later.
bool drifts(const std::vector<double>& in_order);

}  // namespace drillpress::stats
