#include "pipeline/run_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "drill/metrics.h"

namespace drillpress::pipeline {
namespace {

using Values = std::map<std::string, double>;

constexpr double kSectorBytes = 32, kWarpLanes = 32;
constexpr std::string_view kNumberHole = "{}";

bool is_space(char c) {
  return c == ' ' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// A number at the front of the text, with or without commas between groups of three digits; its length in
// bytes, 0 for none.
std::size_t leading_number(std::string_view text, double& value) {
  std::string digits;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') digits += text[at++];
  const auto group_follows = [&] {
    return text.substr(at).size() >= 4 && is_digit(text[at + 1]) && is_digit(text[at + 2]) &&
           is_digit(text[at + 3]) && (text.size() == at + 4 || !is_digit(text[at + 4]));
  };
  while (at < text.size() &&
         (is_digit(text[at]) || (text[at] == ',' && !digits.empty() && group_follows()))) {
    if (text[at] != ',') digits += text[at];
    ++at;
  }
  const std::size_t whole = at, whole_digits = digits.size();
  if (whole_digits == 0 || digits == "-") return 0;
  digits += text.substr(at);  // the fraction and exponent, if any, are from_chars' to find
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return 0;
  return whole + (static_cast<std::size_t>(end - digits.data()) - whole_digits);
}

std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : base::trim(text)) {
    if (is_space(c) && !out.empty() && out.back() == ' ') continue;
    out += is_space(c) ? ' ' : c;
  }
  return out;
}

// Length of the front of the text that a piece of a pattern without `*` fits, or nothing. `value` is what
// its `{}` stands for.
std::optional<std::size_t> fit_piece(std::string_view text, std::string_view piece, double& value) {
  std::size_t at = 0;
  while (!piece.empty()) {
    if (piece.starts_with(kNumberHole)) {
      if (at < text.size() && text[at] == ' ') ++at;  // columns are padded: "(  5)"
      const std::size_t length = leading_number(text.substr(at), value);
      if (length == 0) return std::nullopt;
      at += length;
      piece.remove_prefix(kNumberHole.size());
      continue;
    }
    if (at == text.size() || text[at] != piece[0]) return std::nullopt;
    ++at;
    const bool cuts_word = piece.size() == 1 && is_word(piece[0]) && at < text.size() && is_word(text[at]);
    if (cuts_word) return std::nullopt;  // "stride 1" is not "stride 1000"
    piece.remove_prefix(1);
  }
  return at;
}

// Whether the pattern fits at the front of the text. Each piece behind a `*` is looked for from the left: an
// earlier place leaves more text for the pieces that follow, so nothing is lost by taking it.
bool fits(std::string_view text, std::string_view pattern, double& value) {
  bool anywhere = false;
  for (;;) {
    const std::size_t star = std::min(pattern.find('*'), pattern.size());
    auto length = fit_piece(text, pattern.substr(0, star), value);
    while (!length && anywhere && !text.empty()) {
      text.remove_prefix(1);
      length = fit_piece(text, pattern.substr(0, star), value);
    }
    if (!length) return false;
    text.remove_prefix(*length);
    if (star == pattern.size()) return true;
    pattern.remove_prefix(star + 1);
    anywhere = true;
  }
}

void add_counters(const drill::Counters& counters, const std::string& prefix, Values& values) {
  for (const auto& [name, value] : counters) values[prefix + name] = value;
}

double product(const std::vector<std::uint32_t>& extent) {
  double all = 1;
  for (const std::uint32_t n : extent) all *= n;
  return all;
}

void add_launches(const drill::Record& record, Values& values) {
  if (record.launches.empty()) return;
  std::map<std::string, drill::Counters> by_kernel;
  for (const drill::Launch& launch : record.launches) {
    for (const auto& [name, value] : launch.counters) by_kernel[launch.kernel][name] += value;
  }
  for (auto& [kernel, counters] : by_kernel) {
    drill::add_ratios(counters);
    add_counters(counters, kernel + ".", values);
  }
  const drill::Launch& first = record.launches.front();
  values["launches"] = static_cast<double>(record.launches.size());
  values["grid_blocks"] = product(first.grid);
  values["block_threads"] = product(first.block);
  values["shared_bytes"] = static_cast<double>(first.shared_bytes + first.dynamic_shared_bytes);
}

void add_costs(const drill::Record& record, Values& values) {
  if (record.harness && record.harness->profiled) {
    const drill::ProfiledCost& cost = *record.harness->profiled;
    values["bytes_needed"] = static_cast<double>(cost.bytes_read + cost.bytes_written);
    values["bytes_to_read"] = static_cast<double>(cost.bytes_read);
    values["bytes_to_write"] = static_cast<double>(cost.bytes_written);
    values["operations_needed"] = static_cast<double>(cost.operations);
  }
  const auto metric = [&](const char* name) {
    const auto at = record.metrics.find(name);
    return at == record.metrics.end() ? std::nullopt : std::optional(at->second);
  };
  const auto loads = metric("global_load_sectors"), stores = metric("global_store_sectors");
  if (loads && stores) {
    const double moved = kSectorBytes * (*loads + *stores);
    values["bytes_moved"] = moved;
    if (const auto operations = metric("fp32_operations"); operations && moved > 0)
      values["arithmetic_intensity"] = *operations / moved;
    if (const auto needed = values.find("bytes_needed"); needed != values.end() && needed->second > 0)
      values["bytes_moved_per_byte_needed"] = moved / needed->second;
  }
  if (const auto lanes = metric("active_lanes_per_instruction"))
    values["lane_efficiency"] = *lanes / kWarpLanes;
}

void add_resources(const drill::Record& record, Values& values) {
  const std::string first = record.launches.empty() ? "" : record.launches.front().kernel;
  for (const drill::Resources& r : record.resources) {
    const std::string prefix =
        r.kernel == first ? r.architecture + "." : fmt::format("{}.{}.", r.architecture, r.kernel);
    values[prefix + "registers"] = r.registers;
    values[prefix + "static_shared_bytes"] = static_cast<double>(r.static_shared_bytes);
    values[prefix + "spill_bytes"] = static_cast<double>(r.spill_store_bytes + r.spill_load_bytes);
    if (!r.occupancy || r.occupancy->max_warps == 0) continue;
    values[prefix + "active_warps"] = r.occupancy->active_warps;
    values[prefix + "max_warps"] = r.occupancy->max_warps;
    values[prefix + "resident_blocks"] = r.occupancy->blocks_per_multiprocessor;
    values[prefix + "occupancy"] = static_cast<double>(r.occupancy->active_warps) / r.occupancy->max_warps;
  }
}

void add_verification(const drill::Record& record, Values& values) {
  if (record.harness) values["cases"] = static_cast<double>(record.harness->cases.size());
  if (record.checks.empty()) return;
  values["checks"] = static_cast<double>(record.checks.size());
  values["checks_passed"] = static_cast<double>(std::count_if(
      record.checks.begin(), record.checks.end(), [](const drill::Check& c) { return c.passed; }));
}

// `name=value` anywhere, and `words: value` at the front of a line. A name that stands twice names nothing.
void add_output(std::string_view output, Values& values) {
  Values found;
  std::map<std::string, int> seen;
  const auto add = [&](std::string_view name, std::string_view text) {
    double value = 0;
    while (!text.empty() && is_space(text[0])) text.remove_prefix(1);
    if (name.empty() || leading_number(text, value) == 0) return;
    const std::string key = collapsed(name);
    ++seen[key];
    found[key] = value;
  };
  for (const std::string_view line : base::split_lines(output)) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) add(line.substr(0, colon), line.substr(colon + 1));
    for (std::size_t equals = line.find('='); equals != std::string_view::npos;
         equals = line.find('=', equals + 1)) {
      std::size_t end = equals;
      while (end > 0 && is_space(line[end - 1])) --end;
      std::size_t begin = end;
      while (begin > 0 && (is_word(line[begin - 1]) || line[begin - 1] == '.')) --begin;
      add(line.substr(begin, end - begin), line.substr(equals + 1));
    }
  }
  for (const auto& [name, value] : found) {
    if (seen[name] == 1) values.emplace(name, value);
  }
}

}  // namespace

Values run_values(const drill::Record& record) {
  Values values;
  add_counters(record.metrics, "", values);
  add_launches(record, values);
  add_costs(record, values);
  add_resources(record, values);
  add_verification(record, values);
  if (record.role == drill::Role::kSnippet) add_output(record.output, values);
  return values;
}

const std::vector<MeasuredValue>& measured_values() {
  static const std::vector<MeasuredValue> rows = {
      {"gpu.median_us", "median time of the measured case in microseconds, cold"},
      {"gpu.gigabytes_per_second", "bytes the task needs, over the median time"},
      {"gpu.of_peak", "share of the device's theoretical bandwidth"},
      {"gpu.of_copy", "share of the bandwidth of a device copy in the same run"},
  };
  return rows;
}

bool is_measured_value(std::string_view name) {
  const auto& rows = measured_values();
  constexpr std::string_view kPrefix = "gpu.";
  if (!name.starts_with(kPrefix)) return false;
  const std::string_view last = name.substr(name.rfind('.') + 1), device = name.substr(kPrefix.size());
  if (std::count(device.begin(), device.end(), '.') > 1) return false;
  return std::any_of(rows.begin(), rows.end(),
                     [&](const MeasuredValue& row) { return row.name.substr(kPrefix.size()) == last; });
}

bool is_output_pattern(std::string_view name) {
  return name.find(kNumberHole) != std::string_view::npos;
}

OutputMatch match_output(std::string_view output, std::string_view pattern) {
  const std::string wanted = collapsed(pattern);
  OutputMatch match;
  for (const std::string_view raw : base::split_lines(output)) {
    const std::string line = collapsed(raw);
    for (std::size_t at = 0; at <= line.size(); ++at) {
      if (at > 0 && is_word(line[at - 1]) && at < line.size() && is_word(line[at])) continue;
      double value = 0;
      if (!fits(std::string_view(line).substr(at), wanted, value)) continue;
      ++match.lines;
      match.value = value;
      break;
    }
  }
  if (match.lines != 1) match.value.reset();
  return match;
}

}  // namespace drillpress::pipeline
