#include "stats/summary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "stats/order.h"
#include "stats/shape.h"

namespace drillpress::stats {
namespace {

struct StatementRow {
  Statement statement;
  std::string_view name, text;
};
constexpr std::array<StatementRow, 8> kStatements = {{
    {Statement::kBelowFloor, "below_floor", "rejected: faster than the device can be"},
    {Statement::kTooFew, "too_few", "too few samples"},
    {Statement::kThrottled, "throttled", "the clock was lowered, or the times drifted"},
    {Statement::kBimodal, "bimodal", "two modes: no single number describes it"},
    {Statement::kTimeLimit, "time_limit", "stopped at the time limit"},
    {Statement::kStable, "stable", "stable"},
    {Statement::kNotRanked, "not_ranked", "under 50 µs: not ranked"},
    {Statement::kNoBandwidthClaim, "no_bandwidth_claim",
     "working set under 4 × L2: says nothing about bandwidth"},
}};

const StatementRow& row_of(Statement statement) {
  return kStatements.at(static_cast<std::size_t>(statement));
}

std::vector<Statement> judge(const std::vector<double>& in_order, const Summary& summary,
                             const Conditions& conditions) {
  const double total = summary.mean * static_cast<double>(summary.n);
  std::vector<Statement> out;
  const auto say = [&](bool true_of_it, Statement statement) {
    if (true_of_it) out.push_back(statement);
  };
  say(summary.min < conditions.floor_ns, Statement::kBelowFloor);
  say(summary.n < kLeastSamples || total < kLeastTotalNs, Statement::kTooFew);
  // A series that drifts may lie on two levels as well; the drift is what explains it.
  const bool throttled = !conditions.throttle_reasons.empty() || drifts(in_order);
  say(throttled, Statement::kThrottled);
  say(!throttled && is_bimodal(in_order), Statement::kBimodal);
  say(summary.relative_standard_error > kTargetRelativeError, Statement::kTimeLimit);
  say(out.empty(), Statement::kStable);
  say(summary.median < kLeastRankedNs, Statement::kNotRanked);
  say(conditions.working_set_bytes < kLeastWorkingSets * conditions.l2_bytes || conditions.l2_bytes <= 0,
      Statement::kNoBandwidthClaim);
  return out;
}

}  // namespace

std::string_view name_of(Statement statement) {
  return row_of(statement).name;
}
std::string_view text_of(Statement statement) {
  return row_of(statement).text;
}

bool Summary::says(Statement statement) const {
  return std::find(statements.begin(), statements.end(), statement) != statements.end();
}

bool Summary::ranked() const {
  return median_interval && std::none_of(statements.begin(), statements.end(), [](Statement s) {
           return s <= Statement::kBimodal || s == Statement::kNotRanked;
         });
}

base::Result<Summary> summarise(const std::vector<double>& in_order, const Conditions& conditions) {
  if (in_order.empty()) return base::Failure{"there are no samples"};
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    if (!(in_order[i] > 0) || !std::isfinite(in_order[i]))
      return base::Failure{"sample " + std::to_string(i + 1) + " is no positive number"};
  }
  std::vector<double> sorted = in_order;
  std::sort(sorted.begin(), sorted.end());
  Summary out;
  out.n = sorted.size();
  out.min = sorted.front();
  out.first_quartile = quantile(sorted, 0.25);
  out.median = quantile(sorted, 0.5);
  out.third_quartile = quantile(sorted, 0.75);
  out.max = sorted.back();
  const auto n = static_cast<double>(out.n);
  for (const double sample : sorted) out.mean += sample;
  out.mean /= n;
  double squares = 0;
  for (const double sample : sorted) squares += (sample - out.mean) * (sample - out.mean);
  if (out.n > 1) out.standard_deviation = std::sqrt(squares / (n - 1));
  out.relative_standard_error = out.standard_deviation / std::sqrt(n) / out.mean;
  if (const auto ranks = median_interval_ranks(out.n))
    out.median_interval = Interval{sorted[ranks->first], sorted[ranks->second]};
  out.statements = judge(in_order, out, conditions);
  return out;
}

bool is_faster(const Summary& a, const Summary& b) {
  return a.ranked() && b.ranked() && a.median_interval->high < b.median_interval->low;
}

}  // namespace drillpress::stats
