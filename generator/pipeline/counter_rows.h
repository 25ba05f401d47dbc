// The engine's counters as readers see them: names, units, explanations, groups: one declarative table.
#pragma once

#include <string_view>
#include <vector>

namespace drillpress::pipeline {

/// One metric of a record (drill::Record::metrics).
struct CounterRow {
  std::string_view metric;
  std::string_view group;
  std::string_view label;
  std::string_view unit;
  std::string_view explain;
  bool headline = false;  ///< shown beside the code, and as bars across the rungs where the rungs differ
  bool fewer_is_better = true;
};

/// In the order of display.
const std::vector<CounterRow>& counter_rows();
/// The row of a metric, or null for one the table does not name (it is then left out of pages).
const CounterRow* find_counter_row(std::string_view metric);

}  // namespace drillpress::pipeline
