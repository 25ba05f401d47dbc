#include "pipeline/device_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "drill/device_inputs.h"
#include "drill/recording.h"
#include "system/files.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;

constexpr std::uint64_t kMaxRecordBytes = 64u << 20;
constexpr std::string_view kEngineRecord = "lockstep.json";
constexpr const char* kHelp = "restore it from version control, or import the recording again";

std::string contestant_file(const std::string& drill, const drill::Contestant& contestant) {
  return fmt::format("drills/{}/{}/{}.cu", drill, contestant.baseline ? "baselines" : "rungs",
                     contestant.name);
}

class Loader {
 public:
  Loader(const std::string& root, const Programs& programs, diagnostics::Sink& sink)
      : root_(root), programs_(programs), sink_(sink), files_(root) {}

  std::vector<DeviceEvidence> load(const std::string& drill) {
    std::vector<DeviceEvidence> out;
    for (const std::string& path : record_files(drill)) {
      const auto text = system::read_file(root_ + "/" + path, kMaxRecordBytes);
      const auto source = base::make_source(path, text.ok() ? text.value() : std::string());
      if (!text.ok()) {
        report(Code::kRecordDamaged, {source, 0, 0},
               fmt::format("the record cannot be read: {}", text.error()), kHelp);
        continue;
      }
      drill::DeviceRecordFault fault;
      auto record = drill::parse_device_record(source->text(), fault);
      if (!record) {
        report(Code::kRecordDamaged, {source, fault.begin, fault.end},
               fmt::format("the record is damaged: {}", fault.message), kHelp);
        continue;
      }
      const base::Span place = device_span(source, record->slug);
      if (record->drill != drill) {
        report(Code::kRecordDamaged, place, fmt::format("this is a record of the drill `{}`", record->drill),
               "move it to that drill's folder");
        continue;
      }
      if (const std::string right = drill::device_record_path(*record); right != path) {
        misnamed(path, right, record->slug, place);
        continue;
      }
      out.push_back(held_against_tree(*std::move(record)));
    }
    return out;
  }

  /// An error for each record of a drill that is not there.
  void report_vanished(const std::string& drill) {
    for (const std::string& path : record_files(drill)) {
      report(Code::kRecordVanished, {base::make_source(path, ""), 0, 0},
             fmt::format("there is no drill `{}` that this record could be of", drill),
             "remove it, or put the drill's `drill.md` back");
    }
  }

 private:
  std::vector<std::string> record_files(const std::string& drill) const {
    std::vector<std::string> out;
    const std::string folder = fmt::format("drills/{}/records", drill);
    if (!system::is_folder(root_ + "/" + folder)) return out;
    const auto entries = system::list_tree(root_ + "/" + folder, root_);
    if (!entries.ok()) return out;
    for (const system::Entry& entry : entries.value()) {
      const bool counts =
          entry.kind != system::EntryKind::kSymlinkOutside;  // which the site's loader reports
      if (counts && entry.path.ends_with(".json") && entry.path != kEngineRecord)
        out.push_back(folder + "/" + entry.path);
    }
    return out;
  }

  static base::Span device_span(const base::SourcePtr& source, const std::string& slug) {
    const std::string text = fmt::format("\"device\": \"{}\"", slug);
    const std::size_t at = source->text().find(text);
    return at == std::string::npos ? base::Span{source, 0, 0} : base::Span{source, at, at + text.size()};
  }

  // A record's file is named after its device, so that there is one for each.
  void misnamed(const std::string& path, const std::string& right, const std::string& slug,
                const base::Span& place) {
    if (system::exists(root_ + "/" + right)) {
      report(Code::kDuplicateRecord, place,
             fmt::format("the record of `{}` is `{}`, and this is a second one", slug, right),
             "remove the older of the two");
    } else {
      report(Code::kRecordDamaged, place,
             fmt::format("the record of `{}` has another name than its device", slug),
             fmt::format("rename `{}` to `{}`", path, right));
    }
  }

  DeviceEvidence held_against_tree(drill::DeviceRecord record) {
    DeviceEvidence out;
    for (const drill::HardwareRun& run : record.runs) {
      const drill::Program* program = programs_.find(run.id);
      const auto changed =
          program == nullptr
              ? std::vector<std::string>{"program"}
              : drill::differing(run.inputs, drill::hardware_inputs(program->source->path(), files_));
      if (!changed.empty()) out.stale_runs[run.id] = changed;
    }
    if (record.measurement) {
      for (const drill::Contestant& contestant : record.measurement->contestants) {
        if (contestant.inputs.empty()) continue;
        const std::string file = contestant_file(record.drill, contestant);
        const auto changed = drill::differing(contestant.inputs, drill::measured_inputs(file, files_));
        if (!changed.empty()) out.stale_contestants[file] = changed;
      }
    }
    out.record = std::move(record);
    return out;
  }

  void report(Code code, const base::Span& span, std::string message, std::string help) {
    sink_.report({code, diagnostics::Severity::kError, span, std::move(message), {}, std::move(help)});
  }

  const std::string& root_;
  const Programs& programs_;
  diagnostics::Sink& sink_;
  drill::SourceFiles files_;
};

void add_values(const Timing& timing, const std::string& prefix, std::map<std::string, double>& values) {
  const stats::Summary* summary = timing.usable();
  if (summary == nullptr) return;
  const drill::Workload& workload = timing.measurement->workload;
  values[prefix + "median_us"] = summary->median / 1e3;
  values[prefix + "gigabytes_per_second"] =
      static_cast<double>(workload.bytes_read + workload.bytes_written) / summary->median;
  if (const double share = share_of_peak(timing, *summary); share > 0) values[prefix + "of_peak"] = share;
  if (const stats::Summary* copy = copy_of(*timing.measurement))
    values[prefix + "of_copy"] = copy->median / summary->median;
}

// Folders below drills/ with records, but without a drill: to be told from one that has mistakes.
std::vector<std::string> deserted_folders(const std::string& root) {
  std::vector<std::string> out;
  std::error_code error;
  for (std::filesystem::directory_iterator it(root + "/drills", error), end; !error && it != end;
       it.increment(error)) {
    const std::string folder = it->path().string();
    if (system::is_folder(folder + "/records") && !system::exists(folder + "/drill.md"))
      out.push_back(it->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

DeviceRecords load_device_records(const std::string& root, const model::Registry& registry,
                                  const Programs& programs, diagnostics::Sink& sink) {
  DeviceRecords out;
  Loader loader(root, programs, sink);
  for (const model::Page& page : registry.pages()) {
    if (page.kind != model::PageKind::kDrill) continue;
    auto records = loader.load(page.id);
    if (!records.empty()) out[page.id] = std::move(records);
  }
  for (const std::string& folder : deserted_folders(root)) loader.report_vanished(folder);
  return out;
}

const stats::Summary* Timing::usable() const {
  const drill::SampleSeries* cold = contestant->find(true);
  return stale == nullptr && cold != nullptr && cold->summary.ranked() ? &cold->summary : nullptr;
}

std::vector<Timing> timings_of(const DeviceRecords& records, const drill::Program& program) {
  std::vector<Timing> out;
  const auto of_drill = records.find(owner_of(program.id));
  if (of_drill == records.end()) return out;
  const std::string name = std::filesystem::path(program.source->path()).stem().string();
  for (const DeviceEvidence& device : of_drill->second) {
    if (!device.record.measurement) continue;
    const drill::Contestant* contestant = device.record.measurement->find(name, false);
    if (contestant == nullptr || contestant_file(device.record.drill, *contestant) != program.source->path())
      continue;
    const auto stale = device.stale_contestants.find(program.source->path());
    out.push_back({&device, &*device.record.measurement, contestant,
                   stale == device.stale_contestants.end() ? nullptr : &stale->second});
  }
  return out;
}

const stats::Summary* copy_of(const drill::Measurement& measurement) {
  const drill::Contestant* copy = measurement.find("device-copy", true);
  const drill::SampleSeries* cold = copy == nullptr ? nullptr : copy->find(true);
  return cold != nullptr && cold->summary.ranked() ? &cold->summary : nullptr;
}

double share_of_peak(const Timing& timing, const stats::Summary& summary) {
  const drill::Workload& workload = timing.measurement->workload;
  const double peak = drill::peak_bytes_per_second(timing.device->record.device);
  if (peak <= 0 || summary.says(stats::Statement::kNoBandwidthClaim)) return 0;
  return static_cast<double>(workload.bytes_read + workload.bytes_written) / (summary.median * 1e-9) / peak;
}

std::map<std::string, double> gpu_values(const DeviceRecords& records, const drill::Program& program) {
  std::map<std::string, double> values;
  const Timing* newest = nullptr;
  const auto timings = timings_of(records, program);
  for (const Timing& timing : timings) {
    add_values(timing, fmt::format("gpu.{}.", timing.device->record.slug), values);
    if (newest == nullptr || timing.device->record.date > newest->device->record.date) newest = &timing;
  }
  if (newest != nullptr) add_values(*newest, "gpu.", values);
  return values;
}

}  // namespace drillpress::pipeline
