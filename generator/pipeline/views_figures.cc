#include "pipeline/views_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "drill/occupancy.h"
#include "picture/bars.h"
#include "picture/roofline.h"
#include "pipeline/quantity_format.h"
#include "pipeline/run_values.h"

namespace drillpress::pipeline {
namespace {

using picture::Bar;
using picture::BarChart;
using picture::BarGroup;
using templating::Html;
using templating::List;
using templating::Map;
using templating::Value;

// Source: NVIDIA H100 Tensor Core GPU Architecture, V1.04, table "H100 SXM5": memory bandwidth and peak FP32.
const picture::Roof kRoof = {"an H100 SXM (NVIDIA H100 Tensor Core GPU Architecture)", 3.35e12, 66.9e12};

struct RungValues {
  std::string title;
  std::map<std::string, double> values;
};

std::vector<RungValues> rungs_of(const SiteModel& site, const model::Page& page) {
  std::vector<RungValues> rungs;
  for (const model::FrontMatter& entry : page.front.records("rungs")) {
    const drill::Record* record = site.record(page.id + "/" + entry.text("id"));
    if (record != nullptr && !record->metrics.empty())
      rungs.push_back({entry.text("title"), run_values(*record)});
  }
  return rungs;
}

double value_or_zero(const std::map<std::string, double>& values, std::string_view name) {
  const auto at = values.find(std::string(name));
  return at == values.end() ? 0 : at->second;
}

// One panel of the ladder: the sum of some counters, for every rung.
struct LadderRow {
  std::string_view heading;
  std::vector<std::string_view> counters;
  std::string_view least;  ///< value that no correct kernel can go below; may be empty
};
const std::vector<LadderRow>& ladder_rows() {
  static const std::vector<LadderRow> rows = {
      {"Bytes moved to and from global memory", {"bytes_moved"}, "bytes_needed"},
      {"Passes over the banks of shared memory", {"shared_load_wavefronts", "shared_store_wavefronts"}, ""},
      {"Instructions issued by warps", {"warp_instructions"}, ""},
  };
  return rows;
}

picture::Picture ladder(const std::vector<RungValues>& rungs) {
  BarChart chart{"ladder-chart", "The ladder in counts", "Rung", "Count", "", {}, ""};
  for (const LadderRow& row : ladder_rows()) {
    BarGroup group{std::string(row.heading), {}, {}, ""};
    double least_seen = 0, most_seen = 0;
    for (const RungValues& rung : rungs) {
      double total = 0;
      for (const std::string_view counter : row.counters) total += value_or_zero(rung.values, counter);
      least_seen = group.bars.empty() ? total : std::min(least_seen, total);
      most_seen = std::max(most_seen, total);
      group.bars.push_back({rung.title, total, quantity_text(total)});
    }
    if (most_seen == 0) continue;
    for (Bar& bar : group.bars)
      bar.strong = bar.value == least_seen && least_seen > 0 && least_seen < most_seen;
    const double least = row.least.empty() ? 0 : value_or_zero(rungs.front().values, row.least);
    if (least > 0) {
      group.mark = least;
      group.mark_label = fmt::format("the task needs {}", quantity_text(least));
    }
    chart.groups.push_back(std::move(group));
  }
  chart.caption = "Counted in the profiled case; no times.";
  return picture::render_bars(chart);
}

std::string evidence_note(const model::FrontMatter& entry) {
  return entry.text("evidence");
}

int largest(const std::vector<Bar>& bars) {
  double most = -1;
  int at = -1;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].value.value_or(-1) > most) {
      most = *bars[i].value;
      at = static_cast<int>(i);
    }
  }
  return at;
}

// A front-matter list of names with one number each.
struct ShareFigure {
  std::string_view key, id, title, name, number, label_column, value_column, suffix;
};
constexpr ShareFigure kShareFigures[] = {
    {"profile", "figure-profile", "What the role asks for", "skill", "weight", "Skill", "Weight, 1 to 5",
     " of 5"},
    {"week", "figure-week", "How a week is spent", "activity", "percent", "Activity", "Share", "\u00a0%"},
    {"mix", "figure-mix", "What is asked", "kind", "percent", "Kind of question", "Share", "\u00a0%"},
};

picture::Picture share_figure(const ShareFigure& row, const std::vector<model::FrontMatter>& entries) {
  BarGroup group;
  for (const model::FrontMatter& entry : entries) {
    const int value = entry.integer(row.number, 0);
    group.bars.push_back({entry.text(row.name),
                          value,
                          fmt::format("{}{}", value, row.suffix),
                          {},
                          {},
                          {},
                          false,
                          evidence_note(entry)});
  }
  if (const int at = largest(group.bars); at >= 0) group.bars[static_cast<std::size_t>(at)].strong = true;
  return picture::render_bars({std::string(row.id),
                               std::string(row.title),
                               std::string(row.label_column),
                               std::string(row.value_column),
                               "Evidence",
                               {std::move(group)},
                               fmt::format("Evidence: {}.", evidence_note(entries.front()))});
}

picture::Picture levels_figure(const std::vector<model::FrontMatter>& entries) {
  BarGroup group;
  for (const model::FrontMatter& entry : entries) {
    Bar bar{entry.text("level"), {}, "not in the source", {}, {}, {}, true, evidence_note(entry)};
    if (entry.has("base") && entry.has("total")) {
      bar.low = entry.integer("base", 0);
      bar.value = entry.integer("total", 0);
      bar.text = fmt::format("{}–{}", entry.integer("base", 0), entry.integer("total", 0));
    }
    group.bars.push_back(std::move(bar));
  }
  return picture::render_bars({"figure-levels",
                               "Pay a year by level, from base to total, in thousands of US dollars",
                               "Level",
                               "Base to total, USD k",
                               "Evidence",
                               {std::move(group)},
                               fmt::format("Evidence: {}.", evidence_note(entries.front()))});
}

}  // namespace

Value picture_view(const picture::Picture& picture) {
  List columns, rows;
  for (const std::string& column : picture.columns) columns.push_back(column);
  for (const auto& row : picture.rows) {
    List cells;
    for (const std::string& cell : row) cells.push_back(cell);
    rows.push_back(Map{{"cells", std::move(cells)}});
  }
  return Map{{"id", picture.id},           {"title", picture.title},        {"svg", Html{picture.svg}},
             {"caption", picture.caption}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

List drill_figures(const SiteModel& site, const model::Page& page) {
  const auto rungs = rungs_of(site, page);
  if (rungs.empty()) return {};
  List figures{picture_view(ladder(rungs))};
  std::vector<picture::RoofPoint> points;
  for (const RungValues& rung : rungs)
    points.push_back({rung.title, value_or_zero(rung.values, "arithmetic_intensity"), {}});
  // Without floating-point work there is nothing to place: memory alone bounds the task.
  if (std::any_of(points.begin(), points.end(), [](const auto& point) { return point.intensity > 0; }))
    figures.push_back(picture_view(picture::render_roofline("roofline", "Under the roof", kRoof, points)));
  return figures;
}

List occupancy_figures(const drill::Record& record, const std::string& rung, const std::string& rung_title) {
  const std::string kernel = record.launches.empty() ? "" : record.launches.front().kernel;
  BarChart chart{"occupancy-" + rung,
                 "What limits the blocks on a multiprocessor: " + rung_title,
                 "Limit",
                 "Blocks",
                 "",
                 {},
                 ""};
  for (const drill::ArchitectureLimits& architecture : drill::architecture_limits()) {
    for (const drill::Resources& r : record.resources) {
      if (r.architecture != architecture.name || r.kernel != kernel || !r.occupancy) continue;
      const auto limits = drill::resident_limits(
          r.architecture, {r.registers, 0, r.static_shared_bytes, r.occupancy->dynamic_shared_bytes,
                           r.occupancy->block_threads});
      BarGroup group{fmt::format("{}: {} of {} warps", r.architecture, r.occupancy->active_warps,
                                 r.occupancy->max_warps),
                     {},
                     {},
                     ""};
      for (const drill::ResidentLimit& limit : limits) {
        group.bars.push_back({std::string(limit.resource),
                              limit.blocks,
                              std::to_string(limit.blocks),
                              {},
                              {},
                              {},
                              limit.blocks == r.occupancy->blocks_per_multiprocessor});
      }
      if (!group.bars.empty()) chart.groups.push_back(std::move(group));
      break;
    }
  }
  if (chart.groups.empty()) return {};
  chart.caption = "The shortest bar decides. From what ptxas reports and the toolkit's occupancy calculator.";
  return {picture_view(picture::render_bars(chart))};
}

List guide_figures(const model::Page& page) {
  List figures;
  for (const ShareFigure& row : kShareFigures) {
    const auto entries = page.front.records(row.key);
    if (!entries.empty()) figures.push_back(picture_view(share_figure(row, entries)));
  }
  const auto levels = page.front.records("levels");
  if (!levels.empty()) figures.push_back(picture_view(levels_figure(levels)));
  return figures;
}

}  // namespace drillpress::pipeline
