// The rules of measuring against a made-up clock: when a series stops, who takes turns, and that both sides
// of the project go by the same numbers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>

#include "measure_report.h"
#include "rules.h"
#include "stats/summary.h"

using namespace drill;

namespace {
struct Series {
  double sample_ns = 0, turn_seconds = 0;
  SampleRow row = {};
};
}  // namespace

TEST_CASE("the recorder and the judge of samples have the same limits") {
  CHECK(kLeastSamples == drillpress::stats::kLeastSamples);
  CHECK(kLeastTotalNs == drillpress::stats::kLeastTotalNs);
  CHECK(kRelativeError == drillpress::stats::kTargetRelativeError);
  // What is ranked can reach its half second before the samples run out.
  CHECK(static_cast<double>(kMostSamples) * drillpress::stats::kLeastRankedNs >= kLeastTotalNs);
}

TEST_CASE("a series stops by precision only when it is long enough") {
  SampleRow row;
  CHECK(row.stop() == Stop::no);
  for (int i = 0; i < 9; ++i) row.add(1e9, 1);
  CHECK(row.stop() == Stop::no);  // nine samples of a second each
  row.add(1e9, 1);
  CHECK(row.stop() == Stop::precision);

  SampleRow brief;
  for (int i = 0; i < 4999; ++i) brief.add(1e5, 1e-3);
  CHECK(brief.stop() == Stop::no);  // 0.4999 s of device time
  brief.add(1e5, 1e-3);
  CHECK(brief.stop() == Stop::precision);
}

TEST_CASE("a noisy series goes on until its time is over, a short one until it has enough samples") {
  SampleRow noisy;
  int turns = 0;
  while (noisy.stop() == Stop::no) noisy.add(++turns % 2 ? 1e8 : 3e8, 0.25);
  CHECK(noisy.stop() == Stop::time);
  CHECK(turns == 60);

  SampleRow tiny;
  while (tiny.stop() == Stop::no) tiny.add(1000, 1e-6);
  CHECK(tiny.stop() == Stop::samples);
  CHECK(tiny.samples_ns.size() == kMostSamples);
}

TEST_CASE("the running error is that of the samples") {
  SampleRow row;
  for (const double ns : {1e6, 2e6, 4e6, 5e6}) row.add(ns, 0);
  // Mean 3e6, squared deviations 4 + 1 + 1 + 4 = 10 e12, variance 10/3 e12, error of the mean sqrt(10/12) e6.
  CHECK(row.relative_error() == Approx(std::sqrt(10.0 / 12) / 3));
  CHECK(std::isinf(SampleRow().relative_error()));
}

TEST_CASE("every series takes one sample a round, in an order that changes and that the seed repeats") {
  const auto play = [](std::uint64_t seed) {
    Series a{6e7, 0.01}, b{6e7, 0.01}, c{6e7, 0.01};
    const std::map<Series*, char> names = {{&a, 'a'}, {&b, 'b'}, {&c, 'c'}};
    std::string turns;
    Random random(seed);
    int rounds = 0;
    take_turns(
        std::vector<Series*>{&a, &b, &c}, random,
        [&](Series& s) {
          turns += names.at(&s);
          s.row.add(s.sample_ns, s.turn_seconds);
        },
        [&] { ++rounds; });
    CHECK(rounds == 10);
    return turns;
  };
  const std::string turns = play(1);
  REQUIRE(turns.size() == 30);
  std::map<std::string, int> orders;
  for (std::size_t round = 0; round < turns.size(); round += 3) {
    std::string order = turns.substr(round, 3);
    ++orders[order];
    std::sort(order.begin(), order.end());
    CHECK(order == "abc");
  }
  CHECK(orders.size() > 1);
  CHECK(play(1) == turns);
  CHECK(play(2) != turns);
}

TEST_CASE("a series that has stopped takes no more turns") {
  Series fast{1e9, 0.01}, slow{1e6, 1.0};
  Random random(1);
  take_turns(
      std::vector<Series*>{&fast, &slow}, random, [](Series& s) { s.row.add(s.sample_ns, s.turn_seconds); },
      [] {});
  CHECK(fast.row.samples_ns.size() == 10);
  CHECK(slow.row.samples_ns.size() == 15);
  CHECK(slow.row.stop() == Stop::time);
}

TEST_CASE("a shuffle gives every order about as often") {
  Random random(5);
  std::map<std::string, int> orders;
  for (int i = 0; i < 6000; ++i) {
    std::vector<char> items = {'a', 'b', 'c'};
    shuffle(items, random);
    ++orders[{items.begin(), items.end()}];
  }
  CHECK(orders.size() == 6);
  for (const auto& [order, count] : orders) {
    CAPTURE(order);
    CHECK(count > 880);
    CHECK(count < 1120);
  }
}

TEST_CASE("clocks keep the extremes and every reason that was seen") {
  Clocks clocks;
  clocks.add(1980, 40, 0x0);
  clocks.add(1500, 61, 0x4);
  clocks.add(1755, 55, 0x1 | 0x40);
  CHECK(clocks.readings == 3);
  CHECK(clocks.least_sm_mhz == 1500);
  CHECK(clocks.most_sm_mhz == 1980);
  CHECK(clocks.least_celsius == 40);
  CHECK(clocks.most_celsius == 61);
  CHECK(clocks.reason_names(true) == std::vector<std::string>{"sw_power_cap", "hw_thermal_slowdown"});
  CHECK(clocks.reason_names(false) == std::vector<std::string>{"gpu_idle"});
}

TEST_CASE("the report of a measurement is one line of JSON with sorted keys") {
  MeasureReport report;
  report.drill = "transpose";
  report.case_name = "8x9";
  report.seed = 7;
  report.device = R"({"name":"A \"GPU\""})";
  report.cost = {288, 288, 5};
  report.working_set_bytes = 576;
  report.contestants = {{"naive", "rung", ""},
                        {"cub", "baseline", "before timing: out[0] is wrong, first of 2"}};
  MeasureReport::Series series;
  series.contestant = "naive";
  for (int i = 0; i < 10; ++i) series.row.add(1e8, 1);
  series.clocks.add(1980, 40, 0x4);
  report.series = {series};
  CHECK(
      render(report) ==
      R"({"arithmetic":"cuda_cores","bytes_read":288,"bytes_written":288,"case":"8x9",)"
      R"("contestants":[{"kind":"rung","name":"naive","problem":""},)"
      R"({"kind":"baseline","name":"cub","problem":"before timing: out[0] is wrong, first of 2"}],)"
      R"("device":{"name":"A \"GPU\""},"drill":"transpose","operations":5,"schema":1,"seed":7,)"
      R"("series":[{"clocks":{"least_celsius":40,"least_sm_mhz":1980,"most_celsius":40,"most_sm_mhz":1980,)"
      R"("other_reasons":[],"readings":1,"throttle_reasons":["sw_power_cap"]},"cold":true,"contestant":"naive",)"
      R"("samples_ns":[1e+08,1e+08,1e+08,1e+08,1e+08,1e+08,1e+08,1e+08,1e+08,1e+08],"stopped":"precision"}],)"
      R"("working_set_bytes":576})"
      "\n");
  CHECK(render_summary(report) ==
        "transpose 8x9\n  naive cold: 1e+05 us, 10 samples, stopped by precision\n");
}
