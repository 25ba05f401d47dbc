#include "pipeline/drill_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "pipeline/load.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::size_t kLeastMutants = 3;

void report(diagnostics::Sink& sink, const base::Span& span, std::string message, std::string help) {
  sink.report({Code::kBadDrill, Severity::kError, span, std::move(message), {}, std::move(help)});
}

struct Operator {
  std::string_view text;
  drill::Comparison comparison;
};
// Longer ones first: "<=" also begins with "<".
constexpr Operator kOperators[] = {
    {"==", drill::Comparison::kEqual},   {"<=", drill::Comparison::kAtMost},
    {">=", drill::Comparison::kAtLeast}, {"<", drill::Comparison::kLess},
    {">", drill::Comparison::kGreater},
};

bool parse_condition(std::string_view text, drill::ExpectedCount& count) {
  text = base::trim(text);
  for (const Operator& row : kOperators) {
    if (!text.starts_with(row.text)) continue;
    const std::string_view number = base::trim(text.substr(row.text.size()));
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count.value);
    count.comparison = row.comparison;
    return error == std::errc() && end == number.data() + number.size() && !number.empty();
  }
  return false;
}

class Planner {
 public:
  Planner(const model::Page& page, const std::string& root, diagnostics::Sink& sink)
      : page_(page), root_(root), sink_(sink) {}

  std::vector<drill::Program> plan() {
    add(page_.front.record("starter"), drill::Role::kStarter, page_.id + "/starter");
    const auto rungs = page_.front.records("rungs");
    if (rungs.empty() && page_.front.has("rungs")) {
      report(sink_, page_.front.span("rungs"), "a drill needs at least one rung",
             "add the naive solution as the first rung");
    }
    for (const model::FrontMatter& rung : rungs) {
      if (is_new(rung, rung_ids_)) add(rung, drill::Role::kRung, page_.id + "/" + rung.text("id"));
    }
    const auto mutants = page_.front.records("mutants");
    if (mutants.size() < kLeastMutants && page_.front.has("mutants")) {
      report(sink_, page_.front.span("mutants"),
             fmt::format("the drill has {} {}; it needs at least {}", mutants.size(),
                         mutants.size() == 1 ? "mutant" : "mutants", kLeastMutants),
             "add variants with mistakes that people really make");
    }
    std::set<std::string> mutant_ids;
    for (const model::FrontMatter& mutant : mutants) {
      if (is_new(mutant, mutant_ids))
        add(mutant, drill::Role::kMutant, page_.id + "/mutants/" + mutant.text("id"));
    }
    add_counts();
    return std::move(programs_);
  }

 private:
  bool is_new(const model::FrontMatter& entry, std::set<std::string>& ids) {
    const std::string id = entry.text("id");
    if (id.empty()) return false;
    if (ids.insert(id).second) return true;
    sink_.report({Code::kDuplicateId,
                  Severity::kError,
                  entry.span("id"),
                  fmt::format("the id `{}` is given twice", id),
                  {},
                  "give one of them another id"});
    return false;
  }

  void add(const model::FrontMatter& entry, drill::Role role, std::string id) {
    const std::string file = entry.text("file");
    if (file.empty()) return;
    const base::Span asked_by = entry.span("file");
    const auto source = load_source(root_, page_.folder + "/" + file, sink_, asked_by);
    if (!source) return;
    drill::Program program;
    program.id = std::move(id);
    program.role = role;
    program.language = drill::Language::kCuda;
    program.code = source->text();
    program.source = source;
    program.span = {source, 0, source->line(1).size()};
    // nvcc's own default. To compile as C++20 takes longer (decision 0002).
    program.standard = "c++17";
    program.include_folders = {"drills/support", page_.folder};
    program.timeout_s = 60;
    program.expectation.kind = drill::Expectation::Kind::kHarness;
    program.wants_resources = role == drill::Role::kRung;
    program.expected_catcher = role == drill::Role::kMutant ? entry.text("caught_by") : "";
    program.catcher_span = role == drill::Role::kMutant ? entry.span("caught_by") : base::Span{};
    programs_.push_back(std::move(program));
  }

  void add_counts() {
    for (const model::FrontMatter& entry : page_.front.records("counts")) {
      drill::ExpectedCount count{entry.text("metric"), {}, 0, entry.span("is")};
      if (!parse_condition(entry.text("is"), count)) {
        report(sink_, entry.span("is"), fmt::format("`{}` is not a condition", entry.text("is")),
               "write a comparison and a number, such as `== 32` or `<= 4.5`");
        continue;
      }
      const std::string id = page_.id + "/" + entry.text("rung");
      const auto program = std::find_if(programs_.begin(), programs_.end(), [&](const drill::Program& p) {
        return p.id == id && p.role == drill::Role::kRung;
      });
      if (program != programs_.end()) {
        program->expected_counts.push_back(std::move(count));
        continue;
      }
      if (rung_ids_.contains(entry.text("rung"))) continue;  // its file has been reported
      const auto near = base::nearest(entry.text("rung"), {rung_ids_.begin(), rung_ids_.end()});
      report(sink_, entry.span("rung"), fmt::format("the drill has no rung `{}`", entry.text("rung")),
             near ? fmt::format("replace it with `{}`", *near) : "name one of the drill's rungs");
    }
  }

  const model::Page& page_;
  const std::string& root_;
  diagnostics::Sink& sink_;
  std::vector<drill::Program> programs_;
  std::set<std::string> rung_ids_;
};

}  // namespace

std::vector<drill::Program> plan_drill(const model::Page& page, const std::string& root,
                                       diagnostics::Sink& sink) {
  return Planner(page, root, sink).plan();
}

}  // namespace drillpress::pipeline
