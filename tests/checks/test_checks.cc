// Every check of the product is needed: with all of them each specimen is found out, and without one exactly
// its own are not. A check that has no specimen fails here.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "checks.h"  // the harness's
#include "drill/checks.h"
#include "drill/evidence.h"
#include "drill/harness_report.h"

using namespace drillpress;
using namespace drillpress::drill;
using Names = std::set<std::string>;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A site of the harness and the specimens.
class Site {
 public:
  Site() {
    std::string name = (fs::temp_directory_path() / "drillpress-checks-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the site");
    root_ = name;
    fs::create_directories(root_ / "drills" / "specimens");
    fs::copy(fs::path(DRILLPRESS_SOURCE_DIR) / "drills" / "support", root_ / "drills" / "support");
    code_ = read(fs::path(DRILLPRESS_SOURCE_DIR) / "tests" / "checks" / "specimens.cu");
    std::ofstream(root_ / kSolutions) << code_;
  }
  ~Site() {
    std::error_code error;
    fs::remove_all(root_, error);
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  Program solution(const std::string& id, Role role, const std::string& which) const {
    Program program;
    program.id = id;
    program.role = role;
    program.code = code_;
    program.source = base::make_source(kSolutions, code_);
    program.include_folders = {"drills/support"};
    program.standard = "c++17";
    program.arguments = {which};
    program.timeout_s = 60;
    program.expectation.kind = Expectation::Kind::kHarness;
    return program;
  }

  static Program python(const std::string& id, const std::string& code) {
    Program program;
    program.id = id;
    program.language = Language::kPython;
    program.code = code;
    program.source = base::make_source("content/page.md", code);
    program.timeout_s = 60;
    return program;
  }

  Options options(LeftOut left_out) const {
    Options out;
    out.root = root_.string();
    out.engine_dir = std::string(DRILLPRESS_BINARY_DIR) + "/lib/drillpress";
    out.jobs = left_out.empty() ? 1 : 2;  // alone, the first compiles for all
    out.quiet = true;
    out.use_gpu = false;
    out.containment = Containment::kIfItWorks;
    out.record_path = [](const Program&) { return std::string("records.json"); };
    out.left_out = std::move(left_out);
    return out;
  }

  fs::path path(const std::string& below) const { return root_ / below; }

 private:
  static constexpr const char* kSolutions = "drills/specimens/specimens.cu";
  fs::path root_;
  std::string code_;
};

// Specimens that need more than the check they are named after: without any one of these they pass as well.
const std::map<std::string, Names> kAlsoNeed = {
    {"redzone", {"placements"}},   // it strays only before a buffer that is not aligned
    {"rerun", {"bare"}},           // the run that must repeat the first
    {"fresh", {"value"}},          // what the other data show
    {"distributions", {"value"}},  // likewise
};

// One program for each check, which nothing but that check (and what it needs) objects to.
std::vector<Program> specimens(const Site& site) {
  std::vector<Program> out;
  for (const CheckRow& row : kChecks) {
    const std::string name(row.name);
    if (row.kind != CheckKind::kJudge) {
      out.push_back(site.solution(name, Role::kMutant, name));
      if (row.kind != CheckKind::kLook) out.back().expected_catcher = name;
    } else if (name == "starter" || name == "mutant") {
      out.push_back(site.solution(name, name == "starter" ? Role::kStarter : Role::kMutant, "right"));
    } else if (name == "report") {
      out.push_back(site.solution(name, Role::kRung, name));
    } else if (name == "count") {
      out.push_back(site.solution(name, Role::kRung, "right"));
      out.back().expected_counts.push_back({"global_load_requests", Comparison::kEqual, 1, {}});
    } else if (name == "exit-status") {
      out.push_back(Site::python(name, "import sys\nsys.exit(3)\n"));
    } else if (name == "output") {
      out.push_back(Site::python(name, "print(1)\n"));
      out.back().expectation.kind = Expectation::Kind::kOutput;
      out.back().expectation.output.text = "2\n";
    }
  }
  return out;
}

// Whether a check objected. A mutant is meant to be found out; other programs fail by it.
bool is_found_out(const Program& program, const Record& record) {
  const bool meant = program.role == Role::kMutant && program.id != "mutant";
  return record.verdict == (meant ? Verdict::kFailedAsExpected : Verdict::kFailed);
}

Names survivors(const std::vector<Program>& programs, const std::vector<Record>& records) {
  Names out;
  for (std::size_t i = 0; i < programs.size(); ++i)
    if (!is_found_out(programs[i], records[i])) out.insert(programs[i].id);
  return out;
}

Names that_need(std::string_view check, const std::vector<Program>& programs) {
  Names out;
  for (const Program& program : programs) {
    const auto more = kAlsoNeed.find(program.id);
    if (program.id == check || (more != kAlsoNeed.end() && more->second.count(std::string(check)) > 0))
      out.insert(program.id);
  }
  return out;
}

}  // namespace

TEST_CASE("the harness has the checks that the table says it has") {
  Names ours, its;
  for (const CheckRow& row : kChecks)
    if (row.kind == CheckKind::kHarness || row.kind == CheckKind::kLook) ours.insert(std::string(row.name));
  for (const ::drill::CheckRow& row : ::drill::kChecks) its.insert(std::string(row.name));
  CHECK(ours == its);
}

TEST_CASE("without any one check its specimens survive, and with all of them none does", "[nvcc]") {
  const Site site;
  const std::vector<Program> programs = specimens(site);
  REQUIRE(programs.size() == std::size(kChecks));
  diagnostics::Sink sink;
  const auto records = gather(programs, site.options({}), sink);
  CHECK(survivors(programs, records) == Names());
  for (std::size_t i = 0; i < programs.size(); ++i) {
    CAPTURE(programs[i].id);
    if (!programs[i].expected_catcher.empty()) {
      REQUIRE(!records[i].caught_by.empty());
      CHECK(records[i].caught_by[0] == programs[i].expected_catcher);
    }
  }
  for (const CheckRow& row : kChecks) {
    const std::string check(row.name);
    CAPTURE(check);
    diagnostics::Sink without;
    CHECK(survivors(programs, gather(programs, site.options({check}), without)) ==
          that_need(check, programs));
  }
}

TEST_CASE("nothing is kept of a run that left out a check") {
  const Site site;
  const std::vector<Program> programs = {Site::python("fine", "print(1)\n")};
  diagnostics::Sink sink;
  const Options options = site.options({"output"});
  const auto records = gather(programs, options, sink);
  CHECK(records[0].verdict == Verdict::kRanOnHost);
  CHECK(!fs::exists(site.path(".drillpress/records")));
  CHECK(!write_records(programs, records, options).ok());
  // Nor with options that know nothing of it: what is written is refused when it is read.
  CHECK(write_records(programs, records, site.options({})).ok());
  const auto read_back = parse_records(read(site.path("records.json")));
  REQUIRE(!read_back.ok());
  CHECK(read_back.error() == "record `fine`: it was made without the check `output`");
}

TEST_CASE("what is known is not taken for a run that leaves out a check") {
  const Site site;
  const std::vector<Program> programs = {Site::python("fine", "print(1)\n")};
  diagnostics::Sink sink;
  CHECK(gather(programs, site.options({}), sink)[0].left_out.empty());
  CHECK(gather(programs, site.options({"output"}), sink)[0].left_out == LeftOut{"output"});
  CHECK(gather(programs, site.options({}), sink)[0].left_out.empty());
}

TEST_CASE("a harness's report without a check counts only where that check was to be left out") {
  const std::string report =
      R"({"cases":[{"name":"1","passed":true}],"passed":true,"schema":1,"without":["fresh"]})";
  CHECK(parse_harness_report(report, {"fresh"}).ok());
  CHECK(!parse_harness_report(report, {"bare"}).ok());
  const auto refused = parse_harness_report(report);
  REQUIRE(!refused.ok());
  CHECK(refused.error() == "the run left out the check `fresh`, so it proves nothing");
}
