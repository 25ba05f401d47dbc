// The distribution of repeated measurements.
#pragma once

#include <string>
#include <vector>

#include "picture/svg.h"

namespace drillpress::picture {

struct Samples {
  std::string id, title;
  std::vector<double> values;  ///< in any order
  std::string unit;            ///< "µs"
};

/// A histogram with the median and the quartiles; without samples the picture says that there are none.
Picture render_samples(const Samples& samples);

}  // namespace drillpress::picture
