// The real drills, compiled by the real nvcc and run on the real engine. Skipped where one of them is
// missing.
#include "drill/toolchain.h"
#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

const std::string kRoot = DRILLPRESS_SOURCE_DIR;

Program drill_program(Role role, const std::string& id, const std::string& path) {
  const auto text = system::read_file(kRoot + "/" + path);
  REQUIRE(text.ok());
  Program program = file_program(id, path, text.value(), Language::kCuda);
  program.role = role;
  program.include_folders = {"drills/support", "drills/transpose"};
  program.expectation.kind = Expectation::Kind::kHarness;
  program.wants_resources = role == Role::kRung;
  program.timeout_s = 120;
  return program;
}

struct Fixture {
  Site site;
  Options options = site.options();
  diagnostics::Sink sink;

  Fixture() {
    options.root = kRoot;
    options.cache_dir = site.path("cache");
    options.engine_dir = std::string(DRILLPRESS_BINARY_DIR) + "/lib/drillpress";
  }
  bool cannot_run() {
    if (Toolchain({}, options.cache_dir).find(Tool::kNvcc) &&
        system::exists(options.engine_dir + "/libcudart.so.13")) {
      return false;
    }
    WARN("skipped: nvcc or the engine's library was not found");
    return true;
  }
  Record gather_one(const Program& program) { return gather({program}, options, sink).at(0); }
};

Program snippet(const std::string& code) {
  return page_program("p#a", "# Title\n\n```cuda run\n", code, Language::kCuda);
}

}  // namespace

TEST_CASE("drill: a wrong element of a rung is shown at the line that stored it", "[nvcc]") {
  Fixture f;
  if (f.cannot_run()) return;
  Program rung = file_program("transpose/wrong", "drills/transpose/rungs/wrong.cu", R"(#include "problem.cuh"

__global__ void transpose(const float* in, float* out, int rows, int columns) {
  const int column = blockIdx.x * blockDim.x + threadIdx.x, row = blockIdx.y;
  if (column >= columns) return;
  const float value = in[row * columns + column];
  if (column == 3)
    out[column * rows + row] = value + 1;
  else
    out[column * rows + row] = value;
}

void solve(const float* in, float* out, int rows, int columns) {
  if (rows == 0 || columns == 0) return;
  transpose<<<dim3((columns + 31) / 32, rows), 32>>>(in, out, rows, columns);
}
)",
                              Language::kCuda);
  rung.role = Role::kRung;
  rung.include_folders = {"drills/support", "drills/transpose"};
  rung.expectation.kind = Expectation::Kind::kHarness;
  rung.timeout_s = 120;
  const Record record = f.gather_one(rung);
  CHECK(record.verdict == Verdict::kFailed);
  REQUIRE(heads(f.sink).size() == 1);
  CHECK(heads(f.sink)[0].starts_with(
      "drills/transpose/rungs/wrong.cu:8:5: error: rung `transpose/wrong` computes a wrong "
      "value: out[3][0] is "));
  CHECK(heads(f.sink)[0].ends_with("[wrong-result]"));
}

TEST_CASE("drill: a snippet's counters, findings and refusals come from the engine", "[nvcc]") {
  Fixture f;
  if (f.cannot_run()) return;
  const std::string head = "#include <cstdio>\n#include <cuda_profiler_api.h>\n";
  SECTION("a clean run") {
    Program good = snippet(head + R"(__global__ void twice(float* x) { x[threadIdx.x] *= 2; }
int main() {
  float host[32], *x;
  for (int i = 0; i < 32; ++i) host[i] = i;
  cudaMalloc(&x, sizeof host);
  cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
  cudaProfilerStart();
  twice<<<1, 32>>>(x);
  cudaProfilerStop();
  cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
  cudaFree(x);
  std::printf("%g\n", host[31]);
}
)");
    expect_output(good, "62\n");
    good.expected_counts = {{"global_load_sectors_per_request", Comparison::kEqual, 4, {}}};
    const Record record = f.gather_one(good);
    CHECK(heads(f.sink) == std::vector<std::string>{});
    CHECK(record.verdict == Verdict::kRanOnEngine);
    CHECK(record.metrics.at("lane_instructions") / record.metrics.at("warp_instructions") ==
          record.metrics.at("active_lanes_per_instruction"));
    REQUIRE_FALSE(record.lines.empty());
    CHECK(record.lines[0].place == CodePlace{"", 3});
  }
  SECTION("an access out of bounds") {
    const Record record = f.gather_one(snippet(head + R"(__global__ void fill(float* x) {
  x[threadIdx.x] = 1;
}
int main() {
  float* x;
  cudaMalloc(&x, 4 * 16);
  fill<<<1, 32>>>(x);
  const cudaError_t error = cudaDeviceSynchronize();
  cudaFree(x);
  return error != cudaSuccess;
}
)"));
    CHECK(record.verdict == Verdict::kFailed);
    CAPTURE(heads(f.sink));
    REQUIRE(heads(f.sink).size() ==
            1);  // neither the fault that stopped the kernel nor what it kept from being freed
    CHECK(heads(f.sink)[0].starts_with("content/pages/p.md:7:3: error: snippet `p#a`: memcheck: "));
    CHECK(heads(f.sink)[0].ends_with("[engine-finding]"));
    CHECK(render_record(record).find(kRoot) == std::string::npos);
  }
}

TEST_CASE("drill: a rung, a starter and a mutant of the transpose drill are verified on the engine",
          "[nvcc]") {
  Fixture f;
  if (f.cannot_run()) return;
  const std::vector<Program> programs = {
      drill_program(Role::kRung, "transpose/tiled", "drills/transpose/rungs/tiled.cu"),
      drill_program(Role::kStarter, "transpose/starter", "drills/transpose/starter.cu"),
      drill_program(Role::kMutant, "transpose/mutants/missing-barrier",
                    "drills/transpose/mutants/missing-barrier.cu")};
  const auto records = gather(programs, f.options, f.sink);
  CHECK(heads(f.sink) == std::vector<std::string>{});
  for (const Record& record : records) {
    INFO(record.id);
    if (record.role != Role::kRung) {
      CHECK(record.verdict == Verdict::kFailedAsExpected);
      CHECK_FALSE(record.caught_by.empty());
      CHECK(render_record(record).find(kRoot) == std::string::npos);
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
  CHECK(gather(programs, f.options, again) == records);
}
