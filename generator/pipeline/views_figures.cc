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

// The same evidence is said once below the figure, several each in its row of the table.
std::string evidence_caption(const std::vector<model::FrontMatter>& entries) {
  const std::string first = entries.front().text("evidence");
  const bool same = std::all_of(entries.begin(), entries.end(), [&](const model::FrontMatter& entry) {
    return entry.text("evidence") == first;
  });
  return same ? fmt::format("Evidence: {}.", first) : "Evidence: in the table.";
}

// A front-matter list of names with a share each.
struct ShareFigure {
  std::string_view key, id, title, name, label_column;
};
constexpr ShareFigure kShareFigures[] = {
    {"week", "figure-week", "How a week is spent", "activity", "Activity"},
    {"mix", "figure-mix", "What is asked", "kind", "Kind of question"},
};

picture::Picture share_figure(const ShareFigure& row, const std::vector<model::FrontMatter>& entries) {
  BarGroup group;
  for (const model::FrontMatter& entry : entries) {
    const int value = entry.integer("percent", 0);
    Bar bar{entry.text(row.name), value, fmt::format("{}\u00a0%", value)};
    bar.note = entry.text("evidence");
    group.bars.push_back(std::move(bar));
  }
  if (const int at = largest(group.bars); at >= 0) group.bars[static_cast<std::size_t>(at)].strong = true;
  return picture::render_bars({std::string(row.id),
                               std::string(row.title),
                               std::string(row.label_column),
                               "Share",
                               "Evidence",
                               {std::move(group)},
                               evidence_caption(entries)});
}

// Words in an order, not amounts: a step for each.
picture::Picture profile_figure(const std::vector<model::FrontMatter>& entries) {
  const auto& ratings = model::ratings();
  BarGroup group;
  for (const model::FrontMatter& entry : entries) {
    const auto at = std::find(ratings.begin(), ratings.end(), entry.text("rated"));
    Bar bar{entry.text("skill"), static_cast<double>(at - ratings.begin() + 1), entry.text("rated")};
    bar.strong = at + 1 == ratings.end();
    bar.note = entry.text("evidence");
    group.bars.push_back(std::move(bar));
  }
  return picture::render_bars(
      {"figure-profile",
       "What the role asks for",
       "Skill",
       "Rated",
       "Evidence",
       {std::move(group)},
       fmt::format("Steps: {}. They are an order; one step need not be as large as the next. {}",
                   fmt::join(ratings, ", "), evidence_caption(entries))});
}

// "36", "36 and 0", or the difference where the source gives no parts.
std::string besides_base(const model::FrontMatter& level) {
  if (level.has("stock") && level.has("bonus"))
    return fmt::format("stock {}, bonus {}", level.text("stock"), level.text("bonus"));
  return fmt::format("{} in all", level.integer("total", 0) - level.integer("base", 0));
}

picture::Picture levels_figure(const std::vector<model::FrontMatter>& entries) {
  constexpr std::string_view kUnknown = "not in the source";
  BarGroup group;
  std::vector<std::vector<std::string>> rows;
  for (const model::FrontMatter& entry : entries) {
    Bar bar{entry.text("level"), {}, std::string(kUnknown)};
    const std::string unknown(kUnknown);
    std::vector<std::string> row{bar.label, unknown, unknown, unknown, "", entry.text("evidence")};
    if (entry.has("base") && entry.has("total")) {
      const int base = entry.integer("base", 0), total = entry.integer("total", 0);
      bar.value = total;
      bar.first = base;
      bar.text = fmt::format("{} + {} = {}", base, total - base, total);
      row[1] = std::to_string(base);
      row[2] = besides_base(entry);
      row[3] = std::to_string(total);
    }
    if (entry.has("low") && entry.has("high")) {
      bar.from = entry.integer("low", 0);
      bar.to = entry.integer("high", 0);
      row[4] = fmt::format("{} to {}", entry.integer("low", 0), entry.integer("high", 0));
    }
    group.bars.push_back(std::move(bar));
    rows.push_back(std::move(row));
  }
  picture::Picture picture = picture::render_bars(
      {"figure-levels",
       "Pay a year by level, in thousands of US dollars",
       "Level",
       "Pay",
       "",
       {std::move(group)},
       fmt::format("Base, then stock and bonus together; a line across is the range of totals. {}",
                   evidence_caption(entries))});
  picture.columns = {"Level", "Base", "Stock and bonus", "Total", "Range of totals", "Evidence"};
  picture.rows = std::move(rows);
  return picture;
}

// What the site asks a reader of this guide: its role's cards by area. Counted, so no evidence is needed.
picture::Picture cards_figure(const SiteModel& site, std::string_view role) {
  std::map<std::string, int> counts;
  int total = 0;
  for (const model::Page* card : site.registry.listed(model::PageKind::kCard)) {
    const auto roles = card->front.list("roles");
    if (std::none_of(roles.begin(), roles.end(),
                     [&](const model::Named& named) { return named.text == role; }))
      continue;
    ++counts[card->front.text("area")];
    ++total;
  }
  BarGroup group;
  for (const auto& [area, count] : counts) group.bars.push_back({area, count, std::to_string(count)});
  std::stable_sort(group.bars.begin(), group.bars.end(),
                   [](const Bar& a, const Bar& b) { return *a.value > *b.value; });
  if (!group.bars.empty()) group.bars.front().strong = true;
  return picture::render_bars(
      {"figure-cards",
       "What this site asks for the role",
       "Area",
       "Cards",
       "",
       {std::move(group)},
       fmt::format("{} question cards for this role by area, counted when the site was built. How often an "
                   "area is asked in interviews is another matter.",
                   total)});
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

List guide_figures(const SiteModel& site, const model::Page& page) {
  List figures;
  const auto profile = page.front.records("profile");
  if (!profile.empty()) figures.push_back(picture_view(profile_figure(profile)));
  for (const ShareFigure& row : kShareFigures) {
    const auto entries = page.front.records(row.key);
    if (!entries.empty()) figures.push_back(picture_view(share_figure(row, entries)));
  }
  const auto levels = page.front.records("levels");
  if (!levels.empty()) figures.push_back(picture_view(levels_figure(levels)));
  picture::Picture cards = cards_figure(site, page.front.text("role"));
  if (!cards.rows.empty()) figures.push_back(picture_view(cards));
  return figures;
}

}  // namespace drillpress::pipeline
