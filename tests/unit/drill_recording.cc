// Importing what the recorder carried back, from a made-up recording of a made-up device.
#include "drill/recording.h"

#include <catch2/catch.hpp>
#include <functional>

#include "drill_device.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

constexpr const char* kMarker = "drill toy, seed 1\ndrill toy: 2 cases passed\n";

std::string harness(bool passed) {
  const std::string failure =
      passed
          ? ""
          : R"({"actual":0,"address":1,"buffer":"out","check":"value","coordinates":[0],"expected":1,"index":0,)"
            R"("mismatches":2,"run":"guarded","tolerance":0})";
  return R"({"cases":[{"elements":4,"failures":[)" + failure + R"(],"max_error":0,"name":"4","passed":)" +
         (passed ? "true" : "false") + R"(,"tolerance":0}],"drill":"toy","passed":)" +
         (passed ? "true" : "false") + R"(,"profiled":null,"schema":1,"seed":1,"tolerance":{"text":"0"}})";
}

std::string samples(int n, const std::string& sample) {
  std::string out;
  for (int i = 0; i < n; ++i) out += (i > 0 ? "," : "") + sample;
  return out;
}

// A site with the sources, and a recording of them that is in order.
struct Recorded {
  Recorded() {
    write_sources(site, "drills/");
    write_sources(site, "raw/sources/drills/");
    site.write(
        "raw/recorder.json",
        R"({"clean":true,"date":"2026-01-31","dry_run":false,"revision":"abc","sanitizer":"2025.3","schema":1,)"
        R"("toolkit":"13.0.88"})");
    run("rungs/naive", 0, true, kMarker);
    tool("rungs/naive", "memcheck", 0, kMarker);
    tool("rungs/naive", "racecheck", 0, kMarker);
    run("starter", 1, false, "drill toy: 1 of 1 case failed\n");
    measure("NVIDIA Test 80GB", "");
    programs.push_back(program("toy/naive", "drills/toy/rungs/naive.cu", Role::kRung));
    programs.push_back(program("toy/starter", "drills/toy/starter.cu", Role::kStarter));
    programs.push_back(program("page#block", "content/pages/page.md", Role::kSnippet));
  }

  Program program(const std::string& id, const std::string& path, Role role) {
    Program out = file_program(id, path, site.read(path), Language::kCuda);
    out.role = role;
    return out;
  }

  void run(const std::string& name, int status, bool passed, const std::string& output) const {
    const std::string folder = "raw/runs/toy/" + name;
    site.write(folder + "/compile.json", R"({"ended":"exit","status":0})");
    site.write(folder + "/run.json", R"({"ended":"exit","status":)" + std::to_string(status) + "}");
    site.write(folder + "/run.out", output);
    site.write(folder + "/harness.json", harness(passed));
  }
  void tool(const std::string& name, const std::string& which, int status, const std::string& output) const {
    const std::string report = "raw/runs/toy/" + name + "/" + which;
    site.write(report + ".json", R"({"ended":"exit","status":)" + std::to_string(status) + "}");
    site.write(report + ".out",
               "========= COMPUTE-SANITIZER\n" + output + "========= ERROR SUMMARY: 0 errors\n");
  }
  void measure(const std::string& device, const std::string& problem,
               const std::string& sample = "1500000") const {
    const std::string series =
        R"({"clocks":{"least_celsius":40,"least_sm_mhz":990,"most_celsius":45,"most_sm_mhz":1000,)"
        R"("other_reasons":[],"readings":3,"throttle_reasons":[]},"cold":true,"contestant":"naive",)"
        R"("samples_ns":[)" +
        samples(400, sample) + R"(],"stopped":"precision"})";
    site.write(
        "raw/measured/toy.samples.json",
        R"({"arithmetic":"cuda_cores","bytes_read":8388608,"bytes_written":4194304,"case":"4096","contestants":[)"
        R"({"kind":"baseline","name":"device-copy","problem":""},{"kind":"rung","name":"naive","problem":")" +
            problem +
            R"("}],"device":{"capability":"9.0","driver":"1.2.3","ecc":true,"host_cpu":"A","l2_bytes":1048576,)"
            R"("memory_bus_bits":64,"memory_bytes":1073741824,"memory_clock_khz":1000000,)"
            R"("multiprocessors":4,"name":")" +
            device +
            R"(","nvml":true,"runtime":13000,"sm_clock_khz":1000000},"drill":"toy","operations":1000,)"
            R"("schema":1,"seed":24301,"series":[)" +
            series + R"(],"working_set_bytes":12582912})");
  }

  struct Outcome {
    std::vector<DeviceRecord> records;
    std::vector<std::string> errors;  ///< "path: message"
  };
  Outcome import(const std::string& slug = "") const {
    const auto recording = open_recording(site.path("raw"));
    REQUIRE(recording.ok());
    diagnostics::Sink sink;
    Outcome out;
    out.records = records_of(recording.value(), programs, site.root(), slug, sink);
    for (const auto& diagnostic : sink.sorted()) {
      CHECK(diagnostic.code == diagnostics::Code::kImportRefused);
      CHECK_FALSE(diagnostic.help.empty());
      out.errors.push_back((diagnostic.span.source ? diagnostic.span.source->path() + ": " : "") +
                           diagnostic.message);
    }
    return out;
  }

  Site site;
  std::vector<Program> programs;
};

using Errors = std::vector<std::string>;

}  // namespace

TEST_CASE("drill: a recording in order becomes a record that can be read back") {
  const Recorded recorded;
  const auto [records, errors] = recorded.import();
  CHECK(errors.empty());
  REQUIRE(records.size() == 1);
  const DeviceRecord& r = records[0];
  CHECK(device_record_path(r) == "drills/toy/records/test-80gb.json");
  CHECK(r.date == "2026-01-31");
  CHECK(r.toolkit == "13.0.88");
  CHECK(r.clean);
  REQUIRE(r.runs.size() == 2);
  CHECK(r.runs[0].passed);
  CHECK(r.runs[0].cases == 1);
  REQUIRE(r.runs[0].tools.size() == 2);
  CHECK(r.runs[0].tools[0].outcome == ToolOutcome::kClean);
  CHECK_FALSE(r.runs[1].passed);
  CHECK(r.runs[1].caught_by == std::vector<std::string>{"value"});
  REQUIRE(r.measurement);
  const Contestant* naive = r.measurement->find("naive", false);
  REQUIRE(naive != nullptr);
  CHECK(naive->inputs.size() == 5);
  CHECK(naive->find(true)->summary.median == 1.5e6);
  CHECK(naive->find(false) == nullptr);
  CHECK(r.measurement->find("device-copy", true)->inputs.empty());
  DeviceRecordFault fault;
  const auto back = parse_device_record(render_device_record(r), fault);
  REQUIRE(back);
  CHECK(*back == r);
  CHECK(recorded.import("h200").records[0].slug == "h200");
}

TEST_CASE("drill: a folder that is no recording, or has no device, is refused whole") {
  const Recorded recorded;
  const auto refused = [&](const std::string& text) {
    recorded.site.write("raw/recorder.json", text);
    const auto recording = open_recording(recorded.site.path("raw"));
    REQUIRE_FALSE(recording.ok());
    return recording.error();
  };
  CHECK(refused(R"({"date":"2026-01-31","dry_run":true,"schema":1})") ==
        "the recording has no device: it was made with DRY_RUN, on the lockstep engine");
  CHECK(refused(R"({"date":"2026-01-31","schema":2})") == "the recording has schema 2, not 1");
  for (const char* date : {"", "today", "2026-13-01", "2026-1-001", "2026-01-32", "20260131xx"})
    CHECK(refused(std::string(R"({"date":")") + date + R"(","schema":1})") == "the recording has no date");
  CHECK(refused("{").find("has no recorder.json") != std::string::npos);
}

TEST_CASE("drill: timings of the engine, and missing or impossible ones, are refused") {
  const Recorded recorded;
  recorded.measure("Drillpress lockstep engine (virtual sm_90)", "");
  CHECK(recorded.import().errors ==
        Errors{"drills/toy/drill.md: the recording has no measurement of toy: they are from no GPU"});
  recorded.measure("NVIDIA Test", "", "-1");
  CHECK(recorded.import().errors ==
        Errors{"drills/toy/drill.md: the recording has no measurement of toy: those of naive "
               "are unusable: sample 1 is no positive number"});
  recorded.site.write("raw/measured/toy.samples.json", "{\"schema\":1");
  CHECK(recorded.import().errors ==
        Errors{"drills/toy/drill.md: the recording has no measurement of toy: there are no samples"});
  CHECK(recorded.import().records.empty());
}

TEST_CASE("drill: sources that are not those that were recorded are refused by component") {
  const Recorded recorded;
  recorded.site.write("drills/toy/rungs/naive.cu", "#include \"problem.cuh\"\n// changed\n");
  auto outcome = recorded.import();
  CHECK(outcome.records.empty());
  CHECK(outcome.errors == Errors{"drills/toy/rungs/naive.cu: this is not what was recorded; changed: code"});
  const Recorded other;
  other.site.write("drills/recorder/flags.txt", "-O0\n");
  CHECK(other.import().errors.size() == 2);
  const Recorded third;
  third.site.write("drills/toy/measured.cuh", "// another size\n");
  CHECK(third.import().errors ==
        Errors{"drills/toy/rungs/naive.cu: this is not what was recorded; changed: case"});
}

TEST_CASE("drill: a rung that failed on the device keeps its drill out") {
  struct Row {
    const char* name;
    std::function<void(const Recorded&)> damage;
    std::string error;
  };
  const std::vector<Row> rows = {
      {"wrong result",
       [](const Recorded& r) { r.run("rungs/naive", 1, false, "drill toy: 1 of 1 case failed\n"); },
       "toy/naive failed on the device: out[0] is 0, expected 1 (case 4; first of 2 wrong elements)"},
      {"status", [](const Recorded& r) { r.run("rungs/naive", 3, true, kMarker); },
       "toy/naive failed on the device: it ended with status 3"},
      {"no end marker", [](const Recorded& r) { r.run("rungs/naive", 0, true, "drill toy, seed 1\n"); },
       "toy/naive failed on the device: it did not come to its end"},
      {"marker of another drill",
       [](const Recorded& r) { r.run("rungs/naive", 0, true, "drill joy: 2 cases passed\n"); },
       "toy/naive failed on the device: it did not come to its end"},
      {"timeout",
       [](const Recorded& r) { r.site.write("raw/runs/toy/rungs/naive/run.json", R"({"ended":"timeout"})"); },
       "toy/naive failed on the device: it did not end in time"},
      {"signal",
       [](const Recorded& r) { r.site.write("raw/runs/toy/rungs/naive/run.json", R"({"ended":"signal"})"); },
       "toy/naive failed on the device: a signal ended it"},
      {"not compiled",
       [](const Recorded& r) {
         r.site.write("raw/runs/toy/rungs/naive/compile.json", R"({"ended":"exit","status":1})");
       },
       "toy/naive failed on the device: it was not compiled"},
      {"no report", [](const Recorded& r) { r.site.write("raw/runs/toy/rungs/naive/harness.json", ""); },
       "toy/naive failed on the device: the harness' report is not JSON"},
      {"memcheck found something", [](const Recorded& r) { r.tool("rungs/naive", "memcheck", 86, kMarker); },
       "toy/naive is not clean on the device under memcheck: status 86"},
      {"the program fails under memcheck",
       [](const Recorded& r) { r.tool("rungs/naive", "memcheck", 1, "drill toy: 1 of 1 case failed\n"); },
       "toy/naive is not clean on the device under memcheck: status 1"},
      {"wrong after timing",
       [](const Recorded& r) { r.measure("NVIDIA Test", "after timing: the input in changed"); },
       "naive was wrong when it was timed, after timing: the input in changed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Recorded recorded;
    row.damage(recorded);
    const auto [records, errors] = recorded.import();
    CHECK(records.empty());
    CHECK(errors == Errors{"drills/toy/rungs/naive.cu: " + row.error});
  }
}

TEST_CASE("drill: a device's name for files cannot lead elsewhere") {
  const Recorded recorded;
  for (const char* slug : {"../x", "a/b", "H200", ".", "lockstep"}) {
    CAPTURE(slug);
    const auto [records, errors] = recorded.import(slug);
    CHECK(records.empty());
    CHECK(errors.size() == 1);
  }
}

TEST_CASE("drill: a tool that could not run the program is no finding, and no clean bill either") {
  struct Row {
    const char *ending, *output;
    ToolOutcome outcome;
  };
  for (const Row row :
       {Row{R"({"ended":"exit","status":0})", kMarker, ToolOutcome::kClean},
        {R"({"ended":"exit","status":0})", "", ToolOutcome::kNotRun},
        {R"({"ended":"exit","status":1})", "Error: Device not supported\n", ToolOutcome::kNotRun},
        {R"({"ended":"timeout"})", "", ToolOutcome::kNotRun},
        {R"({"ended":"signal"})", "", ToolOutcome::kNotRun},
        {R"({"ended":"exit","status":86})", "", ToolOutcome::kFindings},
        {R"({"ended":"exit","status":86})", kMarker, ToolOutcome::kFindings},
        {R"({"ended":"exit","status":0})", "drill toy: 1 of 2 cases failed\n", ToolOutcome::kFindings}}) {
    CAPTURE(row.ending, row.output);
    const Recorded recorded;
    recorded.site.write("raw/runs/toy/rungs/naive/racecheck.json", row.ending);
    recorded.site.write("raw/runs/toy/rungs/naive/racecheck.out", row.output);
    const auto [records, errors] = recorded.import();
    CHECK(errors.empty() == (row.outcome != ToolOutcome::kFindings));
    if (!records.empty()) CHECK(records[0].runs[0].tools[1].outcome == row.outcome);
  }
}
