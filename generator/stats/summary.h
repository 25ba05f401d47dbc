// From raw timings to what may be said about them. Pure: the same samples give the same summary everywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace drillpress::stats {

/// Rules of measuring; drills/recorder/rules.h has the same numbers, and a test compares them.
inline constexpr std::size_t kLeastSamples = 10;
inline constexpr double kLeastTotalNs = 0.5e9;         ///< device time of a series
inline constexpr double kTargetRelativeError = 0.005;  ///< standard error of the mean over the mean
inline constexpr double kLeastRankedNs = 50e3;  ///< below, the cost of launching is no longer small beside it
inline constexpr double kLeastWorkingSets = 4;  ///< of the L2 cache, for a claim about memory bandwidth

/// What was true while the samples were taken.
struct Conditions {
  double floor_ns = 0;  ///< no correct run can be faster: bytes over peak bandwidth, operations over peak
                        ///< rate; 0: not known
  double working_set_bytes = 0, l2_bytes = 0;  ///< 0: not known, and then there is no claim about bandwidth
  std::vector<std::string> throttle_reasons;   ///< that lowered the clock; names are NVML's
};

/// What the samples are worth. The first four each forbid a comparison.
enum class Statement {
  kBelowFloor,        ///< faster than physics allows: something was not done, or not timed
  kTooFew,            ///< fewer than ten samples or less than half a second
  kThrottled,         ///< the clock was lowered, or the times drifted
  kBimodal,           ///< two kinds of runs: no single number describes them
  kTimeLimit,         ///< measured to the time limit without reaching the wanted precision
  kStable,            ///< none of the above
  kNotRanked,         ///< under 50 µs
  kNoBandwidthClaim,  ///< working set under four times the L2 cache
};
std::string_view name_of(Statement statement);  ///< "below_floor": in records
std::string_view text_of(Statement statement);  ///< for people

struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// All times in nanoseconds.
struct Summary {
  std::size_t n = 0;
  double min = 0, first_quartile = 0, median = 0, third_quartile = 0, max = 0;
  double mean = 0, standard_deviation = 0;  ///< of the sample (n - 1); 0 for one
  double relative_standard_error = 0;       ///< of the mean
  std::optional<Interval> median_interval;  ///< 95 %; nothing below six samples
  std::vector<Statement> statements;        ///< in the order of the enumeration; never empty
  bool operator==(const Summary&) const = default;

  bool says(Statement statement) const;
  /// May be compared with others: nothing is wrong with the series and it is not too short.
  bool ranked() const;
};

/// `in_order`: nanoseconds in the order of measuring. Fails when there are none, or one is no positive finite
/// number: then the clock or the file is broken, and no statistic mends that.
base::Result<Summary> summarise(const std::vector<double>& in_order, const Conditions& conditions);

/// True when `a` took less time than `b` beyond doubt: both may be ranked and their intervals do not touch.
bool is_faster(const Summary& a, const Summary& b);

}  // namespace drillpress::stats
