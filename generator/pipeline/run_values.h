// What a run says in numbers: every value of a record by the name that prose cites it under.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drill/record.h"

namespace drillpress::pipeline {

/// Named values of a record:
/// - counters of the profiled launches and the ratios derived from them ("global_load_sectors");
/// - the same of one kernel ("sum_blocks.global_load_sectors");
/// - shape of the launches ("launches", "grid_blocks", "block_threads", "shared_bytes");
/// - what the task needs at least ("bytes_needed") and what follows from it ("bytes_moved");
/// - what ptxas says of the first profiled kernel ("sm_90.registers", "sm_90.occupancy"; of the others
///   "sm_90.sum_partials.registers");
/// - verification ("cases", "checks", "checks_passed");
/// - `name=value` and `name: value` of the output's lines.
std::map<std::string, double> run_values(const drill::Record& record);

/// A value that only a GPU can supply.
struct MeasuredValue {
  std::string_view name, meaning;
};
/// Names that prose may cite before there is a measurement: it then says "not yet measured". Each may name
/// its device: "gpu.h200.median_us".
const std::vector<MeasuredValue>& measured_values();
bool is_measured_value(std::string_view name);

/// A number in the output, by a pattern of its line: `{}` stands for the number, `*` for any text, any run of
/// spaces for any other; the pattern begins at a word, and has to fit exactly one line.
struct OutputMatch {
  std::optional<double> value;  ///< set when exactly one line fits
  std::size_t lines = 0;        ///< that fit
};
bool is_output_pattern(std::string_view name);
OutputMatch match_output(std::string_view output, std::string_view pattern);

}  // namespace drillpress::pipeline
