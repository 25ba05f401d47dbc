#include "drill/metrics.h"

#include <map>
#include <tuple>

namespace drillpress::drill {

const std::vector<Ratio>& all_ratios() {
  static const std::vector<Ratio> table = {
      {"active_lanes_per_instruction", "lane_instructions", "warp_instructions"},
      {"global_load_sectors_per_request", "global_load_sectors", "global_load_requests"},
      {"global_store_sectors_per_request", "global_store_sectors", "global_store_requests"},
      {"atomic_passes_per_request", "atomic_passes", "atomics"},
      {"shared_load_wavefronts_per_request", "shared_load_wavefronts", "shared_load_requests"},
      {"shared_store_wavefronts_per_request", "shared_store_wavefronts", "shared_store_requests"},
  };
  return table;
}

void add_ratios(Counters& counters) {
  for (const Ratio& ratio : all_ratios()) {
    const auto above = counters.find(std::string(ratio.numerator));
    const auto below = counters.find(std::string(ratio.denominator));
    if (above == counters.end() || below == counters.end() || below->second == 0) continue;
    counters[std::string(ratio.name)] = above->second / below->second;
  }
}

void summarise_launches(const EngineReport& report, Record& record) {
  std::map<std::tuple<std::string, std::uint32_t>, Counters> lines;
  record.launch_count = report.launches.size();
  for (const EngineLaunch& launch : report.launches) {
    if (!launch.profiled) continue;
    record.launches.push_back(launch.launch);
    for (const auto& [name, value] : launch.launch.counters) record.metrics[name] += value;
    for (const LineCounters& line : launch.lines) {
      for (const auto& [name, value] : line.counters)
        lines[{line.place.file, line.place.line}][name] += value;
    }
  }
  add_ratios(record.metrics);
  for (auto& [place, counters] : lines) {
    add_ratios(counters);
    record.lines.push_back({{std::get<0>(place), std::get<1>(place)}, std::move(counters)});
  }
}

bool holds(double actual, Comparison comparison, double expected) {
  switch (comparison) {
    case Comparison::kEqual:
      return actual == expected;
    case Comparison::kLess:
      return actual < expected;
    case Comparison::kAtMost:
      return actual <= expected;
    case Comparison::kGreater:
      return actual > expected;
    case Comparison::kAtLeast:
      return actual >= expected;
  }
  return false;
}

}  // namespace drillpress::drill
