#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cudart/json.h"
#include "cudart/report.h"

using namespace drillpress::cudart;
namespace lockstep = drillpress::lockstep;
using lockstep::Finding;
using lockstep::FindingKind;

namespace {

Finding out_of_bounds() {
  Finding finding;
  finding.kind = FindingKind::kOutOfBounds;
  finding.kernel = "_Z9transposePKfPf";
  finding.where = {"file.cu", 12};
  finding.thread[0] = 31;
  finding.access = "store";
  finding.space = "global";
  finding.size_bytes = 4;
  finding.address = 0x7e9000000500;
  finding.allocation = 0x7e9000000400;
  finding.allocation_bytes = 256;
  finding.distance_bytes = 0;
  return finding;
}

lockstep::Fault fault(lockstep::FaultKind kind) {
  lockstep::Fault f;
  f.kind = kind;
  f.message = "what happened";
  return f;
}

}  // namespace

TEST_CASE("findings are one line with kernel, thread, source line and allocation") {
  Finding finding = out_of_bounds();
  CHECK(describe(finding) ==
        "memcheck: out-of-bounds write of 4 bytes at 0x7e9000000500 in global memory by block (0,0,0) thread "
        "(31,0,0) in "
        "kernel transpose(float const*, float*) at file.cu:12, 0 bytes past the end of the 256 bytes "
        "allocated at "
        "0x7e9000000400");
  finding.allocation_name = "table";
  CHECK(describe(finding).ends_with(
      "0 bytes past the end of the 256 bytes of the variable table at 0x7e9000000400"));
  finding.allocation_name = "";
  finding.address = 0x7e90000004f8;
  finding.size_bytes = 16;
  finding.distance_bytes = -8;
  CHECK(describe(finding).ends_with(
      ", the last 8 of them past the end of the 256 bytes allocated at 0x7e9000000400"));
  finding.address = 0x7e9000000500;
  finding.remark = "a null pointer";
  CHECK(describe(finding).ends_with("at file.cu:12, a null pointer"));
  finding.remark = "";
  finding.size_bytes = 4;
  finding.address = 0x7e90000003f8;
  finding.access = "load";
  finding.count = 3;
  finding.where = {};
  CHECK(describe(finding) ==
        "memcheck: out-of-bounds read of 4 bytes at 0x7e90000003f8 in global memory by block (0,0,0) thread "
        "(31,0,0) in "
        "kernel transpose(float const*, float*), 8 bytes before the 256 bytes allocated at 0x7e9000000400 (3 "
        "accesses in "
        "all)");
  finding.kind = FindingKind::kBarrierNotReached;
  finding.message = "warp 1 waits";
  CHECK(describe(finding) ==
        "synccheck: barrier_not_reached by block (0,0,0) thread (31,0,0) in kernel transpose(float const*, "
        "float*) (3 "
        "warps in all): warp 1 waits");
}

TEST_CASE("every kind of finding has a text of its own") {
  std::vector<std::string> texts;
  for (const auto kind :
       {FindingKind::kOutOfBounds, FindingKind::kUseAfterFree, FindingKind::kMisaligned,
        FindingKind::kInvalidFree, FindingKind::kReadOnlyStore, FindingKind::kDivergentBarrier,
        FindingKind::kBarrierNotReached, FindingKind::kInvalidMask, FindingKind::kMismatchedSync}) {
    Finding finding = out_of_bounds();
    finding.kind = kind;
    const std::string text = describe(finding);
    const std::string name(lockstep::name(kind));
    CHECK(text.starts_with(name.substr(0, name.find('.')) + ": "));
    CHECK(std::find(texts.begin(), texts.end(), text) == texts.end());
    texts.push_back(text);
  }
}

TEST_CASE("watched stores keep the form that the drill runner reads") {
  lockstep::WatchedStore store;
  store.where = {"k.cu", 12};
  store.thread[0] = 3;
  store.address = 0x100;
  store.size_bytes = 4;
  store.count = 2;
  store.last = true;
  CHECK(describe(store, "_Z1ki") ==
        "watch: 4 bytes stored at 0x100 by block (0,0,0) thread (3,0,0) in kernel k(int) at k.cu:12 (2 "
        "lanes, the last "
        "store of the launch)");
}

TEST_CASE("what the process ends with") {
  RunReport report;
  CHECK(exit_status(0, report) == 0);
  CHECK(exit_status(3, report) == 3);
  report.leaks.push_back({});
  CHECK(exit_status(0, report) == kExitFindings);
  report = {};
  report.findings.push_back(out_of_bounds());
  CHECK(exit_status(0, report) == kExitFindings);
  CHECK(exit_status(1, report) == 1);
  report = {};
  report.faults.push_back({"k", fault(lockstep::FaultKind::kTrap)});
  CHECK(exit_status(0, report) == kExitFindings);
  report.refusals.push_back({"cudaMallocArray", "no"});
  CHECK(exit_status(0, report) == kExitRefused);
}

TEST_CASE("the findings file") {
  CHECK(render_findings({}) ==
        "{\n  \"faults\": [],\n  \"findings\": [],\n  \"leaks\": [],\n  \"refusals\": [],\n  \"schema\": "
        "1\n}\n");
  RunReport report;
  report.faults.push_back({"_Z1kv", fault(lockstep::FaultKind::kAssert)});
  report.findings.push_back(out_of_bounds());
  report.refusals.push_back({"a \"name\"", "line\nbreak"});
  report.leaks.push_back({0x100, 8, lockstep::MemoryKind::kDevice, true, 3, ""});
  const std::string text = render_findings(report);
  CHECK(text.find("\"kind\": \"assert\"") != std::string::npos);
  CHECK(text.find("\"kernel\": \"k()\"") != std::string::npos);
  CHECK(text.find("\"kind\": \"memcheck.out_of_bounds\"") != std::string::npos);
  CHECK(text.find("\"thread\": [31, 0, 0]") != std::string::npos);
  CHECK(text.find("\"what\": \"a \\\"name\\\"\"") != std::string::npos);
  CHECK(text.find("\"why\": \"line\\u000abreak\"") != std::string::npos);
  CHECK(text.find("\"serial\": 3") != std::string::npos);
}

TEST_CASE("the counters file has every counter of a launch and those of a line that are not zero") {
  RunReport report;
  LaunchRecord launch;
  launch.kernel = "_Z1kv";
  launch.grid = {2, 3, 1};
  launch.profiled = true;
  launch.counters.barriers = 5;
  lockstep::LineCounters line;
  line.where = {"k.cu", 4};
  line.counters.barriers = 5;
  launch.lines.push_back(line);
  report.launches = {launch, launch};
  const std::string text = render_counters(report);
  CHECK(text.find("\"grid\": [2, 3, 1]") != std::string::npos);
  CHECK(text.find("\"profiled\": true") != std::string::npos);
  CHECK(text.find("\"warp_instructions\": 0") != std::string::npos);
  CHECK(text.find("\"counters\": {\n            \"barriers\": 5\n          }") != std::string::npos);
#define COUNTER(name) CHECK(text.find("\"" #name "\": ") != std::string::npos);
  DRILLPRESS_LOCKSTEP_COUNTERS(COUNTER)
#undef COUNTER
}

TEST_CASE("keys are sorted in every object") {
  RunReport report;
  LaunchRecord launch;
  launch.lines.push_back({});
  report.launches.push_back(launch);
  report.findings.push_back(out_of_bounds());
  report.faults.push_back({"k", {}});
  report.refusals.push_back({});
  report.leaks.push_back({});
  for (const std::string& text : {render_counters(report), render_findings(report)}) {
    std::vector<std::string> last;  // by depth
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t indent = line.find_first_not_of(' ');
      last.resize(indent / 2 + 1);
      if (line[indent] != '"') continue;
      const std::string key = line.substr(indent, line.find('"', indent + 1) - indent);
      INFO(key << " after " << last[indent / 2]);
      CHECK(last[indent / 2] < key);
      last[indent / 2] = key;
    }
  }
}

TEST_CASE("JSON strings hold any bytes") {
  JsonWriter json;
  json.value(std::string_view("a\x01\xff\xc3\xa9\\", 6));
  CHECK(std::move(json).take() == "\"a\\u0001\\ufffd\xc3\xa9\\\\\"\n");
}

TEST_CASE("files are replaced whole, and a failure names the file") {
  const auto folder = std::filesystem::temp_directory_path() / ("cudart_report_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = folder / "out.json";
  CHECK(write_wherever(path, "one").ok());
  CHECK(write_wherever(path, "two").ok());
  std::ifstream in(path);
  std::string text;
  in >> text;
  CHECK(text == "two");
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
  // A link stays one, and so does a pipe: neither is a file to be replaced.
  std::filesystem::create_symlink(path, folder / "link");
  CHECK(write_wherever(folder / "link", "three").ok());
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(std::filesystem::file_size(path) == 5);
  const std::string pipe = folder / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = open(pipe.c_str(), O_RDWR | O_NONBLOCK);
  CHECK(write_wherever(pipe, "four").ok());
  char bytes[8];
  CHECK(read(reader, bytes, sizeof bytes) == 4);
  CHECK(std::filesystem::is_fifo(pipe));
  close(reader);
  const auto failed = write_wherever(folder / "none" / "out.json", "three");
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().find("out.json") != std::string::npos);
  std::filesystem::remove_all(folder);
}
