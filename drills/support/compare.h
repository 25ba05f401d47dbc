/// The comparator: decides, element by element, whether an output is right.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace drill {

inline constexpr double kFloatRoundoff = 0x1p-24;  ///< unit roundoff u of float32, round to nearest

/// What one output element must be: a float64 reference and the largest allowed |actual - value|.
struct Expected {
  double value = 0;
  double tolerance = 0;
};

/// One output element as it came back; `poisoned` when it still holds the pattern laid down before the run.
struct Actual {
  double value = 0;
  bool poisoned = false;
};

/// A NaN agrees only with a NaN that the kernel wrote, an infinity only with the same infinity. The last
/// line is false for a NaN, which `difference > tolerance` would have let through.
inline bool agrees(const Actual& actual, const Expected& expected) {
  if (std::isnan(expected.value)) return std::isnan(actual.value) && !actual.poisoned;
  if (std::isinf(expected.value)) return actual.value == expected.value;
  return std::abs(actual.value - expected.value) <= expected.tolerance;
}

struct Comparison {
  std::size_t mismatches = 0;
  std::size_t first = 0;  ///< index of the first mismatch, when there is one
  double max_error = 0;   ///< largest finite |actual - expected|
  double tolerance = 0;   ///< the tolerance of the element with that error
};

/// Compares every element; `actual(i)` yields the i-th element as an `Actual`.
template <class ReadActual>
Comparison compare(const std::vector<Expected>& expected, ReadActual actual) {
  Comparison result;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Actual element = actual(i);
    if (!agrees(element, expected[i]) && result.mismatches++ == 0) result.first = i;
    const double error = std::abs(element.value - expected[i].value);
    if (std::isfinite(error) && error >= result.max_error) {
      // Among equal errors (often 0) keep the widest tolerance: it is the one that describes the case.
      if (error > result.max_error || expected[i].tolerance > result.tolerance)
        result.tolerance = expected[i].tolerance;
      result.max_error = error;
    }
  }
  return result;
}

}  // namespace drill
