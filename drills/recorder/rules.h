/// The rules of measuring: how long a series of samples goes on, and in which order series take turns. No
/// CUDA here, so that tests can run them against a made-up clock.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "random.h"

namespace drill {

inline constexpr int kWarmUps = 10;               ///< runs of each contestant that are not timed
inline constexpr std::size_t kLeastSamples = 10;  ///< of a series
inline constexpr double kLeastTotalNs = 0.5e9;    ///< device time of a series
inline constexpr double kRelativeError = 0.005;   ///< wanted standard error of the mean, over the mean
inline constexpr double kMostSeconds = 15;  ///< that the turns of one series may take, flushing included
inline constexpr std::size_t kMostSamples =
    10000;  ///< half a second of the shortest kernel that is ranked (50 µs)
inline constexpr std::size_t kFlushOverL2 =
    2;  ///< bytes written before a cold sample, over the size of the L2

enum class Stop { no, precision, time, samples };

inline const char* name_of(Stop stop) {
  constexpr const char* kNames[] = {"no", "precision", "time", "samples"};
  return kNames[static_cast<int>(stop)];
}

/// Samples as they come in, with running mean and variance (Welford, "Note on a Method for Calculating
/// Corrected Sums of Squares and Products", Technometrics 4, 1962).
class SampleRow {
 public:
  /// `turn_seconds`: wall time of the turn that gave the sample.
  void add(double sample_ns, double turn_seconds) {
    samples_ns.push_back(sample_ns);
    seconds_ += turn_seconds;
    total_ns_ += sample_ns;
    const double delta = sample_ns - mean_;
    mean_ += delta / static_cast<double>(samples_ns.size());
    squares_ += delta * (sample_ns - mean_);
  }

  double relative_error() const {
    const auto n = static_cast<double>(samples_ns.size());
    return n < 2 ? INFINITY : std::sqrt(squares_ / (n - 1) / n) / mean_;
  }

  Stop stop() const {
    const bool enough = samples_ns.size() >= kLeastSamples && total_ns_ >= kLeastTotalNs;
    if (enough && relative_error() <= kRelativeError) return Stop::precision;
    if (samples_ns.size() >= kMostSamples) return Stop::samples;
    return seconds_ >= kMostSeconds ? Stop::time : Stop::no;
  }

  std::vector<double> samples_ns;  ///< in the order of measuring

 private:
  double seconds_ = 0, total_ns_ = 0, mean_ = 0, squares_ = 0;
};

/// Fisher and Yates' shuffle; the same seed gives the same order.
template <class T>
void shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

/// Lets every series take one sample a round, in a new random order each round, until each has stopped. A
/// series that has stopped takes no more turns. `take(series)` takes one sample; `after_round()` is called
/// once a round.
template <class Series, class Take, class AfterRound>
void take_turns(std::vector<Series*> active, Random& random, Take take, AfterRound after_round) {
  while (!active.empty()) {
    shuffle(active, random);
    for (Series* series : active) take(*series);
    after_round();
    const auto done = [](const Series* series) { return series->row.stop() != Stop::no; };
    active.erase(std::remove_if(active.begin(), active.end(), done), active.end());
  }
}

}  // namespace drill
