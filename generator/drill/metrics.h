// Counters of the profiled launches, summed, and the ratios that explain them.
#pragma once

#include "drill/engine_report.h"
#include "drill/record.h"

namespace drillpress::drill {

/// A metric that is one counter divided by another, e.g. sectors per request; absent when the divisor is 0.
struct Ratio {
  std::string_view name, numerator, denominator;
};
const std::vector<Ratio>& all_ratios();

/// Every ratio whose counters are there and whose divisor is not 0.
void add_ratios(Counters& counters);

/// Fills metrics, launches, lines and launch_count from what the engine reported.
void summarise_launches(const EngineReport& report, Record& record);

bool holds(double actual, Comparison comparison, double expected);

}  // namespace drillpress::drill
