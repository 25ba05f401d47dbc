// The view of a drill page: statement, ladder with evidence, kill table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "highlight/highlight.h"
#include "highlight/line_diff.h"
#include "pipeline/code_parts.h"
#include "pipeline/counter_rows.h"
#include "pipeline/page_body.h"
#include "pipeline/view_parts.h"
#include "pipeline/views.h"
#include "pipeline/views_figures.h"
#include "pipeline/views_measured.h"

namespace drillpress::pipeline {
namespace {

using templating::Html;
using templating::TemplateSet;

constexpr std::string_view kLanguage = "cuda";
constexpr std::size_t kDiffContext = 2;  // unchanged lines kept around a change

struct ArchitectureRow {
  std::string_view arch, devices;
};
constexpr ArchitectureRow kArchitectures[] = {
    {"sm_75", "T4, RTX 20"}, {"sm_80", "A100"}, {"sm_90", "H100, H200"}, {"sm_100", "B200"}};

Value code_view(const drill::Program& program, const std::string& file) {
  return Map{{"language", "CUDA C++"},
             {"title", file},
             {"code", Html{highlighted(kLanguage, visible_code(program.code).value_or(program.code))}}};
}

// Changed lines with some context; what is left out between is one "gap" row.
List diff_view(const std::string& before, const std::string& after) {
  const auto rows = highlight::line_diff(before, after);
  std::vector<bool> keep(rows.size(), false);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].change == highlight::LineChange::kSame) continue;
    const std::size_t from = i > kDiffContext ? i - kDiffContext : 0,
                      to = std::min(rows.size(), i + kDiffContext + 1);
    std::fill(keep.begin() + static_cast<std::ptrdiff_t>(from),
              keep.begin() + static_cast<std::ptrdiff_t>(to), true);
  }
  const auto before_html = highlight::render_lines(kLanguage, before),
             after_html = highlight::render_lines(kLanguage, after);
  List list;
  bool gap = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!keep[i]) {
      if (!gap) list.push_back(Map{{"kind", "gap"}, {"mark", "⋯"}, {"code", Html{""}}});
      gap = true;
      continue;
    }
    gap = false;
    const highlight::DiffRow& row = rows[i];
    const bool removed = row.change == highlight::LineChange::kRemoved,
               same = row.change == highlight::LineChange::kSame;
    list.push_back(Map{{"kind", same      ? "same"
                                : removed ? "removed"
                                          : "added"},
                       {"mark", same      ? " "
                                : removed ? "−"
                                          : "+"},
                       {"code", Html{removed ? before_html.at(row.before) : after_html.at(row.after)}}});
  }
  return list;
}

Value counter_view(const CounterRow& row, double value) {
  return Map{
      {"label", row.label}, {"value", number_text(value)}, {"unit", row.unit}, {"explain", row.explain}};
}

List headline_counters(const drill::Record& record) {
  List list;
  for (const CounterRow& row : counter_rows()) {
    const auto at = record.metrics.find(std::string(row.metric));
    if (row.headline && at != record.metrics.end()) list.push_back(counter_view(row, at->second));
  }
  return list;
}

List counter_groups(const drill::Record& record) {
  List groups;
  for (std::size_t i = 0; i < counter_rows().size();) {
    const std::string_view group = counter_rows()[i].group;
    List rows;
    for (; i < counter_rows().size() && counter_rows()[i].group == group; ++i) {
      const auto at = record.metrics.find(std::string(counter_rows()[i].metric));
      if (at != record.metrics.end()) rows.push_back(counter_view(counter_rows()[i], at->second));
    }
    if (!rows.empty()) groups.push_back(Map{{"title", group}, {"rows", std::move(rows)}});
  }
  return groups;
}

std::string extent(const std::vector<std::uint32_t>& size) {
  return fmt::format("{}", fmt::join(size, " × "));
}

std::string counters_note(const drill::Record& record) {
  if (record.launches.empty()) return {};
  std::string what = "the profiled case";
  if (record.harness && record.harness->profiled)
    what = fmt::format("case {}", record.harness->profiled->case_name);
  const drill::Launch& launch = record.launches.front();
  return fmt::format(
      "Counted on PTX, not on machine code, for {}: {}, the first with {} blocks of {} threads.", what,
      counted(record.launches.size(), "launch", "launches"), extent(launch.grid), extent(launch.block));
}

// Lines of the rung's own file that touch the most sectors or wavefronts per request.
List hot_lines(const drill::Program& program, const drill::Record& record) {
  struct Metric {
    std::string_view total, requests, text, explain;
    double least;
  };
  static constexpr Metric kMetrics[] = {
      {"global_load_sectors", "global_load_requests", "sectors per load request",
       "neighbouring lanes read from addresses that are far apart", 4},
      {"global_store_sectors", "global_store_requests", "sectors per store request",
       "neighbouring lanes write to addresses that are far apart", 4},
      {"shared_load_wavefronts", "shared_load_requests", "wavefronts per shared load",
       "several lanes read different words of one bank", 1},
      {"shared_store_wavefronts", "shared_store_requests", "wavefronts per shared store",
       "several lanes write different words of one bank", 1},
  };
  const auto lines = base::split_lines(program.code);
  List list;
  for (const drill::LineCounters& line : record.lines) {
    if (!line.place.file.empty() || line.place.line == 0 || line.place.line > lines.size()) continue;
    for (const Metric& metric : kMetrics) {
      const auto total = line.counters.find(std::string(metric.total)),
                 requests = line.counters.find(std::string(metric.requests));
      if (total == line.counters.end() || requests == line.counters.end() || requests->second <= 0) continue;
      const double each = total->second / requests->second;
      if (each <= metric.least) continue;
      const auto html = highlight::render_lines(kLanguage, base::trim(lines[line.place.line - 1]));
      list.push_back(Map{{"line", std::to_string(line.place.line)},
                         {"code", Html{html.empty() ? "" : html.front()}},
                         {"metric", fmt::format("{} {}", number_text(each), metric.text)},
                         {"explain", metric.explain}});
    }
  }
  return list;
}

List resource_views(const drill::Record& record) {
  // ptxas lists every kernel; the page shows the one that was profiled first.
  const std::string kernel = record.launches.empty() ? "" : record.launches.front().kernel;
  List list;
  for (const ArchitectureRow& row : kArchitectures) {
    for (const drill::Resources& r : record.resources) {
      if (r.architecture != row.arch || (!kernel.empty() && r.kernel != kernel)) continue;
      const double percent = r.occupancy && r.occupancy->max_warps > 0
                                 ? 100.0 * r.occupancy->active_warps / r.occupancy->max_warps
                                 : 0;
      list.push_back(Map{{"arch", row.arch},
                         {"device", row.devices},
                         {"registers", std::to_string(r.registers)},
                         {"shared_bytes", number_text(static_cast<double>(r.static_shared_bytes))},
                         {"stack_bytes", std::to_string(r.stack_bytes)},
                         {"spill_stores", std::to_string(r.spill_store_bytes)},
                         {"spill_loads", std::to_string(r.spill_load_bytes)},
                         {"occupancy_percent", r.occupancy ? number_text(percent) : ""},
                         {"limiter", r.occupancy ? r.occupancy->limiter : ""}});
      break;
    }
  }
  return list;
}

List check_views(const drill::Record& record) {
  List list;
  for (const drill::Check& check : record.checks) {
    list.push_back(Map{{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
  }
  return list;
}

std::string_view sign(drill::Comparison comparison) {
  switch (comparison) {
    case drill::Comparison::kEqual:
      return "=";
    case drill::Comparison::kAtMost:
      return "≤";
    case drill::Comparison::kAtLeast:
      return "≥";
    default:
      return drill::name_of(comparison);
  }
}

// The author's conditions of one rung stand in the program in the order of the front matter.
List expected_views(const model::Page& page, const std::string& rung_id, const drill::Program& program,
                    const drill::Record& record) {
  List list;
  std::size_t next = 0;
  for (const model::FrontMatter& entry : page.front.records("counts")) {
    if (entry.text("rung") != rung_id || next == program.expected_counts.size()) continue;
    const drill::ExpectedCount& count = program.expected_counts[next++];
    const CounterRow* row = find_counter_row(count.metric);
    const auto value = record.metrics.find(count.metric);
    const auto check = std::find_if(record.checks.begin(), record.checks.end(),
                                    [&](const drill::Check& c) { return c.name == drill::claim_of(count); });
    list.push_back(Map{{"metric", row != nullptr ? std::string(row->label) : count.metric},
                       {"condition", fmt::format("{} {}", sign(count.comparison), number_text(count.value))},
                       {"value", value != record.metrics.end() ? number_text(value->second) : "not counted"},
                       {"holds", check != record.checks.end() && check->passed},
                       {"because", entry.text("because")}});
  }
  return list;
}

std::string_view backend_text(const drill::Record& record) {
  if (record.verdict == drill::Verdict::kReplayed) return "replayed from the committed record";
  if (record.backends.empty()) return "not run";
  return record.backends.size() > 1 ? "lockstep engine and GPU" : "lockstep engine";
}

// Everything of one drill page, in the order of the template.
class DrillPage {
 public:
  DrillPage(const SiteModel& site, const TemplateSet& templates, const model::Page& page)
      : site_(site), page_(page), body_(site, templates, page) {}

  PageView view() const {
    Map drill{{"minutes", page_.front.integer("minutes", 0)},
              {"facts", facts()},
              {"verdict", overall_verdict()},
              {"predict", Html{rendered_text(page_.front.text("predict"))}},
              {"starter", starter_code()},
              {"starter_output", starter_output()},
              {"starter_verdict", starter() != nullptr ? verdict_view(*starter()) : verdict_view("skipped")},
              {"download_url", ""},
              {"command", fmt::format("drillpress run {}/starter", page_.id)},
              {"tips", tips()},
              {"rungs", rungs()},
              {"comparisons", comparisons()},
              {"figures", drill_figures(site_, page_)},
              {"devices", device_views(site_, page_)},
              {"mutants", mutants()},
              {"cards", cards()},
              {"provenance", provenance()}};
    for (const markdown::Section& section : markdown::sections(page_.document)) {
      for (const model::RequiredSection& row : model::required_sections(model::PageKind::kDrill)) {
        if (section.title == row.heading) {
          drill.set(row.place, section_body_view(section.id, section.title, body_.section(section)));
        }
      }
    }
    PageFacts page_facts{"drill",   page_.id, page_.title(), page_.front.text("description"),
                         page_.url, "drills", &page_};
    page_facts.toc = contents();
    page_facts.verdicts = verdict_counts(records_of(site_, page_), body_.skipped_blocks());
    return {
        "drill.html", page_.url,
        Map{{"site", site_view(site_)}, {"page", page_view(site_, page_facts)}, {"drill", std::move(drill)}}};
  }

 private:
  std::vector<model::FrontMatter> rung_entries() const { return page_.front.records("rungs"); }
  const drill::Record* record(const std::string& name) const { return site_.record(page_.id + "/" + name); }
  const drill::Program* program(const std::string& name) const {
    return site_.programs.find(page_.id + "/" + name);
  }
  const drill::Record* starter() const { return record("starter"); }

  List facts() const {
    std::size_t caught = 0, mutants = 0;
    for (const model::FrontMatter& mutant : page_.front.records("mutants")) {
      const drill::Record* r = record("mutants/" + mutant.text("id"));
      ++mutants;
      if (r != nullptr && !r->caught_by.empty()) ++caught;
    }
    List list;
    if (page_.front.has("difficulty"))
      list.push_back(fact_view("Difficulty", page_.front.text("difficulty")));
    list.push_back(fact_view("Time box", page_.front.text("minutes") + " min"));
    list.push_back(fact_view("Rungs", std::to_string(rung_entries().size())));
    list.push_back(fact_view("Mutants caught", fmt::format("{} of {}", caught, mutants)));
    return list;
  }

  // The weakest verdict of the rungs stands for the drill.
  Value overall_verdict() const {
    static constexpr drill::Verdict kWeakestFirst[] = {
        drill::Verdict::kFailed,   drill::Verdict::kStale,       drill::Verdict::kSkipped,
        drill::Verdict::kReplayed, drill::Verdict::kRanOnEngine, drill::Verdict::kRanOnGpu};
    for (const drill::Verdict verdict : kWeakestFirst) {
      for (const model::FrontMatter& rung : rung_entries()) {
        const drill::Record* r = record(rung.text("id"));
        if (r != nullptr && r->verdict == verdict) return verdict_view(badge_of(verdict));
      }
    }
    return verdict_view("skipped");
  }

  Value starter_code() const {
    const drill::Program* p = program("starter");
    return p != nullptr ? code_view(*p, page_.front.record("starter").text("file"))
                        : Value(Map{{"language", "CUDA C++"}, {"title", ""}, {"code", Html{""}}});
  }

  std::string starter_output() const { return starter() != nullptr ? starter()->output : ""; }

  List tips() const {
    List list;
    for (const model::Named& tip : page_.front.list("tips")) list.push_back(Html{rendered_text(tip.text)});
    return list;
  }

  List rungs() const {
    List list;
    const drill::Program* previous = nullptr;
    std::string previous_title;
    for (const model::FrontMatter& entry : rung_entries()) {
      const drill::Program* p = program(entry.text("id"));
      const drill::Record* r = record(entry.text("id"));
      if (p == nullptr || r == nullptr) continue;
      List diff;
      if (previous != nullptr) {
        diff = diff_view(visible_code(previous->code).value_or(""), visible_code(p->code).value_or(""));
      }
      list.push_back(Map{{"id", entry.text("id")},
                         {"title", entry.text("title")},
                         {"anchor", "rung-" + entry.text("id")},
                         {"source", code_view(*p, entry.text("file"))},
                         {"diff", std::move(diff)},
                         {"diff_title", previous != nullptr ? "Changes from " + previous_title : ""},
                         {"prediction", Html{rendered_text(entry.text("prediction"))}},
                         {"insight", Html{rendered_text(entry.text("insight"))}},
                         {"verdict", verdict_view(*r)},
                         {"backend", backend_text(*r)},
                         {"output", r->output},
                         {"checks", check_views(*r)},
                         {"counters", headline_counters(*r)},
                         {"counter_groups", counter_groups(*r)},
                         {"counters_note", counters_note(*r)},
                         {"hot_lines", hot_lines(*p, *r)},
                         {"resources", resource_views(*r)},
                         {"occupancy", occupancy_figures(*r, entry.text("id"), entry.text("title"))},
                         {"expected", expected_views(page_, entry.text("id"), *p, *r)},
                         {"measurements", measurement_views(site_, *p)},
                         {"provenance", provenance_view(*r)},
                         {"input_key", r->key}});
      previous = p;
      previous_title = entry.text("title");
    }
    return list;
  }

  // A headline counter is compared across the rungs where at least two of them differ in it.
  List comparisons() const {
    List list;
    for (const CounterRow& row : counter_rows()) {
      if (!row.headline) continue;
      std::vector<std::pair<const model::FrontMatter*, double>> values;
      const auto entries = rung_entries();
      for (const model::FrontMatter& entry : entries) {
        const drill::Record* r = record(entry.text("id"));
        if (r == nullptr) continue;
        const auto at = r->metrics.find(std::string(row.metric));
        if (at != r->metrics.end()) values.emplace_back(&entry, at->second);
      }
      if (values.size() < 2) continue;
      const auto by_value = [](const auto& a, const auto& b) { return a.second < b.second; };
      const double least = std::min_element(values.begin(), values.end(), by_value)->second;
      const double most = std::max_element(values.begin(), values.end(), by_value)->second;
      if (least == most) continue;
      List rows;
      for (const auto& [entry, value] : values) {
        rows.push_back(Map{{"title", entry->text("title")},
                           {"url", "#rung-" + entry->text("id")},
                           {"value", number_text(value)},
                           {"percent", fmt::format("{:.2f}", 100 * value / most)},
                           {"best", value == (row.fewer_is_better ? least : most)}});
      }
      list.push_back(Map{{"id", base::slugify(row.metric)},
                         {"label", fmt::format("{}: {}", row.group, row.label)},
                         {"unit", row.unit},
                         {"explain", row.explain},
                         {"rows", std::move(rows)}});
    }
    return list;
  }

  List mutants() const {
    List list;
    for (const model::FrontMatter& entry : page_.front.records("mutants")) {
      const drill::Program* p = program("mutants/" + entry.text("id"));
      const drill::Record* r = record("mutants/" + entry.text("id"));
      if (p == nullptr || r == nullptr) continue;
      list.push_back(Map{{"id", entry.text("id")},
                         {"title", entry.text("title")},
                         {"caught_by", r->caught_by.empty() ? "" : r->caught_by.front()},
                         {"expected_catcher", entry.text("caught_by")},
                         {"verdict", verdict_view(*r)},
                         {"detail", first_finding(*r)},
                         {"diff", mutant_diff(*p)}});
    }
    return list;
  }

  static std::string first_finding(const drill::Record& r) {
    if (!r.findings.empty()) return r.findings.front().message;
    if (!r.harness) return r.reason;
    for (const drill::HarnessCase& c : r.harness->cases) {
      if (!c.failures.empty()) {
        const drill::HarnessFailure& f = c.failures.front();
        if (!f.message.empty()) return fmt::format("case {}: {}", c.name, f.message);
        return fmt::format("case {}: expected {}, got {}", c.name, f.expected, f.actual);
      }
    }
    return r.reason;
  }

  // Against the rung that it differs least from.
  List mutant_diff(const drill::Program& mutant) const {
    const std::string code = visible_code(mutant.code).value_or("");
    std::size_t fewest = 0;
    std::string nearest;
    for (const model::FrontMatter& entry : rung_entries()) {
      const drill::Program* p = program(entry.text("id"));
      if (p == nullptr) continue;
      const std::string other = visible_code(p->code).value_or("");
      const auto rows = highlight::line_diff(other, code);
      const auto changes =
          static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const auto& row) {
            return row.change != highlight::LineChange::kSame;
          }));
      if (nearest.empty() || changes < fewest) {
        fewest = changes;
        nearest = other;
      }
    }
    return diff_view(nearest, code);
  }

  List cards() const {
    List list;
    for (const model::Named& named : page_.front.list("cards")) {
      if (const model::Page* card = site_.registry.find(model::PageKind::kCard, named.text)) {
        list.push_back(content_link_view(site_, *card, page_.url));
      }
    }
    return list;
  }

  List provenance() const {
    for (const model::FrontMatter& rung : rung_entries()) {
      const drill::Record* r = record(rung.text("id"));
      if (r == nullptr) continue;
      List facts;
      if (!r->provenance.compiler.empty()) facts.push_back(fact_view("Compiler", r->provenance.compiler));
      if (!r->provenance.engine.empty()) facts.push_back(fact_view("Engine", r->provenance.engine));
      if (r->harness) {
        facts.push_back(fact_view("Seed", std::to_string(r->harness->seed)));
        facts.push_back(fact_view("Tolerance", r->harness->tolerance));
      }
      return facts;
    }
    return {};
  }

  List contents() const {
    List list;
    const auto add = [&](std::string id, std::string title, List children = {}) {
      list.push_back(
          Map{{"id", std::move(id)}, {"title", std::move(title)}, {"children", std::move(children)}});
    };
    List rung_links;
    for (const model::FrontMatter& entry : rung_entries()) {
      rung_links.push_back(Map{{"id", "rung-" + entry.text("id")}, {"title", entry.text("title")}});
    }
    for (const markdown::Section& section : markdown::sections(page_.document)) {
      if (section.title == "The ladder") {
        if (!page_.front.list("tips").empty()) add("tips", "Tips");
        add(section.id, section.title, rung_links);
        if (!comparisons().empty() || !drill_figures(site_, page_).empty())
          add("compare", "Rungs side by side");
        add("measured", "On a GPU");
        add("kill-table", "Kill table");
      } else {
        add(section.id, section.title);
        if (section.title == "The task" && page_.front.has("predict")) add("predict", "Guess first");
      }
    }
    add("provenance", "Provenance");
    return list;
  }

  const SiteModel& site_;
  const model::Page& page_;
  PageBody body_;
};

}  // namespace

PageView drill_view(const SiteModel& site, const TemplateSet& templates, const model::Page& page) {
  return DrillPage(site, templates, page).view();
}

}  // namespace drillpress::pipeline
