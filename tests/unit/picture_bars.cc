#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "picture/bars.h"
#include "picture/roofline.h"
#include "picture/samples.h"
#include "picture_fixture.h"

using namespace drillpress::picture;
using drillpress::picture::testing::check_golden;
using drillpress::picture::testing::check_sound;

namespace {

BarChart chart(std::vector<BarGroup> groups) {
  return {"chart", "A chart", "Rung", "Count", "", std::move(groups), "Counted."};
}

}  // namespace

TEST_CASE("bars: a group with a mark, intervals, a missing value") {
  BarGroup first{"Bytes moved", {}, 2048, "the task needs 2,048"};
  first.bars = {{"naive", 8192, "8,192"}, {"tiled", 2048, "2,048", {}, 1900, 2200, true}};
  BarGroup second{"Time", {{"naive", {}, "not yet measured"}, {"tiled", {}, "not yet measured"}}, {}, ""};
  const Picture picture = render_bars(chart({first, second}));
  check_sound(picture);
  check_golden("bars", picture.svg);
  CHECK(picture.columns == std::vector<std::string>{"Of", "Rung", "Count"});
  CHECK(picture.rows[3] == std::vector<std::string>{"Time", "tiled", "not yet measured"});
}

TEST_CASE("bars: ranges begin where they say") {
  BarGroup group{"", {{"IC1", 193, "157–193", 157}, {"IC4", {}, "not in the source"}}, {}, ""};
  const Picture picture = render_bars(chart({group}));
  check_sound(picture);
  check_golden("ranges", picture.svg);
}

TEST_CASE("bars: a sum shows its first part in another tone") {
  Bar sum{"IC1", 200, "150 + 50 = 200"};
  sum.first = 150;
  const Picture picture = render_bars(chart({BarGroup{"", {sum, {"IC4", {}, "not in the source"}}, {}, ""}}));
  check_sound(picture);
  const auto width_of = [&](std::string_view css) {
    const std::size_t at = picture.svg.find(fmt::format("class=\"{}\"", css));
    REQUIRE(at != std::string::npos);
    const std::size_t begin = picture.svg.rfind("<rect", at);
    const std::size_t value = picture.svg.find("width=\"", begin) + 7;
    return std::stod(picture.svg.substr(value));
  };
  CHECK(width_of("pic-fill") / width_of("pic-bar") == Approx(0.75).margin(0.01));
}

TEST_CASE("bars: none, one, many, huge ratios, zero, long names and long marks stay inside and apart") {
  check_sound(render_bars(chart({})));
  check_sound(render_bars(chart({BarGroup{}})));
  const std::string longest(200, 'W');
  for (const double least : {0.0, 1e-12, 1.0, 999.0}) {
    for (const int count : {1, 2, 40}) {
      BarGroup group{longest, {}, least, "the task needs " + longest};
      for (int i = 0; i < count; ++i)
        group.bars.push_back({longest + std::to_string(i), i == 0 ? least : 1e12, "1,000,000,000,000"});
      const Picture picture = render_bars(chart({group, group}));
      check_sound(picture);
      CHECK(picture.rows.size() == static_cast<std::size_t>(2 * count));
    }
  }
}

TEST_CASE("roofline: kernels without a measurement show what the roof allows, not a point") {
  const Roof roof{"a device", 3.35e12, 66.9e12};
  CHECK(ceiling(roof, 1) == 3.35e12);
  CHECK(ceiling(roof, 1000) == 66.9e12);
  const Picture picture = render_roofline("roof", "Under the roof", roof,
                                          {{"naive", 0.0625, {}}, {"tiled", 0.25, 5e11}, {"copy", 0, {}}});
  check_sound(picture);
  check_golden("roofline", picture.svg);
  CHECK(picture.rows[0] == std::vector<std::string>{"naive", "0.0625", "209.38 GFLOP/s", "not yet measured"});
  CHECK(picture.rows[1][3] == "500 GFLOP/s");
  CHECK(picture.rows[2][2] == "no FP32 work: memory alone");
}

TEST_CASE("roofline: no rung, equal rungs, many rungs, extreme intensities") {
  const Roof roof{"a device", 1e12, 1e13};
  check_sound(render_roofline("roof", "Roof", roof, {}));
  std::vector<RoofPoint> points;
  for (int i = 0; i < 12; ++i)
    points.push_back({std::string(80, 'x'), i < 8 ? 0.25 : 1e-4 * std::pow(10.0, i - 8), {}});
  check_sound(render_roofline("roof", "Roof", roof, points));
  check_sound(render_roofline("roof", "Roof", roof, {{"far", 1e6, 1e13}, {"near", 1e-6, 1.0}}));
}

TEST_CASE("samples: a distribution that says when it is empty") {
  const Picture none = render_samples({"s", "Times", {}, "µs"});
  CHECK(none.svg.find("not yet measured") != std::string::npos);
  CHECK(none.rows.empty());
  const Picture some = render_samples({"s", "Times", {412, 411, 413, 412, 440, 412.5, 411.5, 412.2}, "µs"});
  check_sound(some);
  check_golden("samples", some.svg);
  CHECK(some.caption == "8 samples, median 412.1 µs, quartiles 411.9 µs and 412.6 µs.");
  check_sound(render_samples({"s", "Times", {5, 5, 5}, "µs"}));
}
