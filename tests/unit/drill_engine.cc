// The real drills, compiled by the real nvcc and run on the real engine. Skipped where one of them is
// missing.
#include "drill/toolchain.h"
#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

const std::string kRoot = DRILLPRESS_SOURCE_DIR;

std::vector<Program> programs_of(const std::string& drill) {
  std::vector<Program> out;
  const auto add = [&](Role role, const std::string& id, const std::string& path) {
    const auto text = system::read_file(kRoot + "/" + path);
    REQUIRE(text.ok());
    Program program = file_program(id, path, text.value(), Language::kCuda);
    program.role = role;
    program.include_folders = {"drills/support", "drills/" + drill};
    program.expectation.kind = Expectation::Kind::kHarness;
    program.wants_resources = role == Role::kRung;
    program.timeout_s = 120;
    out.push_back(program);
  };
  const auto entries = system::list_tree(kRoot + "/drills/" + drill, kRoot);
  REQUIRE(entries.ok());
  for (const auto& entry : entries.value()) {
    if (!entry.path.ends_with(".cu")) continue;
    const Role role = entry.path.starts_with("rungs/")     ? Role::kRung
                      : entry.path.starts_with("mutants/") ? Role::kMutant
                                                           : Role::kStarter;
    add(role, drill + "/" + entry.path.substr(0, entry.path.size() - 3),
        "drills/" + drill + "/" + entry.path);
  }
  return out;
}

}  // namespace

TEST_CASE("drill: the transpose drill is verified on the engine") {
  const Site site;
  Options options = site.options();
  options.root = kRoot;
  options.cache_dir = site.path("cache");
  options.engine_dir = std::string(DRILLPRESS_BINARY_DIR) + "/lib/drillpress";
  if (!Toolchain({}, options.cache_dir).find(Tool::kNvcc) ||
      !system::exists(options.engine_dir + "/libcudart.so.13")) {
    WARN("skipped: nvcc or the engine's library was not found");
    return;
  }
  const auto programs = programs_of("transpose");
  diagnostics::Sink sink;
  const auto records = gather(programs, options, sink);
  CHECK(heads(sink) == std::vector<std::string>{});
  for (const Record& record : records) {
    INFO(record.id);
    if (record.role != Role::kRung) {
      CHECK(record.verdict == Verdict::kFailedAsExpected);
      CHECK_FALSE(record.caught_by.empty());
      continue;
    }
    CHECK(record.verdict == Verdict::kRanOnEngine);
    REQUIRE(record.harness);
    CHECK(record.harness->profiled);
    CHECK(record.launches.size() == 1);
    CHECK(record.metrics.at("global_load_requests") > 0);
    CHECK(record.resources.size() == 4);
    CHECK_FALSE(record.lines.empty());
    CHECK(render_record(record).find(kRoot) == std::string::npos);
  }
  // Nothing is left, and the second time everything comes from the cache.
  diagnostics::Sink again;
  CHECK(gather(programs, options, again) == records);
}
