// Device records as JSON and back. Every member is written, so that a reader need not know defaults.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/hash.h"
#include "drill/device_read.h"
#include "drill/names.h"

namespace drillpress::drill {
namespace {

constexpr std::string_view kSchema = "device-1";
constexpr double kSameNumber = 1e-9;  // relative: processors may add in another order

std::string checksum_of(Json json) {
  json.erase("checksum");
  return base::content_hash(own_text(json));
}

std::vector<std::string> texts_of(const Json& object, const char* name) {
  std::vector<std::string> out;
  for (const Json& item : items_of(object, name))
    out.push_back(item.is_string() ? item.get<std::string>() : "");
  return out;
}

std::uint32_t small_count(const Json& object, const char* name) {
  return static_cast<std::uint32_t>(count_of(object, name));
}

Json to_json(const std::vector<Component>& inputs) {
  Json out = Json::object();
  for (const Component& component : inputs) out[component.name] = component.hash;
  return out;
}
std::vector<Component> read_inputs(const Json& object) {
  std::vector<Component> out;
  const Json& inputs = member(object, "inputs");
  if (!inputs.is_object()) return out;
  for (const auto& [name, hash] : inputs.items())
    out.push_back({name, hash.is_string() ? hash.get<std::string>() : std::string()});
  return out;
}

Json to_json(const Device& d) {
  return {{"capability", d.capability},
          {"driver", d.driver},
          {"ecc", d.ecc},
          {"host_cpu", d.host_cpu},
          {"l2_bytes", d.l2_bytes},
          {"memory_bus_bits", d.memory_bus_bits},
          {"memory_bytes", d.memory_bytes},
          {"memory_clock_khz", d.memory_clock_khz},
          {"multiprocessors", d.multiprocessors},
          {"name", d.name},
          {"nvml", d.nvml},
          {"runtime", d.runtime},
          {"sm_clock_khz", d.sm_clock_khz}};
}

Json to_json(const Workload& w) {
  return {{"arithmetic", name_in(kArithmetics, w.arithmetic)},
          {"bytes_read", w.bytes_read},
          {"bytes_written", w.bytes_written},
          {"case", w.case_name},
          {"operations", w.operations},
          {"seed", w.seed},
          {"working_set_bytes", w.working_set_bytes}};
}

Json to_json(const ClockReadings& c) {
  return {{"least_celsius", c.least_celsius},      {"least_sm_mhz", c.least_sm_mhz},
          {"most_celsius", c.most_celsius},        {"most_sm_mhz", c.most_sm_mhz},
          {"other_reasons", c.other_reasons},      {"readings", c.readings},
          {"throttle_reasons", c.throttle_reasons}};
}

Json to_json(const stats::Summary& s) {
  Json statements = Json::array();
  for (const stats::Statement statement : s.statements) statements.push_back(stats::name_of(statement));
  Json interval = nullptr;
  if (s.median_interval) interval = {s.median_interval->low, s.median_interval->high};
  return {{"first_quartile", s.first_quartile},
          {"max", s.max},
          {"mean", s.mean},
          {"median", s.median},
          {"median_interval", interval},
          {"min", s.min},
          {"n", s.n},
          {"relative_standard_error", s.relative_standard_error},
          {"standard_deviation", s.standard_deviation},
          {"statements", statements},
          {"third_quartile", s.third_quartile}};
}

// One string, because a line for each of thousands of numbers helps nobody.
std::string samples_text(const std::vector<double>& samples) {
  return fmt::format("{}", fmt::join(samples, " "));
}
std::optional<std::vector<double>> parse_samples(std::string_view text) {
  std::vector<double> out;
  while (!text.empty()) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return std::nullopt;
    out.push_back(value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(' ') && text.size() > 1) text.remove_prefix(1);
  }
  return out;
}

Json to_json(const SampleSeries& s) {
  return {{"clocks", to_json(s.clocks)},
          {"cold", s.cold},
          {"samples_ns", samples_text(s.samples_ns)},
          {"stopped", s.stopped},
          {"summary_ns", to_json(s.summary)}};
}

Json to_json(const Contestant& c) {
  Json series = Json::array();
  for (const SampleSeries& s : c.series) series.push_back(to_json(s));
  return {{"baseline", c.baseline},
          {"inputs", to_json(c.inputs)},
          {"name", c.name},
          {"problem", c.problem},
          {"series", series}};
}

Json to_json(const HardwareRun& r) {
  Json tools = Json::array();
  for (const ToolResult& t : r.tools)
    tools.push_back({{"detail", t.detail}, {"outcome", name_in(kToolOutcomes, t.outcome)}, {"tool", t.tool}});
  return {{"cases", r.cases}, {"caught_by", r.caught_by},    {"detail", r.detail},
          {"id", r.id},       {"inputs", to_json(r.inputs)}, {"passed", r.passed},
          {"tools", tools}};
}

Json record_json(const DeviceRecord& r) {
  Json runs = Json::array(), measurement = nullptr;
  for (const HardwareRun& run : r.runs) runs.push_back(to_json(run));
  if (r.measurement) {
    Json contestants = Json::array();
    for (const Contestant& c : r.measurement->contestants) contestants.push_back(to_json(c));
    measurement = {{"contestants", contestants}, {"workload", to_json(r.measurement->workload)}};
  }
  return {{"clean", r.clean},           {"date", r.date},
          {"device", r.slug},           {"drill", r.drill},
          {"facts", to_json(r.device)}, {"measurement", measurement},
          {"revision", r.revision},     {"runs", runs},
          {"sanitizer", r.sanitizer},   {"schema", kSchema},
          {"toolkit", r.toolkit}};
}

// True when they say the same; numbers within rounding.
bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) {
    const double x = a.get<double>(), y = b.get<double>();
    return std::abs(x - y) <= kSameNumber * std::max(std::abs(x), std::abs(y));
  }
  if (a.is_structured() && a.type() == b.type() && a.size() == b.size()) {
    if (a.is_array()) return std::equal(a.begin(), a.end(), b.begin(), same);
    return std::all_of(a.items().begin(), a.items().end(), [&](const auto& item) {
      return b.contains(item.key()) && same(item.value(), b[item.key()]);
    });
  }
  return a == b;
}

// Reads the text once it is known to be a record; throws DeviceRecordFault.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  DeviceRecord read(const Json& json) const {
    DeviceRecord r{text_of(json, "drill"),
                   text_of(json, "device"),
                   text_of(json, "date"),
                   text_of(json, "revision"),
                   flag_of(json, "clean"),
                   text_of(json, "toolkit"),
                   text_of(json, "sanitizer"),
                   {},
                   {},
                   {}};
    r.device = read_device(member(json, "facts"));
    for (const Json& item : items_of(json, "runs")) r.runs.push_back(read_run(item));
    const Json& measurement = member(json, "measurement");
    if (measurement.is_object()) r.measurement = read_measurement(measurement, r.device);
    return r;
  }

  // The first place of some text after another: faults point there.
  DeviceRecordFault fault(std::string message, std::string_view after, std::string_view what) const {
    const std::size_t from = text_.find(after);
    const std::size_t at = from == std::string_view::npos ? from : text_.find(what, from);
    if (at == std::string_view::npos) return {std::move(message), 0, 0};
    return {std::move(message), at, at + what.size()};
  }

 private:
  static HardwareRun read_run(const Json& json) {
    HardwareRun run{text_of(json, "id"),
                    read_inputs(json),
                    flag_of(json, "passed"),
                    texts_of(json, "caught_by"),
                    count_of(json, "cases"),
                    text_of(json, "detail"),
                    {}};
    for (const Json& t : items_of(json, "tools"))
      run.tools.push_back({text_of(t, "tool"),
                           find_in(kToolOutcomes, text_of(t, "outcome")).value_or(ToolOutcome::kNotRun),
                           text_of(t, "detail")});
    return run;
  }

  Measurement read_measurement(const Json& json, const Device& device) const {
    Measurement out;
    const Json& w = member(json, "workload");
    const auto arithmetic = find_in(kArithmetics, text_of(w, "arithmetic"));
    if (!arithmetic) throw fault("its arithmetic is unknown", "\"workload\"", "\"arithmetic\"");
    out.workload = {text_of(w, "case"),        *arithmetic,
                    count_of(w, "bytes_read"), count_of(w, "bytes_written"),
                    count_of(w, "operations"), count_of(w, "working_set_bytes"),
                    count_of(w, "seed")};
    for (const Json& item : items_of(json, "contestants")) {
      Contestant c{
          text_of(item, "name"), flag_of(item, "baseline"), text_of(item, "problem"), read_inputs(item), {}};
      for (const Json& series : items_of(item, "series"))
        c.series.push_back(read_series(series, c.name, out.workload, device));
      out.contestants.push_back(std::move(c));
    }
    return out;
  }

  SampleSeries read_series(const Json& json, const std::string& name, const Workload& workload,
                           const Device& device) const {
    SampleSeries s;
    s.cold = flag_of(json, "cold");
    s.stopped = text_of(json, "stopped");
    s.clocks = read_clocks(member(json, "clocks"));
    const std::string where = fmt::format("\"samples_ns\": \"{}", text_of(json, "samples_ns").substr(0, 100));
    const std::string series = fmt::format("the {} samples of {}", s.cold ? "cold" : "hot", name);
    const auto samples = parse_samples(text_of(json, "samples_ns"));
    if (!samples) throw fault(series + " are no numbers", where, "\"samples_ns\"");
    s.samples_ns = *samples;
    const auto summary = summary_of(s, workload, device);
    if (!summary.ok())
      throw fault(fmt::format("{} are unusable: {}", series, summary.error()), where, "\"samples_ns\"");
    s.summary = summary.value();
    const Json& written = member(json, "summary_ns");
    const Json derived = to_json(s.summary);
    for (const auto& [key, value] : derived.items()) {
      if (same(value, member(written, key.c_str()))) continue;
      throw fault(fmt::format("{} give `{}` = {}, not {}", series, key, value.dump(),
                              member(written, key.c_str()).dump()),
                  where, fmt::format("\"{}\"", key));
    }
    return s;
  }

  std::string_view text_;
};

}  // namespace

Device read_device(const Json& j) {
  Device d;
  d.name = text_of(j, "name");
  d.capability = text_of(j, "capability");
  d.driver = text_of(j, "driver");
  d.host_cpu = text_of(j, "host_cpu");
  d.runtime = small_count(j, "runtime");
  d.multiprocessors = small_count(j, "multiprocessors");
  d.l2_bytes = count_of(j, "l2_bytes");
  d.memory_bytes = count_of(j, "memory_bytes");
  d.sm_clock_khz = count_of(j, "sm_clock_khz");
  d.memory_clock_khz = count_of(j, "memory_clock_khz");
  d.memory_bus_bits = small_count(j, "memory_bus_bits");
  d.ecc = flag_of(j, "ecc");
  d.nvml = flag_of(j, "nvml");
  return d;
}

ClockReadings read_clocks(const Json& j) {
  return {small_count(j, "readings"),      small_count(j, "least_sm_mhz"), small_count(j, "most_sm_mhz"),
          small_count(j, "least_celsius"), small_count(j, "most_celsius"), texts_of(j, "throttle_reasons"),
          texts_of(j, "other_reasons")};
}

std::string render_device_record(const DeviceRecord& record) {
  Json json = record_json(record);
  json["checksum"] = checksum_of(json);
  return own_text(json);
}

std::optional<DeviceRecord> parse_device_record(std::string_view text, DeviceRecordFault& fault) {
  const Reader reader(text);
  JsonFault unread;
  const auto parsed = parse_json(text, unread);
  if (!parsed) {
    fault = {unread.message, unread.offset, std::min(unread.offset + 1, text.size())};
    return std::nullopt;
  }
  const Json& json = *parsed;
  if (const std::string schema = text_of(json, "schema"); schema != kSchema) {
    fault = reader.fault(fmt::format("it has schema `{}`, not `{}`", schema, kSchema), "",
                         fmt::format("\"schema\": \"{}\"", schema));
    return std::nullopt;
  }
  if (text_of(json, "checksum") != checksum_of(json)) {
    fault = reader.fault("its checksum does not match its content: it was edited", "", "\"checksum\"");
    return std::nullopt;
  }
  try {
    DeviceRecord record = reader.read(json);
    Json read = record_json(record);
    read["checksum"] = member(json, "checksum");
    if (const std::string name = differing_member(json, read, same); !name.empty()) {
      throw reader.fault(fmt::format("its member `{}` is missing, unknown or out of range", name),
                         fmt::format("\n  \"{}\"", name), fmt::format("\"{}\"", name));
    }
    if (const auto rewritten = find_rewriting(text, json))
      throw DeviceRecordFault{rewritten->message, rewritten->offset,
                              std::min(rewritten->offset + 1, text.size())};
    return record;
  } catch (DeviceRecordFault& found) {
    fault = std::move(found);
    return std::nullopt;
  }
}

}  // namespace drillpress::drill
