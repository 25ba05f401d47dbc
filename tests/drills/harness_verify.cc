// What the checks catch: one wrong solution for each, and the right one that passes them all.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "host_device.h"

using namespace drill;
using namespace drill::test;

TEST_CASE("a right solution passes every case in three runs and leaves nothing allocated") {
  solution() = right;
  const Problem problem = doubling();
  for (const Case& which : problem.cases) {
    CAPTURE(which.name());
    HostDevice device;
    const CaseResult result = verify_case(problem, which, device);
    CHECK(failures_of(result).empty());
    CHECK(device.runs == 3);
    CHECK(device.live == 0);
    CHECK(device.profiled_runs == 0);
  }
}

TEST_CASE("exactly the first run of the profiled case is profiled") {
  solution() = right;
  HostDevice device;
  verify_case(doubling(), {{33}}, device, true);
  CHECK(device.profiled_runs == 1);
  CHECK(device.runs == 3);
}

TEST_CASE("the bare run allocates the data and nothing more") {
  solution() = right;
  HostDevice device;
  verify_case(doubling(), {{33}}, device);
  REQUIRE(device.allocated.size() == 6);
  CHECK(device.allocated[0] == 2 * kGuarded.guard_bytes + 33 * sizeof(float));
  CHECK(device.allocated[2] == device.allocated[0]);
  CHECK(device.allocated[4] == 33 * sizeof(float));
  CHECK(device.allocated[5] == 33 * sizeof(float));
}

TEST_CASE("placements move the bases as they say") {
  std::vector<std::pair<std::size_t, std::size_t>> seen;  // misalignment of in and out, in bytes
  const auto look = [&](float* in, float* out, int n) {
    seen.emplace_back(reinterpret_cast<std::uintptr_t>(in) % 256,
                      reinterpret_cast<std::uintptr_t>(out) % 256);
    right(in, out, n);
  };
  CHECK(verify_solution(look, {{64}, Distribution::uniform, Placement::aligned}).passed());
  CHECK(verify_solution(look, {{64}, Distribution::uniform, Placement::offset}).passed());
  CHECK(verify_solution(look, {{64}, Distribution::uniform, Placement::staggered}).passed());
  REQUIRE(seen.size() == 9);
  for (std::size_t run = 0; run < 3; ++run) {
    CHECK(seen[run] == std::pair<std::size_t, std::size_t>{0, 0});
    CHECK(seen[3 + run] == std::pair<std::size_t, std::size_t>{4, 4});
    CHECK(seen[6 + run] == std::pair<std::size_t, std::size_t>{4, 8});
  }
}

TEST_CASE("value: a wrong element is located") {
  const auto wrong = [](float* in, float* out, int n) {
    right(in, out, n);
    out[7] = 0;
    out[9] += 1;
  };
  const CaseResult result = verify_solution(wrong, {{33}});
  REQUIRE(failures_of(result) == "value@guarded");
  const Failure& failure = result.failures[0];
  CHECK(failure.buffer == "out");
  CHECK(failure.index == 7);
  CHECK(failure.coordinates == Shape{7});
  CHECK(failure.mismatches == 2);
  CHECK(failure.actual == 0);
  CHECK(failure.expected > 0);
  CHECK(failure.address % 4 == 0);
}

TEST_CASE("value: what is never written is wrong, whatever the memory held before") {
  const CaseResult result = verify_solution([](float*, float*, int) {}, {{33}});
  CHECK(failures_of(result) == "value@guarded");
  CHECK(result.failures[0].mismatches == 33);
  CHECK(result.failures[0].message == "never written");
}

TEST_CASE("value: an expected NaN must be written, too") {
  Problem problem = doubling();
  problem.define = [](Experiment& e) {
    const auto in = e.input<float>("in", {4});
    const auto out = e.output<float>("out", {4}, [](std::size_t) { return Expected{std::nan("")}; });
    e.launch([=] { solution()(const_cast<float*>(in.device()), out.device(), 4); });
  };
  CHECK(failures_of(verify_solution([](float*, float*, int) {}, {{4}}, problem)) == "value@guarded");
  const auto writes = [](float*, float* out, int n) {
    for (int i = 0; i < n; ++i) out[i] = std::numeric_limits<float>::quiet_NaN();
  };
  CHECK(verify_solution(writes, {{4}}, problem).passed());
}

TEST_CASE("value: right for the first seed only is wrong") {
  std::vector<float> remembered;
  const auto recites = [&](float* in, float* out, int n) {
    if (remembered.empty()) remembered.assign(in, in + n);
    for (int i = 0; i < n; ++i) out[i] = 2 * remembered[static_cast<std::size_t>(i)];
  };
  CHECK(failures_of(verify_solution(recites, {{33}})) == "value@fresh");
}

// The stray writes stay inside the guarded allocation and are left out of the bare run.
TEST_CASE("redzone: a write just outside a buffer is located") {
  struct Row {
    std::ptrdiff_t offset;
    std::ptrdiff_t index;
  };
  for (const Row row : {Row{33, 33}, Row{-1, -1}, Row{33 + 1000, 33 + 1000}, Row{-1000, -1000}}) {
    for (const bool into_output : {true, false}) {
      int run = 0;
      const auto strays = [&](float* in, float* out, int n) {
        right(in, out, n);
        if (++run == 1) (into_output ? out : in)[row.offset] = 1.0f;
      };
      const CaseResult result = verify_solution(strays, {{33}});
      CAPTURE(row.offset, into_output);
      REQUIRE(failures_of(result) == "redzone@guarded");
      CHECK(result.failures[0].buffer == (into_output ? "out" : "in"));
      CHECK(result.failures[0].index == row.index);
      CHECK(result.failures[0].mismatches >= 3);
      CHECK(result.failures[0].mismatches <= 4);
      CHECK(result.failures[0].coordinates.empty());
    }
  }
}

TEST_CASE("redzone: copying a neighbour's red zone is no hiding place") {
  int run = 0;
  const auto copies = [&](float* in, float* out, int n) {
    right(in, out, n);
    if (++run == 1) out[n] = in[n];
  };
  CHECK(failures_of(verify_solution(copies, {{33}})) == "redzone@guarded");
}

TEST_CASE("redzone: guards also stand around an empty buffer") {
  int run = 0;
  const auto strays = [&](float*, float* out, int) {
    if (++run == 1) out[0] = 0;
  };
  CHECK(failures_of(verify_solution(strays, {{0}})) == "redzone@guarded");
}

TEST_CASE("inputs: changing one is caught, even by one bit that compares equal") {
  const auto clobbers = [](float* in, float* out, int n) {
    right(in, out, n);
    in[5] = -in[5];
  };
  const CaseResult result = verify_solution(clobbers, {{33}});
  CHECK(failures_of(result) == "inputs@guarded inputs@bare");
  CHECK(result.failures[0].index == 5);

  Problem problem = doubling();
  problem.define = [](Experiment& e) {
    const auto in = e.input<float>("in", {1}, [](Random&) { return 0.0f; });
    const auto out = e.output<float>("out", {1}, [](std::size_t) { return Expected{0}; });
    e.launch([=] { solution()(const_cast<float*>(in.device()), out.device(), 1); });
  };
  const auto flips_sign_of_zero = [](float* in, float* out, int) {
    out[0] = 0;
    in[0] = -0.0f;
  };
  CHECK(failures_of(verify_solution(flips_sign_of_zero, {{1}}, problem)) == "inputs@guarded inputs@bare");
}

TEST_CASE("rerun: results must repeat bit for bit unless the problem says otherwise") {
  int run = 0;
  const auto drifts = [&](float* in, float* out, int n) {
    right(in, out, n);
    if (++run == 3) out[3] = std::nextafter(out[3], 100.0f);
  };
  const CaseResult result = verify_solution(drifts, {{33}});
  CHECK(failures_of(result) == "rerun@bare");
  CHECK(result.failures[0].index == 3);

  Problem tolerant = doubling();
  tolerant.bit_identical = false;
  tolerant.define = [](Experiment& e) {
    const std::size_t n = e.count();
    const auto in = e.input<float>("in", {n});
    const auto out = e.output<float>("out", {n}, [=](std::size_t i) { return Expected{2.0 * in[i], 1e-3}; });
    e.launch([=] { solution()(const_cast<float*>(in.device()), out.device(), static_cast<int>(n)); });
  };
  run = 0;
  CHECK(verify_solution(drifts, {{33}}, tolerant).passed());
  run = 0;
  const auto jumps = [&](float* in, float* out, int n) {
    right(in, out, n);
    if (++run == 3) out[3] += 1;
  };
  CHECK(failures_of(verify_solution(jumps, {{33}}, tolerant)) == "value@bare");
}

TEST_CASE("rerun: an element that is never written cannot repeat, even where the poison is the right value") {
  Problem problem = doubling();
  problem.define = [](Experiment& e) {
    const auto out = e.output<int>("out", {4}, [](std::size_t) { return Expected{-1}; });
    e.launch([=] { out.device()[0] = -1; });
  };
  const CaseResult result = verify_solution(right, {{4}}, problem);
  REQUIRE(failures_of(result) == "rerun@bare");
  CHECK(result.failures[0].index == 1);
  CHECK(result.failures[0].mismatches == 3);
}

TEST_CASE("zeros: a tolerance that lets zeros pass is itself a failure") {
  Problem blind = doubling();
  blind.define = [](Experiment& e) {
    const auto out = e.output<float>("out", {3}, [](std::size_t) { return Expected{1, 2}; });
    e.launch([=] {
      for (int i = 0; i < 3; ++i) out.device()[i] = 1;
    });
  };
  CHECK(failures_of(verify_solution(right, {{3}}, blind)) == "zeros@");
}

TEST_CASE("launch: an error ends the case and is told") {
  solution() = right;
  for (const int at : {1, 2, 3}) {
    HostDevice device;
    device.fail_at_run = at;
    const CaseResult result = verify_case(doubling(), {{33}}, device);
    const char* runs[] = {"launch@guarded", "launch@fresh", "launch@bare"};
    CHECK(failures_of(result) == runs[at - 1]);
    CHECK(device.runs == at);
    CHECK(device.live == 0);
    CHECK(result.failures[0].message == "the kernel failed: on request");
  }
}

TEST_CASE("launch: a case whose runs were not all made has not passed") {
  solution() = right;
  const Problem problem = doubling();
  HostDevice device;
  device.fail_at_run = 3;
  Verification first(problem, {{1}}, 1), second(problem, {{33}}, 1);
  first.run_guarded(device, false);
  second.run_guarded(device, false);
  second.run_bare(device);
  first.run_bare(device);
  CHECK(failures_of(second.result) == "launch@guarded");
  CHECK(failures_of(first.result).empty());
  CHECK(!first.result.finished);
  CHECK(!first.result.passed());
}

TEST_CASE("scratch is poisoned, fenced and not compared") {
  Problem problem = doubling();
  static bool poisoned;
  poisoned = true;
  problem.define = [](Experiment& e) {
    const auto scratch = e.scratch<float>("scratch", {8});
    const auto out = e.output<float>("out", {1}, [](std::size_t) { return Expected{1}; });
    e.launch([=] {
      unsigned bits;
      std::memcpy(&bits, scratch.device() + 7, sizeof bits);
      poisoned = poisoned && (bits == 0xffffffff || bits == 0xfefefefe);
      scratch.device()[7] = 3;
      out.device()[0] = 1;
    });
  };
  CHECK(verify_solution(right, {{1}}, problem).passed());
  CHECK(poisoned);
}

TEST_CASE("elements of every type widen exactly") {
  Problem problem = doubling();
  problem.define = [](Experiment& e) {
    const auto in = e.input<int>("in", {2}, [](Random&) { return -2147483647; });
    const auto out =
        e.output<int>("out", {2}, [=](std::size_t i) { return Expected{static_cast<double>(in[i])}; });
    const auto bytes = e.output<unsigned char>("bytes", {2}, [](std::size_t) { return Expected{255}; });
    e.launch([=] {
      for (int i = 0; i < 2; ++i) out.device()[i] = in.device()[i], bytes.device()[i] = 255;
    });
  };
  CHECK(verify_solution(right, {{2}}, problem).passed());
}

TEST_CASE("row-major coordinates") {
  CHECK(coordinates_of(0, {3, 5}) == Shape{0, 0});
  CHECK(coordinates_of(13, {3, 5}) == Shape{2, 3});
  CHECK(coordinates_of(59, {3, 4, 5}) == Shape{2, 3, 4});
  CHECK(coordinates_of(4, {5}) == Shape{4});
}
