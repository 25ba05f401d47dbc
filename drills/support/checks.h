/// The harness's checks by name, and how a run leaves one out to show what it is needed for.
#pragma once

#include <cstddef>
#include <string_view>

namespace drill {

struct CheckRow {
  std::string_view name;
  std::string_view what;  ///< holds when the check passes, or is done for the others' sake
};

/// The first six are names of failures. The others fail under no name of their own: they are what the six are
/// looked at under, and without them a wrong solution may pass all six.
inline constexpr CheckRow kChecks[] = {
    {"value", "every output element is within its tolerance of the reference"},
    {"redzone", "no byte before or after a buffer changes"},
    {"inputs", "no input changes"},
    {"rerun", "the bare run repeats every bit of the outputs"},
    {"launch", "neither the launch nor the kernel returns a CUDA error"},
    {"zeros", "the tolerance does not accept an output of zeros"},
    {"poison", "outputs and scratch do not hold zeros before a run"},
    {"fresh", "a second run on other data"},
    {"bare", "a third run in allocations that end where the data ends"},
    {"sizes", "cases of other sizes than the profiled one's"},
    {"distributions", "cases whose data are not uniform"},
    {"placements", "cases whose buffers are not aligned"},
};
inline constexpr std::size_t kCheckCount = sizeof kChecks / sizeof *kChecks;

/// The checks that a run leaves out. A run without one proves nothing, and says so: in its report, in its
/// last line and by its exit status.
class Without {
 public:
  /// False when there is no such check.
  bool add(std::string_view name) {
    for (std::size_t i = 0; i < kCheckCount; ++i)
      if (kChecks[i].name == name) return left_out_[i] = true;
    return false;
  }
  bool operator()(std::string_view name) const {
    for (std::size_t i = 0; i < kCheckCount; ++i)
      if (kChecks[i].name == name) return left_out_[i];
    return false;
  }
  bool any() const {
    for (const bool one : left_out_)
      if (one) return true;
    return false;
  }

 private:
  bool left_out_[kCheckCount] = {};
};

}  // namespace drill
