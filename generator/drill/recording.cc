#include "drill/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "drill/device_inputs.h"
#include "drill/device_read.h"
#include "drill/harness_report.h"
#include "drill/names.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::uint64_t kMaxReportBytes = 256u << 20;
constexpr std::string_view kEngineName = "Drillpress lockstep engine";  // as drills/recorder/device_facts.h
constexpr std::string_view kEngineSlug = "lockstep";                    // its records have that name
constexpr int kFindingsStatus = 86;                                     // as drills/recorder/CMakeLists.txt
constexpr std::string_view kTools[] = {"initcheck", "memcheck", "racecheck", "synccheck"};

std::string text_of_file(const std::string& path) {
  auto text = system::read_file(path, kMaxReportBytes);
  return text.ok() ? std::move(text).value() : std::string();
}

// How a step of the recorder ended: the status, or why there is none.
struct Ending {
  bool present = false;
  std::string ended;  // "exit", "timeout", "signal", "missing"
  std::int64_t status = -1;
  bool good() const { return ended == "exit" && status == 0; }
};

Ending read_ending(const std::string& path) {
  const Json json = Json::parse(text_of_file(path), nullptr, false);
  if (!json.is_object()) return {};
  return {true, text_of(json, "ended"), member(json, "status").is_number() ? integer_of(json, "status") : -1};
}

// The last line of a run that came to its end: "drill transpose: 21 cases passed".
bool has_end_marker(std::string_view output, const std::string& drill) {
  for (const std::string_view line : base::split_lines(output))
    if (line.starts_with("drill " + drill + ": ") && line.ends_with(" passed")) return true;
  return false;
}

// "2026-11-21"
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(at, length)) value = c >= '0' && c <= '9' ? 10 * value + c - '0' : 1000;
    return value;
  };
  return number(0, 4) < 10000 && number(5, 2) >= 1 && number(5, 2) <= 12 && number(8, 2) >= 1 &&
         number(8, 2) <= 31;
}

// "drills/transpose/rungs/naive.cu": where the recorder left the program's reports.
std::string reports_of(const Recording& recording, const std::string& path) {
  return recording.folder + "/runs" + path.substr(path.find('/'), path.size() - path.find('/') - 3);
}

void take_harness(const std::string& text, HardwareRun& run) {
  const auto report = parse_harness_report(text);
  if (!report.ok()) {
    run.caught_by.push_back("exit");
    run.detail = report.error();
    return;
  }
  run.cases = report.value().evidence.cases.size();
  for (const HarnessCase& one : report.value().evidence.cases) {
    for (const HarnessFailure& failure : one.failures) {
      if (run.detail.empty()) run.detail = describe(failure, one.name);
      if (std::find(run.caught_by.begin(), run.caught_by.end(), failure.check) == run.caught_by.end())
        run.caught_by.push_back(failure.check);
    }
  }
  if (!report.value().passed && run.caught_by.empty()) run.caught_by.push_back("unfinished");
}

// The tool ends with kFindingsStatus when it found something. Without that, a program that says nothing of
// its end did not run: on some machines the tool refuses the device.
ToolResult tool_result(std::string tool, const Ending& ending, std::string_view output,
                       const std::string& drill) {
  const auto lines = base::split_lines(output);
  const bool ended = std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
    return line.starts_with("drill " + drill + ": ");
  });
  if (ending.good() && has_end_marker(output, drill)) return {std::move(tool), ToolOutcome::kClean, ""};
  const bool found = ending.ended == "exit" && (ending.status == kFindingsStatus || ended);
  std::string detail = ending.ended == "exit" ? fmt::format("status {}", ending.status) : ending.ended;
  return {std::move(tool), found ? ToolOutcome::kFindings : ToolOutcome::kNotRun, std::move(detail)};
}

HardwareRun read_run(const Recording& recording, const std::string& id, const std::string& drill,
                     const std::string& folder) {
  HardwareRun run;
  run.id = id;
  const Ending compiled = read_ending(folder + "/compile.json"), ended = read_ending(folder + "/run.json");
  if (!compiled.good()) {
    run.caught_by = {"compile"};
    run.detail = "it was not compiled";
    return run;
  }
  if (ended.ended == "timeout" || ended.ended == "signal") {
    run.caught_by = {ended.ended == "timeout" ? "timeout" : "crash"};
    run.detail = ended.ended == "timeout" ? "it did not end in time" : "a signal ended it";
    return run;
  }
  take_harness(text_of_file(folder + "/harness.json"), run);
  const bool at_end = has_end_marker(text_of_file(folder + "/run.out"), drill);
  if (run.caught_by.empty() && (!ended.good() || !at_end)) {
    run.caught_by = {"exit"};
    run.detail = at_end ? fmt::format("it ended with status {}", ended.status) : "it did not come to its end";
  }
  run.passed = run.caught_by.empty();
  if (recording.sanitizer.empty()) return run;
  for (const std::string_view tool : kTools) {
    const std::string report = fmt::format("{}/{}", folder, tool);
    const Ending checked = read_ending(report + ".json");
    if (!checked.present) continue;
    run.tools.push_back(tool_result(std::string(tool), checked, text_of_file(report + ".out"), drill));
  }
  return run;
}

// Raw samples of one drill and the device they are from.
struct Samples {
  Device device;
  Measurement measurement;
};

base::Result<Samples> read_samples(const std::string& path) {
  const Json json = Json::parse(text_of_file(path), nullptr, false);
  if (!json.is_object() || count_of(json, "schema") != 1) return base::Failure{"there are no samples"};
  Samples out;
  out.device = read_device(member(json, "device"));
  if (out.device.name.empty() || out.device.name.starts_with(kEngineName))
    return base::Failure{"they are from no GPU"};
  const auto arithmetic = find_in(kArithmetics, text_of(json, "arithmetic"));
  if (!arithmetic) return base::Failure{"their arithmetic is unknown"};
  Workload& workload = out.measurement.workload;
  workload = {text_of(json, "case"),        *arithmetic,
              count_of(json, "bytes_read"), count_of(json, "bytes_written"),
              count_of(json, "operations"), count_of(json, "working_set_bytes"),
              count_of(json, "seed")};
  for (const Json& item : items_of(json, "contestants"))
    out.measurement.contestants.push_back(
        {text_of(item, "name"), text_of(item, "kind") == "baseline", text_of(item, "problem"), {}, {}});
  for (const Json& item : items_of(json, "series")) {
    SampleSeries series;
    series.cold = flag_of(item, "cold");
    for (const Json& sample : items_of(item, "samples_ns"))
      series.samples_ns.push_back(sample.is_number() ? sample.get<double>() : 0);
    series.stopped = text_of(item, "stopped");
    series.clocks = read_clocks(member(item, "clocks"));
    const auto summary = summary_of(series, workload, out.device);
    const std::string name = text_of(item, "contestant");
    if (!summary.ok())
      return base::Failure{fmt::format("those of {} are unusable: {}", name, summary.error())};
    series.summary = summary.value();
    for (Contestant& contestant : out.measurement.contestants)
      if (contestant.name == name) contestant.series.push_back(series);
  }
  auto& contestants = out.measurement.contestants;
  std::sort(contestants.begin(), contestants.end(), [](const Contestant& a, const Contestant& b) {
    return std::pair(a.baseline, a.name) < std::pair(b.baseline, b.name);
  });
  return out;
}

class Import {
 public:
  Import(const Recording& recording, const std::string& root, diagnostics::Sink& sink)
      : recording_(recording), tree_(root), carried_(recording.folder + "/sources"), sink_(sink) {}

  // Nothing when the drill is not in the recording or not to be believed.
  std::optional<DeviceRecord> record(const std::string& drill, const std::vector<const Program*>& programs,
                                     const std::string& slug) {
    const std::string samples_path = fmt::format("{}/measured/{}.samples.json", recording_.folder, drill);
    if (!system::exists(recording_.folder + "/runs/" + drill)) return std::nullopt;
    drill_ = drill;
    good_ = true;
    DeviceRecord out;
    out.drill = drill;
    out.date = recording_.date;
    out.revision = recording_.revision;
    out.clean = recording_.clean;
    out.toolkit = recording_.toolkit;
    out.sanitizer = recording_.sanitizer;
    auto samples = read_samples(samples_path);
    if (!samples.ok()) {
      refuse(fmt::format("drills/{}/drill.md", drill),
             fmt::format("the recording has no measurement of {}: {}", drill, samples.error()),
             "read measured/*.err in the recording, and record again");
      return std::nullopt;
    }
    out.device = samples.value().device;
    out.slug = slug.empty() ? slug_of(out.device.name) : slug;
    if (out.slug != base::slugify(out.slug) || out.slug == kEngineSlug) {
      refuse(fmt::format("drills/{}/drill.md", drill),
             fmt::format("`{}` cannot be the name of a device's records", out.slug),
             "give lower-case words joined by hyphens, such as `--device h200`");
      return std::nullopt;
    }
    for (const Program* program : programs) out.runs.push_back(run(*program));
    std::sort(out.runs.begin(), out.runs.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    out.measurement = std::move(samples.value().measurement);
    for (Contestant& contestant : out.measurement->contestants) add_inputs(contestant);
    if (!good_) return std::nullopt;
    return out;
  }

 private:
  static std::string slug_of(const std::string& name) {
    const std::string_view maker = "NVIDIA ";
    return base::slugify(name.starts_with(maker) ? name.substr(maker.size()) : name);
  }

  void refuse(const std::string& path, std::string message, std::string help) {
    good_ = false;
    if (!said_.emplace(path, message).second) return;  // a rung is both a program and a contestant
    sink_.report({Code::kImportRefused,
                  Severity::kError,
                  {base::make_source(path, ""), 0, 0},
                  std::move(message),
                  {},
                  std::move(help)});
  }

  void same_sources(const std::string& path, const std::vector<Component>& carried,
                    const std::vector<Component>& now) {
    const auto changed = differing(carried, now);
    if (changed.empty()) return;
    refuse(path, fmt::format("this is not what was recorded; changed: {}", fmt::join(changed, ", ")),
           "record again, or go back to the sources that were recorded");
  }

  HardwareRun run(const Program& program) {
    const std::string& path = program.source->path();
    HardwareRun run = read_run(recording_, program.id, drill_, reports_of(recording_, path));
    run.inputs = hardware_inputs(path, carried_);
    same_sources(path, run.inputs, hardware_inputs(path, tree_));
    const bool wrong_on_purpose = program.role != Role::kRung;
    if (!wrong_on_purpose && !run.passed)
      refuse(path, fmt::format("{} failed on the device: {}", program.id, run.detail),
             "make it right there, too");
    for (const ToolResult& tool : run.tools) {
      if (!wrong_on_purpose && tool.outcome == ToolOutcome::kFindings)
        refuse(path,
               fmt::format("{} is not clean on the device under {}: {}", program.id, tool.tool, tool.detail),
               "read what the tool said in the recording");
    }
    return run;
  }

  // The device's own copy has no source.
  void add_inputs(Contestant& contestant) {
    if (contestant.name == "device-copy") return;
    const std::string path = fmt::format("drills/{}/{}/{}.cu", drill_,
                                         contestant.baseline ? "baselines" : "rungs", contestant.name);
    contestant.inputs = measured_inputs(path, carried_);
    same_sources(path, contestant.inputs, measured_inputs(path, tree_));
    if (!contestant.problem.empty() && !contestant.baseline)
      refuse(path, fmt::format("{} was wrong when it was timed, {}", contestant.name, contestant.problem),
             "make it right at this size, too");
  }

  const Recording& recording_;
  SourceFiles tree_, carried_;
  diagnostics::Sink& sink_;
  std::string drill_;
  bool good_ = true;
  std::set<std::pair<std::string, std::string>> said_;
};

}  // namespace

base::Result<Recording> open_recording(const std::string& folder) {
  const Json json = Json::parse(text_of_file(folder + "/recorder.json"), nullptr, false);
  if (!json.is_object())
    return base::Failure{fmt::format("`{}` is no recording: it has no recorder.json", folder)};
  if (count_of(json, "schema") != 1)
    return base::Failure{fmt::format("the recording has schema {}, not 1", count_of(json, "schema"))};
  if (flag_of(json, "dry_run"))
    return base::Failure{"the recording has no device: it was made with DRY_RUN, on the lockstep engine"};
  if (!is_date(text_of(json, "date"))) return base::Failure{"the recording has no date"};
  return Recording{folder,
                   text_of(json, "date"),
                   text_of(json, "revision"),
                   text_of(json, "toolkit"),
                   text_of(json, "sanitizer"),
                   flag_of(json, "clean")};
}

std::vector<DeviceRecord> records_of(const Recording& recording, const std::vector<Program>& programs,
                                     const std::string& root, const std::string& slug,
                                     diagnostics::Sink& sink) {
  std::map<std::string, std::vector<const Program*>> by_drill;
  for (const Program& program : programs) {
    if (program.role == Role::kSnippet) continue;
    by_drill[program.id.substr(0, program.id.find('/'))].push_back(&program);
  }
  Import import(recording, root, sink);
  std::vector<DeviceRecord> records;
  for (const auto& [drill, its_programs] : by_drill)
    if (auto record = import.record(drill, its_programs, slug)) records.push_back(*std::move(record));
  return records;
}

std::string device_record_path(const DeviceRecord& record) {
  return fmt::format("drills/{}/records/{}.json", record.drill, record.slug);
}

}  // namespace drillpress::drill
