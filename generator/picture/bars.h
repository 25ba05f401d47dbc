// Horizontal bars with their values: ladders, limits, shares, ranges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "picture/svg.h"

namespace drillpress::picture {

struct Bar {
  std::string label;
  std::optional<double> value;               ///< none: `text` says why, and there is no bar
  std::string text = {};                     ///< the value for people
  std::optional<double> low = {};            ///< the bar begins here instead of at 0
  std::optional<double> from = {}, to = {};  ///< an interval, drawn as a whisker
  bool strong = false;                       ///< stands out: the best, the limit
  std::string note = {};                     ///< for the table: evidence, reason
  std::optional<double> first = {};          ///< of a sum: the part that comes first, drawn as if strong
};

struct BarGroup {
  std::string heading;  ///< may be empty
  std::vector<Bar> bars;
  std::optional<double> mark = {};  ///< a dashed line across the bars, e.g. the least possible
  std::string mark_label = {};
};

struct BarChart {
  std::string id, title;
  std::string label_column = "Item", value_column = "Value", note_column = {};
  std::vector<BarGroup> groups;
  std::string caption = {};
};

/// Each group has its own scale, from 0 to its largest value. Values below 0 are drawn as 0.
Picture render_bars(const BarChart& chart);

}  // namespace drillpress::picture
