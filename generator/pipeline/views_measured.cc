#include "pipeline/views_measured.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "picture/bars.h"
#include "picture/roofline.h"
#include "picture/samples.h"
#include "pipeline/device_records.h"
#include "pipeline/run_values.h"
#include "pipeline/view_parts.h"
#include "pipeline/views_figures.h"

namespace drillpress::pipeline {
namespace {

using stats::Statement;
using templating::List;
using templating::Map;
using templating::Value;

constexpr double kLongNs = 1e7;  // shown in milliseconds

std::string time_text(double ns) {
  return ns >= kLongNs ? fmt::format("{:.3f} ms", ns / 1e6) : fmt::format("{:.1f} µs", ns / 1e3);
}

std::string interval_text(const stats::Summary& summary) {
  if (!summary.median_interval) return "";
  return fmt::format("{} to {}", time_text(summary.median_interval->low),
                     time_text(summary.median_interval->high));
}

std::string percent_text(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

// "stable, under 50 µs: not ranked"
std::string statements_text(const stats::Summary& summary) {
  std::vector<std::string_view> texts;
  for (const Statement statement : summary.statements) texts.push_back(stats::text_of(statement));
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string stale_text(const std::vector<std::string>& components) {
  return fmt::format("stale: {} changed since", fmt::join(components, ", "));
}

std::string_view text_of(drill::ToolOutcome outcome) {
  switch (outcome) {
    case drill::ToolOutcome::kClean:
      return "clean";
    case drill::ToolOutcome::kFindings:
      return "not clean";
    case drill::ToolOutcome::kNotRun:
      break;
  }
  return "did not run";
}

struct BaselineRow {
  std::string_view name, label;
};
constexpr BaselineRow kBaselines[] = {{"device-copy", "device copy"}, {"cub", "CUB"}, {"cublas", "cuBLAS"}};

std::string baseline_label(const std::string& name) {
  for (const BaselineRow& row : kBaselines)
    if (row.name == name) return std::string(row.label);
  return name;
}

std::string of_peak_text(const Timing& timing, const stats::Summary& summary) {
  const double share = share_of_peak(timing, summary);
  if (share <= 0) return "";
  const double peak = drill::peak_bytes_per_second(timing.device->record.device);
  return fmt::format("{} of {:.2f} TB/s", percent_text(share), peak / 1e12);
}

// A copy says something only where memory is what limits; a library does the same task.
std::string of_baseline_text(const Timing& timing, const stats::Summary& summary) {
  std::vector<std::string> texts;
  for (const drill::Contestant& contestant : timing.measurement->contestants) {
    const drill::SampleSeries* cold = contestant.baseline ? contestant.find(true) : nullptr;
    if (cold == nullptr || !cold->summary.ranked()) continue;
    if (contestant.name == "device-copy" && summary.says(Statement::kNoBandwidthClaim)) continue;
    texts.push_back(fmt::format("{} of {}", percent_text(cold->summary.median / summary.median),
                                baseline_label(contestant.name)));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string median_text(const stats::Summary& summary) {
  return summary.says(Statement::kBelowFloor) ? "rejected" : time_text(summary.median);
}

// Everything of one device's record on one drill's page.
class DeviceView {
 public:
  DeviceView(const SiteModel& site, const model::Page& page, const DeviceEvidence& device)
      : site_(site), page_(page), device_(device), record_(device.record) {
    for (const model::FrontMatter& entry : page.front.records("rungs")) {
      const drill::Program* program = site.programs.find(page.id + "/" + entry.text("id"));
      if (program == nullptr) continue;
      for (const Timing& timing : timings_of(site.device_records, *program))
        if (timing.device == &device) rungs_.push_back({entry.text("title"), program->id, timing});
    }
  }

  Value view() const {
    return Map{{"id", "device-" + record_.slug},
               {"name", record_.device.name},
               {"date", date_view(record_.date)},
               {"workload", workload()},
               {"rows", rows()},
               {"figures", figures()},
               {"runs", runs()},
               {"facts", facts()}};
  }

 private:
  struct Rung {
    std::string title, id;
    Timing timing;
  };

  std::string workload() const {
    if (!record_.measurement) return "";
    const drill::Workload& w = record_.measurement->workload;
    return fmt::format("Case {}: the task reads and writes {} bytes and does {} operations.", w.case_name,
                       number_text(static_cast<double>(w.bytes_read + w.bytes_written)),
                       number_text(static_cast<double>(w.operations)));
  }

  // Rungs in the order of the ladder, then baselines.
  List rows() const {
    List list;
    const Rung* previous = nullptr;
    for (const Rung& rung : rungs_) {
      add_row(rung.title, *rung.timing.contestant, rung.timing.stale, against(previous, rung), list);
      previous = &rung;
    }
    if (!record_.measurement) return list;
    for (const drill::Contestant& contestant : record_.measurement->contestants)
      if (contestant.baseline) add_row(baseline_label(contestant.name), contestant, nullptr, "", list);
    return list;
  }

  static void add_row(const std::string& title, const drill::Contestant& contestant,
                      const std::vector<std::string>* stale, std::string against_text, List& list) {
    const drill::SampleSeries *cold = contestant.find(true), *hot = contestant.find(false);
    std::string note = contestant.problem.empty() ? "" : "left out, " + contestant.problem;
    if (cold != nullptr)
      note = fmt::format("{} samples; {}", cold->summary.n, statements_text(cold->summary));
    if (stale != nullptr) note = stale_text(*stale) + "; " + note;
    list.push_back(Map{{"title", title},
                       {"cold", cold != nullptr ? median_text(cold->summary) : "not measured"},
                       {"interval", cold != nullptr ? interval_text(cold->summary) : ""},
                       {"hot", hot != nullptr ? median_text(hot->summary) : "not measured"},
                       {"against", std::move(against_text)},
                       {"note", std::move(note)}});
  }

  // Faster or slower only where the intervals are apart.
  static std::string against(const Rung* previous, const Rung& rung) {
    if (previous == nullptr) return "";
    const stats::Summary *before = previous->timing.usable(), *now = rung.timing.usable();
    if (before == nullptr || now == nullptr) return "not comparable";
    if (stats::is_faster(*now, *before)) return fmt::format("{:.2f} × faster", before->median / now->median);
    if (stats::is_faster(*before, *now)) return fmt::format("{:.2f} × slower", now->median / before->median);
    return "no difference shown";
  }

  List figures() const {
    List list;
    if (rungs_.empty()) return list;
    list.push_back(picture_view(ladder()));
    if (auto roof = roofline()) list.push_back(picture_view(*roof));
    for (const Rung& rung : rungs_) {
      const drill::SampleSeries* cold = rung.timing.contestant->find(true);
      if (cold == nullptr) continue;
      std::vector<double> microseconds;
      for (const double ns : cold->samples_ns) microseconds.push_back(ns / 1e3);
      const std::string name = std::filesystem::path(rung.id).filename().string();
      list.push_back(picture_view(picture::render_samples(
          {fmt::format("samples-{}-{}", record_.slug, name),
           fmt::format("Samples of {} on {}, cold", rung.title, record_.device.name), microseconds, "µs"})));
    }
    return list;
  }

  picture::Picture ladder() const {
    picture::BarGroup group;
    const auto add = [&](const std::string& label, const drill::Contestant& contestant) {
      const drill::SampleSeries* cold = contestant.find(true);
      picture::Bar bar{label, {}, "not measured"};
      if (cold != nullptr && cold->summary.says(Statement::kBelowFloor)) {
        bar.text = "rejected";
      } else if (cold != nullptr) {
        bar.value = cold->summary.median;
        bar.text = time_text(cold->summary.median);
        bar.note = statements_text(cold->summary);
        if (cold->summary.median_interval) {
          bar.from = cold->summary.median_interval->low;
          bar.to = cold->summary.median_interval->high;
        }
      }
      group.bars.push_back(std::move(bar));
    };
    for (const Rung& rung : rungs_) add(rung.title, *rung.timing.contestant);
    for (const drill::Contestant& contestant : record_.measurement->contestants)
      if (contestant.baseline) add(baseline_label(contestant.name), contestant);
    if (const double least = drill::floor_ns(record_.measurement->workload, record_.device); least > 0) {
      group.mark = least;
      group.mark_label = fmt::format("the device needs {}", time_text(least));
    }
    return picture::render_bars({"times-" + record_.slug,
                                 "Median times on " + record_.device.name,
                                 "Solution",
                                 "Time, cold",
                                 "Statement",
                                 {std::move(group)},
                                 "Cold medians; the whiskers are 95 % intervals."});
  }

  std::optional<picture::Picture> roofline() const {
    const double bandwidth = drill::peak_bytes_per_second(record_.device);
    const drill::Workload& w = record_.measurement->workload;
    const double rate = drill::peak_operations_per_second(record_.device, w.arithmetic);
    std::vector<picture::RoofPoint> points;
    for (const Rung& rung : rungs_) {
      const drill::Record* counted = site_.record(rung.id);
      const stats::Summary* summary = rung.timing.usable();
      if (counted == nullptr || summary == nullptr) continue;
      const auto values = run_values(*counted);
      const auto intensity = values.find("arithmetic_intensity");
      if (intensity == values.end() || intensity->second <= 0) continue;
      points.push_back(
          {rung.title, intensity->second, static_cast<double>(w.operations) / (summary->median * 1e-9)});
    }
    if (points.empty() || bandwidth <= 0 || rate <= 0) return std::nullopt;
    return picture::render_roofline("roofline-" + record_.slug, "Under the roof of " + record_.device.name,
                                    {record_.device.name, bandwidth, rate}, points);
  }

  List runs() const {
    List list;
    for (const drill::HardwareRun& run : record_.runs) {
      std::vector<std::string> tools;
      for (const drill::ToolResult& tool : run.tools)
        tools.push_back(fmt::format("{} {}", tool.tool, text_of(tool.outcome)));
      const auto stale = device_.stale_runs.find(run.id);
      std::string detail = run.detail;
      if (stale != device_.stale_runs.end())
        detail = stale_text(stale->second) + (detail.empty() ? "" : "; " + detail);
      list.push_back(Map{{"program", run.id.substr(page_.id.size() + 1)},
                         {"outcome", run.passed ? counted(run.cases, "case passed", "cases passed")
                                                : fmt::format("failed: {}", fmt::join(run.caught_by, ", "))},
                         {"tools", tools.empty() ? "" : fmt::format("{}", fmt::join(tools, ", "))},
                         {"detail", detail}});
    }
    return list;
  }

  List facts() const {
    const drill::Device& d = record_.device;
    List list;
    const auto add = [&](const char* label, std::string value) {
      if (!value.empty()) list.push_back(fact_view(label, std::move(value)));
    };
    add("Device", fmt::format("{}, {} multiprocessors, {} MiB of L2 cache, ECC {}", d.name, d.multiprocessors,
                              d.l2_bytes >> 20, d.ecc ? "on" : "off"));
    add("Driver", d.driver);
    add("Toolkit", record_.toolkit);
    add("Compute Sanitizer", record_.sanitizer);
    add("Host", d.host_cpu);
    add("SM clock while measuring", clocks());
    add("Recorded", record_.date);
    add("Sources", record_.revision.empty()
                       ? ""
                       : record_.revision.substr(0, 12) + (record_.clean ? "" : ", with changes"));
    return list;
  }

  std::string clocks() const {
    drill::ClockReadings all;
    std::vector<std::string> reasons;
    if (!record_.measurement) return "";
    for (const drill::Contestant& contestant : record_.measurement->contestants) {
      for (const drill::SampleSeries& series : contestant.series) {
        if (series.clocks.readings == 0) continue;
        all.least_sm_mhz = all.readings == 0 ? series.clocks.least_sm_mhz
                                             : std::min(all.least_sm_mhz, series.clocks.least_sm_mhz);
        all.most_sm_mhz = std::max(all.most_sm_mhz, series.clocks.most_sm_mhz);
        all.most_celsius = std::max(all.most_celsius, series.clocks.most_celsius);
        all.readings += series.clocks.readings;
        for (const std::string& reason : series.clocks.throttle_reasons)
          if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(reason);
      }
    }
    if (all.readings == 0) return "not known: no NVML";
    return fmt::format("{} to {} MHz, at most {} °C, lowered by: {}", all.least_sm_mhz, all.most_sm_mhz,
                       all.most_celsius,
                       reasons.empty() ? "nothing" : fmt::format("{}", fmt::join(reasons, ", ")));
  }

  const SiteModel& site_;
  const model::Page& page_;
  const DeviceEvidence& device_;
  const drill::DeviceRecord& record_;
  std::vector<Rung> rungs_;
};

}  // namespace

List measurement_views(const SiteModel& site, const drill::Program& rung) {
  List list;
  for (const Timing& timing : timings_of(site.device_records, rung)) {
    const drill::SampleSeries* cold = timing.contestant->find(true);
    if (cold == nullptr) continue;
    const stats::Summary& summary = cold->summary;
    const bool usable = timing.usable() != nullptr;
    std::string note = fmt::format("{} samples, cold; {}", summary.n, statements_text(summary));
    if (timing.stale != nullptr) note += "; " + stale_text(*timing.stale);
    list.push_back(Map{{"device", timing.device->record.device.name},
                       {"date", date_view(timing.device->record.date)},
                       {"median", median_text(summary)},
                       {"interval", interval_text(summary)},
                       {"of_peak", usable ? of_peak_text(timing, summary) : ""},
                       {"of_baseline", usable ? of_baseline_text(timing, summary) : ""},
                       {"note", std::move(note)}});
  }
  return list;
}

List device_views(const SiteModel& site, const model::Page& page) {
  List list;
  const auto devices = site.device_records.find(page.id);
  if (devices == site.device_records.end()) return list;
  for (const DeviceEvidence& device : devices->second) list.push_back(DeviceView(site, page, device).view());
  return list;
}

}  // namespace drillpress::pipeline
