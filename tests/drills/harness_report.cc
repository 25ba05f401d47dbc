// What a drill prints and writes.
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host_device.h"

using namespace drill;
using namespace drill::test;

namespace {

Report report_of(const Problem& problem, std::vector<CaseResult> cases) {
  return {&problem, 5, std::move(cases)};
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs the whole program, its output discarded.
int run_drill(HostDevice& device, std::vector<const char*> arguments, const char* path = nullptr) {
  arguments.insert(arguments.begin(), "drill");
  return run(doubling(), device, path, static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("numbers read back as they were, in every locale") {
  for (const double value : {0.0, 1.0, -1.5, 0.1, 1e-300, 16777217.0, 0x1p-24, 1.0 / 3}) {
    CHECK(nlohmann::json::parse(json::number(value)).get<double>() == value);
  }
  CHECK(json::number(std::numeric_limits<double>::quiet_NaN()) == "\"nan\"");
  CHECK(json::number(std::numeric_limits<double>::infinity()) == "\"inf\"");
  CHECK(json::number(-std::numeric_limits<double>::infinity()) == "\"-inf\"");
  CHECK(render_number(0.123456, false) == "0.123");
}

TEST_CASE("strings are escaped") {
  CHECK(json::string("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\u000a\\u0001\"");
}

TEST_CASE("a report is sorted JSON with everything a page needs") {
  const Problem problem = doubling();
  solution() = [](float* in, float* out, int n) {
    right(in, out, n);
    out[2] = std::numeric_limits<float>::infinity();
  };
  HostDevice device;
  CaseResult wrong = verify_case(problem, {{33}}, device);
  solution() = right;
  CaseResult profiled = verify_case(problem, problem.profiled, device, true);
  const std::string text = render_report(report_of(problem, {wrong, profiled}));
  CHECK(text.back() == '\n');

  const auto parsed = nlohmann::json::parse(text);
  CHECK(parsed.dump() + "\n" == text);  // nlohmann sorts keys: so did we
  CHECK(parsed["schema"] == 1);
  CHECK(parsed["drill"] == "doubling");
  CHECK(parsed["passed"] == false);
  CHECK(parsed["seed"] == 5);
  CHECK(parsed["tolerance"]["text"] == problem.tolerance);
  CHECK(parsed["cases"][0]["name"] == "33");
  CHECK(parsed["cases"][0]["elements"] == 33);
  const auto& failure = parsed["cases"][0]["failures"][0];
  CHECK(failure["check"] == "value");
  CHECK(failure["run"] == "guarded");
  CHECK(failure["buffer"] == "out");
  CHECK(failure["index"] == 2);
  CHECK(failure["coordinates"] == nlohmann::json::array({2}));
  CHECK(failure["actual"] == "inf");
  CHECK(failure["expected"].get<double>() == wrong.failures[0].expected);
  CHECK(failure["address"].get<std::uint64_t>() == wrong.failures[0].address);
  CHECK(failure["mismatches"] == 1);
  CHECK(parsed["cases"][1]["passed"] == true);
  CHECK(parsed["profiled"] ==
        nlohmann::json::parse(R"({"case":"512","bytes_read":2048,"bytes_written":2048,"operations":512})"));
}

TEST_CASE("a report without the profiled case says null") {
  const Problem problem = doubling();
  solution() = right;
  HostDevice device;
  const auto report = report_of(problem, {verify_case(problem, {{33}}, device)});
  const auto parsed = nlohmann::json::parse(render_report(report));
  CHECK(parsed["profiled"].is_null());
  CHECK(parsed["passed"] == true);
}

TEST_CASE("the summary for people") {
  CaseResult exact, close, wrong, left;
  exact.finished = close.finished = wrong.finished = true;
  left.name = "65";
  exact.name = "1";
  close.name = "33";
  close.max_error = 0x1p-25;
  close.tolerance = 0x1p-24;
  wrong.name = "3x4";
  Failure value;
  value.check = "value", value.run = "guarded", value.buffer = "out";
  value.mismatches = 2, value.coordinates = {1, 2}, value.expected = 1.5, value.tolerance = 0.25;
  Failure launch;
  launch.check = "launch", launch.run = "bare", launch.message = "the kernel failed: badly";
  wrong.failures = {value, launch};
  CHECK(render_case(exact) == "pass  1: exact\n");
  CHECK(render_case(close) == "pass  33: error 2.98e-08 of 5.96e-08 allowed\n");
  CHECK(render_case(wrong) ==
        "FAIL  3x4\n"
        "      value: out[1,2] is 0, expected 1.5 within 0.25 (2 wrong), in the guarded run\n"
        "      launch: the kernel failed: badly, in the bare run\n");
  CHECK(render_case(left) == "left  65: not every run was made, an error elsewhere ended the device\n");

  const Problem problem = doubling();
  CHECK(render_verdict(report_of(problem, {exact})) == "drill doubling: 1 case passed\n");
  CHECK(render_verdict(report_of(problem, {exact, close})) == "drill doubling: 2 cases passed\n");
  CHECK(render_verdict(report_of(problem, {exact, wrong})) == "drill doubling: 1 of 2 cases failed\n");
  CHECK(render_verdict(report_of(problem, {exact, wrong, left})) ==
        "drill doubling: 1 of 3 cases failed, 1 not finished\n");
}

TEST_CASE("exit status: passed, failed, usage") {
  HostDevice device;
  solution() = right;
  CHECK(run_drill(device, {}) == 0);
  CHECK(device.profiled_runs == 1);
  CHECK(run_drill(device, {"--case", "33", "--seed", "9"}) == 0);
  CHECK(run_drill(device, {"--list"}) == 0);
  CHECK(run_drill(device, {"--help"}) == 0);
  CHECK(run_drill(device, {"--case", "34"}) == 2);
  CHECK(run_drill(device, {"--what"}) == 2);
  CHECK(run_drill(device, {}, "/no/such/folder/report.json") == 2);
  solution() = [](float*, float*, int) {};
  CHECK(run_drill(device, {}) == 1);
}

TEST_CASE("a run without a check says so in its report, its last line and its exit status") {
  HostDevice device;
  solution() = right;
  const std::string path = "harness_without.json";
  CHECK(run_drill(device, {"--without", "fresh", "--without", "sizes"}, path.c_str()) == 4);
  const auto parsed = nlohmann::json::parse(read(path));
  CHECK(parsed["passed"] == true);
  CHECK(parsed["without"] == nlohmann::json::array({"fresh", "sizes"}));
  CHECK(parsed["cases"].size() < vector_cases().size());
  std::remove(path.c_str());
  CHECK(run_drill(device, {"--without", "freshness"}) == 2);
  CHECK(run_drill(device, {"--without"}) == 2);
  solution() = [](float*, float*, int) {};
  CHECK(run_drill(device, {"--without", "fresh"}) == 1);

  const Problem problem = doubling();
  Report report = report_of(problem, {});
  CHECK(render_report(report).find("without") == std::string::npos);
  CHECK(report.without.add("rerun"));
  CHECK(report.without.add("value"));
  CHECK(render_verdict(report) == "drill doubling: 0 cases passed without value, rerun\n");
}

TEST_CASE("a lost device ends the run: failed, and the report says so") {
  HostDevice device;
  device.fail_at_run = 4;
  solution() = right;
  const std::string path = "harness_lost_device.json";
  CHECK(run_drill(device, {}, path.c_str()) == 1);
  const auto parsed = nlohmann::json::parse(read(path));
  CHECK(parsed["passed"] == false);
  CHECK(parsed["cases"].size() == vector_cases().size() + 1);
  for (const auto& one : parsed["cases"]) CHECK(one["passed"] == false);
  CHECK(parsed["cases"][0]["failures"].empty());
  CHECK(parsed["cases"][1]["failures"][0]["check"] == "launch");
  std::remove(path.c_str());
}

TEST_CASE("a report replaces an older one whole and leaves nothing beside it") {
  const std::string path = "harness_report.json";
  std::ofstream(path) << "old and longer than what replaces it";
  REQUIRE(write_report(path, "{}\n"));
  CHECK(read(path) == "{}\n");
  CHECK(!std::ifstream(path + ".partial").good());
  std::remove(path.c_str());
}
