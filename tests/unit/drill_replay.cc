// CUDA programs with a stand-in for nvcc: caching, replay, harness, findings, counters. The programs write
// the engine's and the harness' reports themselves.
#include <unistd.h>

#include "base/text.h"
#include "drill/evidence.h"
#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

using Lines = std::vector<std::string>;

// A program that writes the given texts to the files that the environment names.
std::string reporting_code(const std::string& harness, const std::string& findings,
                           const std::string& counters, const std::string& more = "") {
  return R"(#include <cstdio>
#include <cstdlib>
void report(const char* name, const char* text) {
  const char* path = std::getenv(name);
  if (!path || !*text) return;
  FILE* file = std::fopen(path, "w");
  std::fputs(text, file);
  std::fclose(file);
}
/* __global__ */ void kernel() {}
int main() {
  report("DRILL_REPORT", R"j()" +
         harness + R"()j");
  report("DRILLPRESS_FINDINGS", R"j()" +
         findings + R"()j");
  report("DRILLPRESS_COUNTERS", R"j()" +
         counters + R"()j");
  )" + more +
         "\n}\n";
}

const std::string kPassed =
    R"r({"schema":1,"drill":"t","passed":true,"seed":1,"tolerance":{"text":"0"},)r"
    R"r("profiled":{"case":"4","bytes_read":16,"bytes_written":16,"operations":0},)r"
    R"r("cases":[{"name":"4","elements":4,"passed":true,"max_error":0,"tolerance":0,"failures":[]}]})r";
const std::string kWrong =
    R"r({"schema":1,"drill":"t","passed":false,"seed":1,"tolerance":{"text":"0"},"profiled":null,)r"
    R"r("cases":[{"name":"4x4","elements":16,"passed":false,"max_error":1,"tolerance":0,"failures":[)r"
    R"r({"check":"value","run":"guarded","buffer":"out","index":7,"coordinates":[1,3],)r"
    R"r("expected":12.5,"actual":"nan","address":4096,"mismatches":3,"tolerance":0}]}]})r";
const std::string kClean = R"r({"schema":1,"faults":[],"findings":[],"leaks":[],"refusals":[]})r";
const std::string kFinding =
    R"r({"schema":1,"faults":[],"leaks":[],"refusals":[],"findings":[{"kind":"memcheck.out_of_bounds",)r"
    R"r("kernel":"kernel(int)","mangled":"_Z6kerneli","block":[1,0,0],"thread":[5,0,0],"count":3,)r"
    R"r("file":"/somewhere/program.cu","line":10,"message":"store past the end"}]})r";
const std::string kRefusal =
    R"r({"schema":1,"faults":[],"leaks":[],"findings":[],"refusals":[{"what":"cudaMallocArray","why":"no textures"}]})r";
const std::string kCounters =
    R"r({"schema":1,"launches":[{"mangled":"_Z6kerneli","grid":[2,1,1],"block":[64,1,1],"static_shared_bytes":0,)r"
    R"r("dynamic_shared_bytes":0,"profiled":true,"counters":{"global_load_sectors":12,"global_load_requests":4},)r"
    R"r("lines":[{"file":"/somewhere/program.cu","line":10,"counters":{"global_load_sectors":12,"global_load_requests":4}}]},)r"
    R"r({"mangled":"_Z6kerneli","grid":[1,1,1],"block":[1,1,1],"profiled":false,"counters":{"global_load_sectors":99},"lines":[]}]})r";

struct Fixture {
  Site site;
  diagnostics::Sink sink;
  Options options;

  Fixture() {
    site.install_fake_nvcc();
    options = site.options();
    options.containment = Containment::kOff;  // the stand-in compiler counts its calls in a file of the site
    options.tool_folders = {site.path("tools"), "/usr/bin", "/bin"};
    options.record_path = [](const Program& program) {
      return program.id.starts_with("t/") ? std::string("drills/t/records/lockstep.json") : std::string();
    };
  }
  Record gather_one(const Program& program) { return gather({program}, options, sink).at(0); }
  void lose_compiler() { std::filesystem::remove(site.path("tools/nvcc")); }
};

Program drill_program(Role role, const std::string& harness, const std::string& findings = kClean,
                      const std::string& more = "") {
  const std::string name = role == Role::kRung      ? "t/rung"
                           : role == Role::kStarter ? "t/starter"
                                                    : "t/mutants/m";
  Program program = file_program(name, "drills/" + name + ".cu",
                                 reporting_code(harness, findings, kCounters, more), Language::kCuda);
  program.role = role;
  program.expectation.kind = Expectation::Kind::kHarness;
  return program;
}

}  // namespace

TEST_CASE("drill: a rung that passes has the harness' cases and the profiled launch's counters") {
  Fixture f;
  const Record record = f.gather_one(drill_program(Role::kRung, kPassed));
  CHECK(heads(f.sink).empty());
  CHECK(record.verdict == Verdict::kRanOnEngine);
  REQUIRE(record.harness);
  CHECK(record.harness->cases.size() == 1);
  CHECK(record.harness->profiled->bytes_read == 16);
  CHECK(record.launch_count == 2);
  REQUIRE(record.launches.size() == 1);
  CHECK(record.launches[0].kernel == "kernel");
  CHECK(record.metrics.at("global_load_sectors") == 12);
  CHECK(record.metrics.at("global_load_sectors_per_request") == 3);
  REQUIRE(record.lines.size() == 1);
  CHECK(record.lines[0].place == CodePlace{"", 10});
  CHECK(record.provenance.engine.starts_with("lockstep "));
  CHECK(record.provenance.compiler.starts_with("nvcc 13.0.88 with g++ "));
  Lines names;
  for (const Check& check : record.checks) names.push_back(check.name + (check.passed ? "" : " failed"));
  CHECK(names == Lines{"compiles", "initcheck", "leak", "memcheck", "racecheck", "synccheck", "harness",
                       "exit-status"});
}

TEST_CASE("drill: a second build starts no process, not even to ask for a version") {
  Fixture f;
  const Program program = drill_program(Role::kRung, kPassed);
  const Record first = f.gather_one(program);
  const std::size_t calls = f.site.compiler_calls();
  CHECK(calls == 2);  // the version and the compilation
  const Record second = f.gather_one(program);
  CHECK(f.site.compiler_calls() == calls);
  CHECK(first == second);

  // Another engine runs it again from the same binary.
  f.site.write("engine/libcudart.so.13", "engine 2");
  const Record third = f.gather_one(program);
  CHECK(f.site.compiler_calls() == calls);
  CHECK(third.key != first.key);
  CHECK(third.provenance.engine != first.provenance.engine);
}

TEST_CASE("drill: a wrong result is an error at the line that the engine names") {
  Fixture f;
  SECTION("when it names one") {
    const std::string watch =
        "if (std::getenv(\"DRILLPRESS_WATCH\")) std::fprintf(stderr, \"drillpress: watch: 4 bytes stored at "
        "%s by block "
        "(0,0,0) thread (1,0,0) in kernel kernel(int) at /somewhere/program.cu:8 (1 lanes, the last store of "
        "the "
        "launch)\\n\", std::getenv(\"DRILLPRESS_WATCH\")); return 1;";
    CHECK(f.gather_one(drill_program(Role::kRung, kWrong, kClean, watch)).verdict == Verdict::kFailed);
    CHECK(heads(f.sink) == Lines{"drills/t/rung.cu:8:3: error: rung `t/rung` computes a wrong value: "
                                 "out[1][3] is nan, expected 12.5 "
                                 "(case 4x4; first of 3 wrong elements) [wrong-result]"});
  }
  SECTION("or at the kernel's first line") {
    CHECK(f.gather_one(drill_program(Role::kRung, kWrong)).verdict == Verdict::kFailed);
    CHECK(heads(f.sink).at(0).starts_with(
        "drills/t/rung.cu:10:1: error: rung `t/rung` computes a wrong value"));
  }
}

TEST_CASE("drill: a rung with a finding fails, though its result is right") {
  Fixture f;
  const Record record = f.gather_one(drill_program(Role::kRung, kPassed, kFinding));
  CHECK(record.verdict == Verdict::kFailed);
  REQUIRE(record.findings.size() == 1);
  CHECK(record.findings[0].place == CodePlace{"", 10});
  CHECK(heads(f.sink) ==
        Lines{"drills/t/rung.cu:10:1: error: rung `t/rung`: memcheck: store past the end by block (1,0,0) "
              "thread (5,0,0) in kernel `kernel` (3 times) [engine-finding]"});
}

TEST_CASE("drill: a program that never ran its cases does not pass") {
  Fixture f;
  for (const std::string& report :
       {std::string(), std::string("{}"), base::replace_all(kPassed, "\"schema\":1", "\"schema\":9"),
        std::string(R"({"schema":1,"passed":true,"cases":[]})")}) {
    for (const Role role : {Role::kRung, Role::kStarter, Role::kMutant}) {
      diagnostics::Sink sink;
      const Record record = gather({drill_program(role, report)}, f.options, sink).at(0);
      CHECK(record.verdict == Verdict::kFailed);
      REQUIRE(heads(sink).size() == 1);
      CHECK(heads(sink)[0].ends_with("[harness-silent]"));
    }
  }
}

TEST_CASE("drill: a report whose summary contradicts its cases does not pass") {
  Fixture f;
  const std::string lie = base::replace_all(kWrong, "\"passed\":false,\"seed\"", "\"passed\":true,\"seed\"");
  REQUIRE(lie != kWrong);
  CHECK(f.gather_one(drill_program(Role::kRung, lie)).verdict == Verdict::kFailed);
  CHECK(heads(f.sink).at(0).ends_with("[wrong-result]"));
}

TEST_CASE("drill: starters must fail") {
  Fixture f;
  const Record good = f.gather_one(drill_program(Role::kStarter, kWrong));
  CHECK(good.verdict == Verdict::kFailedAsExpected);
  CHECK(good.caught_by == Lines{"value"});
  CHECK(heads(f.sink).empty());
  CHECK(f.gather_one(drill_program(Role::kStarter, kPassed)).verdict == Verdict::kFailed);
  CHECK(heads(f.sink) ==
        Lines{"drills/t/starter.cu:1:1: error: starter `t/starter` passes verification, so there is nothing "
              "left to do in it [starter-passes]"});
}

TEST_CASE("drill: mutants must be caught, by the check that the drill names") {
  Fixture f;
  Program mutant = drill_program(Role::kMutant, kWrong, kFinding);
  SECTION("caught by it") {
    mutant.expected_catcher = "value";
    const Record record = f.gather_one(mutant);
    CHECK(record.verdict == Verdict::kFailedAsExpected);
    CHECK(record.caught_by == Lines{"value", "memcheck"});
    CHECK(heads(f.sink).empty());
  }
  SECTION("or by the kind of its finding") {
    mutant.expected_catcher = "out_of_bounds";
    CHECK(f.gather_one(mutant).caught_by == Lines{"out_of_bounds", "memcheck", "value"});
    CHECK(heads(f.sink).empty());
  }
  SECTION("or otherwise, from the cache too") {
    mutant.expected_catcher = "racecheck";
    const Lines warning = {
        "drills/t/mutants/m.cu:1:1: warning: mutant `t/mutants/m` is caught by `memcheck`, `value`, not by "
        "`racecheck` [mutant-caught-otherwise]"};
    CHECK(f.gather_one(mutant).verdict == Verdict::kFailedAsExpected);
    CHECK(heads(f.sink) == warning);
    diagnostics::Sink again;
    gather({mutant}, f.options, again);
    CHECK(heads(again) == warning);
  }
  SECTION("or by nothing") {
    CHECK(f.gather_one(drill_program(Role::kMutant, kPassed)).verdict == Verdict::kFailed);
    CHECK(heads(f.sink) ==
          Lines{"drills/t/mutants/m.cu:1:1: error: no check catches mutant `t/mutants/m` [mutant-survives]"});
  }
  SECTION("or by never ending") {
    Program endless = drill_program(Role::kMutant, "", "", "for (volatile int i = 0; i == 0;) {}");
    endless.timeout_s = 0.3;
    endless.expected_catcher = "timeout";
    CHECK(f.gather_one(endless).caught_by == Lines{"timeout"});
    CHECK(heads(f.sink) == Lines{});
  }
}

TEST_CASE("drill: what the engine refuses is neither caught nor passed") {
  Fixture f;
  for (const Role role : {Role::kRung, Role::kStarter, Role::kMutant}) {
    diagnostics::Sink sink;
    const Record record =
        gather({drill_program(role, kWrong, kRefusal, "return 87;")}, f.options, sink).at(0);
    CHECK(record.verdict == Verdict::kFailed);
    REQUIRE(heads(sink).size() == 1);
    CHECK(heads(sink)[0].find("cudaMallocArray: no textures [engine-refused]") != std::string::npos);
  }
}

TEST_CASE("drill: a snippet may be meant to fail by a finding") {
  Fixture f;
  Program program =
      page_program("p#a", "text\n", reporting_code("", kFinding, "", "return 86;"), Language::kCuda);
  program.mode = Mode::kShouldFail;
  program.exit_code = 86;
  const Record record = f.gather_one(program);
  CHECK(record.verdict == Verdict::kFailedAsExpected);
  CHECK(record.findings.size() == 1);
  CHECK(heads(f.sink).empty());
}

TEST_CASE("drill: claims about counters") {
  Fixture f;
  Program program = drill_program(Role::kRung, kPassed);
  const base::SourcePtr page = base::make_source("drills/t/drill.md", "counts: [sectors]\n");
  const base::Span span{page, 9, 16};
  program.expected_counts = {{"global_load_sectors_per_request", Comparison::kAtMost, 3, span}};
  CHECK(f.gather_one(program).verdict == Verdict::kRanOnEngine);
  CHECK(heads(f.sink).empty());

  program.expected_counts = {{"global_load_sectors_per_request", Comparison::kLess, 3, span}};
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  program.expected_counts = {{"global_load_sector", Comparison::kEqual, 3, span}};
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  CHECK(heads(f.sink) == Lines{"drills/t/drill.md:1:10: error: `global_load_sectors_per_request < 3` does "
                               "not hold for rung `t/rung`: it is 3 "
                               "[false-count]",
                               "drills/t/drill.md:1:10: error: rung `t/rung` has no metric "
                               "`global_load_sector` [unknown-metric]"});
  CHECK(f.sink.sorted()[1].help == "replace `global_load_sector` with `global_load_sectors`");
}

TEST_CASE("drill: without a compiler, records are replayed, stale, or missing, with one warning") {
  Fixture f;
  const Program rung = drill_program(Role::kRung, kPassed), starter = drill_program(Role::kStarter, kWrong);
  const auto records = gather({rung, starter}, f.options, f.sink);
  const auto written = write_records({rung, starter}, records, f.options);
  REQUIRE(written.ok());
  CHECK(written.value() == Lines{"drills/t/records/lockstep.json"});
  CHECK(heads(f.sink).empty());

  f.lose_compiler();
  Program changed = starter;
  changed.arguments = {"x"};
  const Program snippet = page_program("p#a", "text\n", "int main() {}\n", Language::kCuda);
  const auto replayed = gather({rung, changed, snippet}, f.options, f.sink);
  CHECK(replayed[0].verdict == Verdict::kReplayed);
  CHECK(replayed[0].original == Verdict::kRanOnEngine);
  CHECK(replayed[0].metrics == records[0].metrics);
  CHECK(replayed[0].backends == records[0].backends);
  CHECK(replayed[1].verdict == Verdict::kStale);
  CHECK(replayed[1].original == Verdict::kFailedAsExpected);
  CHECK(replayed[1].stale_components == Lines{"arguments"});
  CHECK(replayed[2].verdict == Verdict::kSkipped);
  CHECK(replayed[2].reason == "nvcc was not found and there is no record");
  CHECK(heads(f.sink) == Lines{"warning: nvcc was not found; programs that need it are replayed from records "
                               "or skipped [no-compiler]"});

  // Nothing that was not verified here replaces what is committed.
  const std::string before = f.site.read("drills/t/records/lockstep.json");
  const auto again = write_records({rung, changed, snippet}, replayed, f.options);
  REQUIRE(again.ok());
  CHECK(again.value().empty());
  CHECK(f.site.read("drills/t/records/lockstep.json") == before);
}

TEST_CASE("drill: without the engine, CUDA programs are compiled but not run") {
  Fixture f;
  std::filesystem::remove(f.site.path("engine/libcudart.so.13"));
  Program compiled = page_program("p#b", "text\n", "int main() {}\n", Language::kCuda);
  compiled.mode = Mode::kCompile;
  const Program run = page_program("p#a", "text\n", "int main() {}\n", Language::kCuda);
  const auto records = gather({compiled, run}, f.options, f.sink);
  CHECK(records[0].verdict == Verdict::kCompiledOnly);
  CHECK(records[1].verdict == Verdict::kSkipped);
  CHECK(heads(f.sink) ==
        Lines{"warning: the lockstep engine's library was not found; programs that need it are replayed from "
              "records or skipped [no-compiler]"});
}

TEST_CASE("drill: committed records change only when the evidence does") {
  Fixture f;
  const Program rung = drill_program(Role::kRung, kPassed);
  const auto first = gather({rung}, f.options, f.sink);
  REQUIRE(write_records({rung}, first, f.options).value().size() == 1);
  const std::string bytes = f.site.read("drills/t/records/lockstep.json");

  f.site.write("engine/libcudart.so.13", "engine 2");
  const auto second = gather({rung}, f.options, f.sink);
  CHECK(second[0].key != first[0].key);
  CHECK(write_records({rung}, second, f.options).value().empty());
  CHECK(f.site.read("drills/t/records/lockstep.json") == bytes);

  Program other = rung;
  other.arguments = {"x"};
  const auto third = gather({other}, f.options, f.sink);
  CHECK(write_records({other}, third, f.options).value().size() == 1);
  CHECK(f.site.read("drills/t/records/lockstep.json") != bytes);

  // A damaged file is an error when it is needed, and is written anew.
  f.site.write("drills/t/records/lockstep.json", bytes.substr(0, 100));
  CHECK(write_records({rung}, first, f.options).value().size() == 1);
  CHECK(f.site.read("drills/t/records/lockstep.json") == bytes);
  CHECK(heads(f.sink).empty());
  f.site.write("drills/t/records/lockstep.json", bytes.substr(0, 100));
  f.lose_compiler();
  CHECK(gather({rung}, f.options, f.sink).at(0).verdict == Verdict::kSkipped);
  CHECK(heads(f.sink).at(1) ==
        "drills/t/records/lockstep.json:8:7: error: the record file is damaged: it is cut short "
        "[record-damaged]");
}

TEST_CASE("drill: folders that a killed build left behind are removed, those of a running one are not") {
  Fixture f;
  f.site.write(".drillpress/tmp/999999999-1/x", "old");
  f.site.write(".drillpress/tmp/" + std::to_string(::getppid()) + "-1/x", "running");
  f.gather_one(page_program("p#a", "text\n", "print(1)\n", Language::kPython));
  CHECK_FALSE(system::exists(f.site.path(".drillpress/tmp/999999999-1")));
  CHECK(f.site.leftovers() == 1);
}
