// What is said of synthetic series, each made to be of one kind. Times in nanoseconds.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "stats/summary.h"

using namespace drillpress::stats;

namespace {

// The same numbers everywhere: distributions of the standard library differ between libraries.
class Noise {
 public:
  double uniform() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::mt19937_64 bits_{20261121};
};

std::vector<double> series(std::size_t n, const std::function<double(Noise&, std::size_t)>& sample) {
  Noise noise;
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(sample(noise, i));
  return out;
}

constexpr double kMicrosecond = 1e3, kMillisecond = 1e6;
const Conditions kPlain = {0, 1e9, 5e7, {}};

struct Kind {
  const char* name;
  std::vector<double> samples;
  Conditions conditions;
  std::vector<Statement> statements;
};

using S = Statement;

std::vector<Kind> kinds() {
  const auto steady =
      series(2000, [](Noise& r, std::size_t) { return kMillisecond * (1 + 0.002 * r.normal()); });
  return {
      {"steady", steady, kPlain, {S::kStable}},
      {"constant", std::vector<double>(600, kMillisecond), kPlain, {S::kStable}},
      {"one sample", {kMillisecond}, kPlain, {S::kTooFew}},
      {"nine long samples", std::vector<double>(9, 1e9), kPlain, {S::kTooFew}},
      {"many short samples", std::vector<double>(100, kMillisecond), kPlain, {S::kTooFew}},
      {"ten samples of 50 ms", std::vector<double>(10, 50 * kMillisecond), kPlain, {S::kStable}},
      {"uniform over 4 %",
       series(3000, [](Noise& r, std::size_t) { return kMillisecond * (0.98 + 0.04 * r.uniform()); }),
       kPlain,
       {S::kStable}},
      {"drifting by 5 %",
       series(1000,
              [](Noise& r, std::size_t i) {
                return kMillisecond * (1 + 0.05 * static_cast<double>(i) / 1000 + 0.002 * r.normal());
              }),
       kPlain,
       {S::kThrottled}},
      {"drifting by 0.2 %: beyond chance, but it changes nothing",
       series(4000,
              [](Noise& r, std::size_t i) {
                return kMillisecond * (1 + 0.002 * static_cast<double>(i) / 4000 + 0.001 * r.normal());
              }),
       kPlain,
       {S::kStable}},
      {"a step in the middle",
       series(1000, [](Noise& r,
                       std::size_t i) { return kMillisecond * ((i < 500 ? 1 : 1.1) + 0.002 * r.normal()); }),
       kPlain,
       {S::kThrottled}},
      {"a clock that was lowered", steady, {0, 1e9, 5e7, {"sw_thermal_slowdown"}}, {S::kThrottled}},
      {"two modes, mixed",
       series(1000,
              [](Noise& r, std::size_t) {
                return kMillisecond * ((r.uniform() < 0.5 ? 1 : 1.1) + 0.005 * r.normal());
              }),
       kPlain,
       {S::kBimodal}},
      {"two modes, one in five",
       series(1000,
              [](Noise& r, std::size_t) {
                return kMillisecond * ((r.uniform() < 0.2 ? 1.2 : 1) + 0.005 * r.normal());
              }),
       kPlain,
       {S::kBimodal}},
      {"two modes 0.2 % apart",
       series(1000,
              [](Noise& r, std::size_t) {
                return kMillisecond * ((r.uniform() < 0.5 ? 1 : 1.002) + 0.0001 * r.normal());
              }),
       kPlain,
       {S::kStable}},
      {"two ticks of a coarse clock",
       series(1000, [](Noise& r, std::size_t) { return kMillisecond + (r.uniform() < 0.5 ? 0 : 1024); }),
       kPlain,
       {S::kStable}},
      {"one straggler in fifty",
       series(2000,
              [](Noise& r, std::size_t i) {
                return kMillisecond * ((i % 50 == 7 ? 1.5 : 1) + 0.002 * r.normal());
              }),
       kPlain,
       {S::kStable}},
      {"a heavy tail",
       series(20000, [](Noise& r, std::size_t) { return kMillisecond / std::pow(1 - r.uniform(), 1 / 2.5); }),
       kPlain,
       {S::kTimeLimit}},
      {"noise of 20 % in 30 samples",
       series(30, [](Noise& r, std::size_t) { return 100 * kMillisecond * (1 + 0.2 * r.normal()); }),
       kPlain,
       {S::kTimeLimit}},
      {"below the floor", steady, {1.1 * kMillisecond, 1e9, 5e7, {}}, {S::kBelowFloor}},
      {"one sample below the floor",
       series(2000, [](Noise&, std::size_t i) { return i == 3 ? 0.5 * kMillisecond : kMillisecond; }),
       {0.9 * kMillisecond, 1e9, 5e7, {}},
       {S::kBelowFloor}},
      {"short", std::vector<double>(20000, 40 * kMicrosecond), kPlain, {S::kStable, S::kNotRanked}},
      {"50 µs", std::vector<double>(20000, 50 * kMicrosecond), kPlain, {S::kStable}},
      {"a small working set", steady, {0, 1.9e8, 5e7, {}}, {S::kStable, S::kNoBandwidthClaim}},
      {"an unknown cache", steady, {0, 1e9, 0, {}}, {S::kStable, S::kNoBandwidthClaim}},
      {"everything at once",
       series(9, [](Noise& r, std::size_t) { return 10 * kMicrosecond * (1 + 0.3 * r.normal()); }),
       {kMillisecond, 0, 0, {"hw_slowdown"}},
       {S::kBelowFloor, S::kTooFew, S::kThrottled, S::kTimeLimit, S::kNotRanked, S::kNoBandwidthClaim}},
  };
}

}  // namespace

TEST_CASE("each kind of series gets its statement") {
  for (const Kind& kind : kinds()) {
    CAPTURE(kind.name);
    const auto summary = summarise(kind.samples, kind.conditions);
    REQUIRE(summary.ok());
    std::vector<std::string> said, wanted;
    for (const Statement s : summary.value().statements) said.emplace_back(name_of(s));
    for (const Statement s : kind.statements) wanted.emplace_back(name_of(s));
    CHECK(said == wanted);
  }
}

TEST_CASE("what is no time is refused, and so is nothing") {
  const double bad[] = {0,
                        -1,
                        -0.0,
                        std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity()};
  for (const double value : bad) {
    CAPTURE(value);
    const auto summary = summarise({1e6, value, 1e6}, kPlain);
    REQUIRE_FALSE(summary.ok());
    CHECK(summary.error() == "sample 2 is no positive number");
  }
  REQUIRE_FALSE(summarise({}, kPlain).ok());
  CHECK(summarise({}, kPlain).error() == "there are no samples");
}

TEST_CASE("the numbers of a summary") {
  const auto summary = summarise({4e8, 1e8, 3e8, 2e8}, kPlain);
  REQUIRE(summary.ok());
  const Summary& s = summary.value();
  CHECK(s.n == 4);
  CHECK(s.min == 1e8);
  CHECK(s.first_quartile == 1.75e8);
  CHECK(s.median == 2.5e8);
  CHECK(s.third_quartile == 3.25e8);
  CHECK(s.max == 4e8);
  CHECK(s.mean == 2.5e8);
  CHECK(s.standard_deviation == Approx(std::sqrt(5e16 / 3)));
  CHECK(s.relative_standard_error == Approx(std::sqrt(5e16 / 3) / 2 / 2.5e8));
  CHECK_FALSE(s.median_interval);
  CHECK_FALSE(s.ranked());

  const auto one = summarise({7}, kPlain);
  CHECK(one.value().standard_deviation == 0);
  CHECK(one.value().median == 7);
}

TEST_CASE("the order of samples changes what is said of drift, and nothing else") {
  auto sorted = series(1000, [](Noise& r, std::size_t) { return kMillisecond * (1 + 0.04 * r.uniform()); });
  const auto mixed = summarise(sorted, kPlain);
  std::sort(sorted.begin(), sorted.end());
  const auto rising = summarise(sorted, kPlain);
  CHECK(mixed.value().statements == std::vector{S::kStable});
  CHECK(rising.value().statements == std::vector{S::kThrottled});
  CHECK(mixed.value().median == rising.value().median);
  CHECK(mixed.value().mean == rising.value().mean);
}

TEST_CASE("faster only where the intervals are apart and both series may be ranked") {
  const auto around = [](double centre, double width, std::size_t n) {
    return summarise(series(n, [&](Noise& r, std::size_t) { return centre * (1 + width * r.normal()); }),
                     kPlain)
        .value();
  };
  const Summary fast = around(1.00e6, 0.002, 2000), slow = around(1.01e6, 0.002, 2000);
  CHECK(is_faster(fast, slow));
  CHECK_FALSE(is_faster(slow, fast));
  CHECK_FALSE(is_faster(fast, fast));
  const Summary wide_fast = around(1.00e6, 0.1, 600), wide_slow = around(1.002e6, 0.1, 600);
  CHECK(wide_fast.median < wide_slow.median);
  CHECK_FALSE(is_faster(wide_fast, wide_slow));
  const Summary few = around(1.00e6, 0.002, 8), short_run = around(1e4, 0.002, 100000);
  CHECK_FALSE(is_faster(few, slow));
  CHECK_FALSE(is_faster(short_run, slow));
}

TEST_CASE("every statement has a name and a text of its own") {
  for (int i = 0; i <= static_cast<int>(S::kNoBandwidthClaim); ++i) {
    for (int j = 0; j < i; ++j) {
      CHECK(name_of(static_cast<S>(i)) != name_of(static_cast<S>(j)));
      CHECK(text_of(static_cast<S>(i)) != text_of(static_cast<S>(j)));
    }
  }
}
