// The comparator, the random data and the command line.
#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <string>

#include "compare.h"
#include "experiment.h"
#include "options.h"
#include "random.h"

using namespace drill;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("an element agrees only within its tolerance, and never by being NaN") {
  struct Row {
    Actual actual;
    Expected expected;
    bool agrees;
  };
  const Row rows[] = {
      {{1.0}, {1.0, 0}, true},          {{1.5}, {1.0, 0.5}, true},      {{1.5000001}, {1.0, 0.5}, false},
      {{0.4999999}, {1.0, 0.5}, false}, {{-0.0}, {0.0, 0}, true},       {{kNan}, {1.0, 1e300}, false},
      {{kInf}, {1.0, 1e300}, false},    {{1.0}, {1.0, kNan}, false},    {{kNan}, {kNan, 0}, true},
      {{kNan, true}, {kNan, 0}, false}, {{0.0}, {kNan, kInf}, false},   {{kInf}, {kInf, 0}, true},
      {{-kInf}, {kInf, kInf}, false},   {{1e308}, {kInf, kInf}, false}, {{kNan}, {kInf, kInf}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.actual.value, row.actual.poisoned, row.expected.value, row.expected.tolerance);
    CHECK(agrees(row.actual, row.expected) == row.agrees);
  }
}

TEST_CASE("compare counts every mismatch and remembers the first and the worst") {
  const std::vector<Expected> expected = {{1, 0.1}, {2, 0.2}, {3, 0.3}, {4, 0.4}};
  const double actual[] = {1.05, 2.5, 3.0, kNan};
  const Comparison c = compare(expected, [&](std::size_t i) { return Actual{actual[i]}; });
  CHECK(c.mismatches == 2);
  CHECK(c.first == 1);
  CHECK(c.max_error == 0.5);
  CHECK(c.tolerance == 0.2);
}

TEST_CASE("an exact result reports the widest tolerance it was held to") {
  const std::vector<Expected> expected = {{1, 0.1}, {2, 0.3}, {3, 0.2}};
  const Comparison c = compare(expected, [&](std::size_t i) { return Actual{expected[i].value}; });
  CHECK(c.mismatches == 0);
  CHECK(c.max_error == 0);
  CHECK(c.tolerance == 0.3);
}

TEST_CASE("SplitMix64 gives the published sequence") {
  // The first outputs of the reference implementation for seed 1234567.
  Random random(1234567);
  CHECK(random.next() == 6457827717110365317u);
  CHECK(random.next() == 3203168211198807973u);
  CHECK(random.next() == 9817491932198370423u);
}

TEST_CASE("seeds differ by name and by seed, and repeat") {
  CHECK(derive_seed("a", 1) == derive_seed("a", 1));
  CHECK(derive_seed("a", 1) != derive_seed("b", 1));
  CHECK(derive_seed("a", 1) != derive_seed("a", 2));
  CHECK(derive_seed("ab", 1) != derive_seed("ba", 1));
}

TEST_CASE("the table of distributions is in the order of its ids and names each once") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < std::size(kDistributions); ++i) {
    CHECK(static_cast<std::size_t>(kDistributions[i].id) == i);
    names.insert(kDistributions[i].name);
  }
  CHECK(names.size() == std::size(kDistributions));
}

TEST_CASE("distributions hold what their names say") {
  const auto sample = [](Distribution id) {
    std::vector<double> values;
    Random random(7);
    for (int i = 0; i < 1000; ++i) values.push_back(row_of(id).draw(random));
    return values;
  };
  const auto count = [&](Distribution id, auto predicate) {
    const auto values = sample(id);
    return std::count_if(values.begin(), values.end(), predicate);
  };
  CHECK(count(Distribution::uniform, [](double x) { return x >= 0.5 && x < 1.5; }) == 1000);
  CHECK(count(Distribution::constant, [](double x) { return x == 1.25; }) == 1000);
  CHECK(count(Distribution::mixed_signs, [](double x) { return x < 0; }) > 250);
  CHECK(count(Distribution::mixed_signs, [](double x) { return x > 0; }) > 500);
  CHECK(count(Distribution::magnitudes, [](double x) { return std::abs(x) < 0x1p-15; }) > 50);
  CHECK(count(Distribution::magnitudes, [](double x) { return std::abs(x) > 0x1p15; }) > 50);
  CHECK(count(Distribution::infinities, [](double x) { return x == kInf; }) > 0);
  CHECK(count(Distribution::infinities, [](double x) { return std::isnan(x) || x < 0; }) == 0);
  CHECK(count(Distribution::specials, [](double x) { return std::isnan(x); }) > 0);
  CHECK(count(Distribution::specials, [](double x) { return x == 0 && std::signbit(x); }) > 0);
  CHECK(count(Distribution::specials, [](double x) { return x == 0x1p-149; }) > 0);
}

TEST_CASE("the vector cases are the sizes that break kernels, each with its own name") {
  std::set<std::string> names;
  for (const Case& one : vector_cases()) names.insert(one.name());
  CHECK(names.size() == vector_cases().size());
  for (const char* name : {"0", "1", "31", "32", "33", "127", "129", "1023", "1025", "65539", "1025-constant",
                           "1025-mixed-signs", "1025-magnitudes", "1023-offset", "1025-staggered"})
    CHECK(names.count(name) == 1);
}

TEST_CASE("inputs repeat under a seed and differ between buffers and seeds") {
  const auto draw = [](std::uint64_t seed, const char* name) {
    Experiment e({{64}}, seed);
    const auto in = e.input<float>(name, {64});
    std::vector<float> values;
    for (std::size_t i = 0; i < 64; ++i) values.push_back(in[i]);
    return values;
  };
  CHECK(draw(1, "a") == draw(1, "a"));
  CHECK(draw(1, "a") != draw(1, "b"));
  CHECK(draw(1, "a") != draw(2, "a"));
}

TEST_CASE("a reference beyond the element's range is an infinity") {
  Experiment e({{3}}, 1);
  const double values[] = {1e39, -1e39, 3e38};
  e.output<float>("out", {3}, [&](std::size_t i) { return Expected{values[i]}; });
  CHECK(e.buffers[0].expected[0].value == kInf);
  CHECK(e.buffers[0].expected[1].value == -kInf);
  CHECK(e.buffers[0].expected[2].value == 3e38);
}

TEST_CASE("the command line") {
  const auto parse = [](std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "drill");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
  };
  CHECK(parse({}).error.empty());
  CHECK(parse({"--case", "33", "--seed", "18446744073709551615"}).only == "33");
  CHECK(parse({"--seed", "18446744073709551615"}).seed == 18446744073709551615u);
  CHECK(parse({"--list"}).list);
  CHECK(parse({"--help"}).help);
  CHECK(parse({"--cases"}).error == "unknown argument '--cases'");
  CHECK(parse({"--case"}).error == "--case needs a value");
  for (const char* bad : {"", "x", "1x", "-1", "1.5", "18446744073709551616"}) {
    CAPTURE(bad);
    CHECK(!parse({"--seed", bad}).error.empty());
  }
}
