/// What a measurement leaves: raw samples in the order they were taken, for `drillpress records import` to
/// judge.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "measured.h"
#include "nvml.h"
#include "report.h"
#include "rules.h"

namespace drill {

struct MeasureReport {
  struct Contestant {
    std::string name, kind, problem;
  };
  struct Series {
    std::string contestant;
    bool cold = true;
    SampleRow row;
    Clocks clocks;
  };
  std::string drill, case_name;
  Arithmetic arithmetic = Arithmetic::cuda_cores;
  std::uint64_t seed = 0;
  std::string device;  ///< JSON of render_device
  Cost cost;
  std::size_t working_set_bytes = 0;
  std::vector<Contestant> contestants;
  std::vector<Series> series;
};

inline std::string render(const Clocks& clocks) {
  return json::Object()
      .add("least_celsius", json::integer(clocks.least_celsius))
      .add("least_sm_mhz", json::integer(clocks.least_sm_mhz))
      .add("most_celsius", json::integer(clocks.most_celsius))
      .add("most_sm_mhz", json::integer(clocks.most_sm_mhz))
      .add("other_reasons", json::array(clocks.reason_names(false), json::string))
      .add("readings", json::integer(clocks.readings))
      .add("throttle_reasons", json::array(clocks.reason_names(true), json::string))
      .text();
}

inline std::string render(const MeasureReport::Series& series) {
  return json::Object()
      .add("clocks", render(series.clocks))
      .add("cold", json::boolean(series.cold))
      .add("contestant", json::string(series.contestant))
      .add("samples_ns", json::array(series.row.samples_ns, json::number))
      .add("stopped", json::string(name_of(series.row.stop())))
      .text();
}

/// One line of JSON.
inline std::string render(const MeasureReport& report) {
  const auto contestant = [](const MeasureReport::Contestant& one) {
    return json::Object()
        .add("kind", json::string(one.kind))
        .add("name", json::string(one.name))
        .add("problem", json::string(one.problem))
        .text();
  };
  const bool tensor = report.arithmetic == Arithmetic::tensor_cores;
  return json::Object()
             .add("arithmetic", json::string(tensor ? "tensor_cores" : "cuda_cores"))
             .add("bytes_read", json::integer(report.cost.bytes_read))
             .add("bytes_written", json::integer(report.cost.bytes_written))
             .add("case", json::string(report.case_name))
             .add("contestants", json::array(report.contestants, contestant))
             .add("device", report.device)
             .add("drill", json::string(report.drill))
             .add("operations", json::integer(report.cost.operations))
             .add("schema", "1")
             .add("seed", json::integer(report.seed))
             .add("series",
                  json::array(report.series, [](const MeasureReport::Series& s) { return render(s); }))
             .add("working_set_bytes", json::integer(report.working_set_bytes))
             .text() +
         "\n";
}

/// For people: the median of each series. What it is worth, the import says.
inline std::string render_summary(const MeasureReport& report) {
  std::string text = report.drill + " " + report.case_name + "\n";
  for (const MeasureReport::Series& series : report.series) {
    std::vector<double> sorted = series.row.samples_ns;
    std::sort(sorted.begin(), sorted.end());
    text += "  " + series.contestant + (series.cold ? " cold: " : " hot: ") +
            render_number(sorted[sorted.size() / 2] / 1e3, false) + " us, " + std::to_string(sorted.size()) +
            " samples, stopped by " + name_of(series.row.stop()) + "\n";
  }
  return text;
}

}  // namespace drill
