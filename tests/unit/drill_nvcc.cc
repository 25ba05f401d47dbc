// The real nvcc, without running anything: binaries, resources, messages. Skipped where there is no nvcc.
#include "drill/build.h"

#include "drill/judge.h"
#include "drill/occupancy.h"
#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

using Lines = std::vector<std::string>;

bool no_nvcc(const Site& site) {
  if (Toolchain({}, site.path(".drillpress")).find(Tool::kNvcc)) return false;
  WARN("skipped: nvcc was not found");
  return true;
}

Program snippet(const std::string& code, Mode mode) {
  Program program = page_program("p#a", "# Title\n\n```cuda compile\n", code, Language::kCuda);
  program.mode = mode;
  return program;
}

constexpr const char* kKernel = R"(#include "scale.cuh"
namespace {
template <class T>
__global__ void scale(T* data) {
  __shared__ T tile[128];
  tile[threadIdx.x] = data[threadIdx.x];
  __syncthreads();
  data[threadIdx.x] = twice(tile[127 - threadIdx.x]);
}
}  // namespace
int main() { scale<float><<<1, 128>>>(nullptr); }
)";

}  // namespace

TEST_CASE("drill: nvcc compiles, and ptxas reports resources for each architecture", "[nvcc]") {
  const Site site;
  if (no_nvcc(site)) return;
  site.write("drills/d/scale.cuh", "__device__ inline float twice(float x) { return 2 * x; }\n");
  Program program = file_program("d/a", "drills/d/a.cu", kKernel, Language::kCuda);
  program.mode = Mode::kCompile;
  program.wants_resources = true;
  diagnostics::Sink sink;
  const Record record = gather({program}, site.options(), sink).at(0);
  CHECK(heads(sink) == Lines{});
  CHECK(record.verdict == Verdict::kCompiledOnly);
  Lines rows;
  for (const Resources& row : record.resources) {
    rows.push_back(row.architecture + " " + row.kernel);
    CHECK(row.registers > 0);
    CHECK(row.static_shared_bytes == 512);
    CHECK(row.spill_store_bytes == 0);
  }
  CHECK(rows ==
        Lines{"sm_75 scale<float>", "sm_80 scale<float>", "sm_90 scale<float>", "sm_100 scale<float>"});
  CHECK(render_record(record).find(site.root()) == std::string::npos);
  CHECK(site.leftovers() == 0);
}

TEST_CASE("drill: the binary names source lines the same way in every folder", "[nvcc]") {
  const Site site;
  if (no_nvcc(site)) return;
  site.write("drills/d/scale.cuh", "__device__ inline float twice(float x) { return 2 * x; }\n");
  const Program program = file_program("d/a", "drills/d/a.cu", kKernel, Language::kCuda);
  Toolchain toolchain({}, site.path(".drillpress"));
  SourceFiles files(site.root());
  Sandbox sandbox(Containment::kIfItWorks);
  const Workshop shop{site.root(), site.path(".drillpress"), "", "", std::nullopt, toolchain, files, sandbox};
  const Inputs inputs = describe_inputs(program, {}, files);
  const PlaceMap places(program, site.root(), inputs.includes);
  const auto build = build_program(program, inputs, *toolchain.find(Tool::kNvcc), places, shop);
  REQUIRE(build.ok());
  REQUIRE(build.value().succeeded);
  // The PTX is plain text in the binary: what the engine will read.
  const auto binary = system::read_file(build.value().binary);
  REQUIRE(binary.ok());
  CHECK(binary.value().find(".target sm_90") != std::string::npos);
  CHECK(binary.value().find("/drills/d/scale.cuh\"") != std::string::npos);
  const std::size_t file = binary.value().find("/program.cu\"");
  REQUIRE(file != std::string::npos);
  CHECK(places.place("/any/program.cu", 4) == CodePlace{"", 4});
  // Every later build takes it from the cache.
  const auto again = build_program(program, inputs, {"/no/such/compiler", ""}, places, shop);
  REQUIRE(again.ok());
  CHECK(again.value().binary == build.value().binary);
}

TEST_CASE("drill: nvcc's errors are at the author's line and column", "[nvcc]") {
  const Site site;
  if (no_nvcc(site)) return;
  diagnostics::Sink sink;
  const std::string code =
      "__global__ void k(float* p) {\n  p[threadIdx.x] = y;\n}\nint main() {\n  k<<<1, 1>>>(3.0f);\n}\n";
  CHECK(gather({snippet(code, Mode::kCompile)}, site.options(), sink).at(0).verdict == Verdict::kFailed);
  CHECK(heads(sink) == Lines{"content/pages/p.md:5:20: error: identifier \"y\" is undefined [compile-failed]",
                             "content/pages/p.md:8:15: error: argument of type \"float\" is incompatible "
                             "with parameter of type \"float *\" "
                             "[compile-failed]"});

  diagnostics::Sink good;
  Program wanted = snippet(code, Mode::kCompileFail);
  wanted.compile_error = "identifier \"y\" is undefined";
  CHECK(gather({wanted}, site.options(), good).at(0).verdict == Verdict::kFailedAsExpected);
  CHECK(heads(good) == Lines{});
}

TEST_CASE("drill: errors of the later stages of nvcc are errors of the program", "[nvcc]") {
  const Site site;
  if (no_nvcc(site)) return;
  const Lines codes = {"int main() { asm(\"\"); return missing(); }\n",
                       "void missing();\nint main() { missing(); }\n",
                       "__global__ void k() { asm(\"foo.bar;\"); }\nint main() { k<<<1, 1>>>(); }\n",
                       "__global__ void k(float* p) {\n  __shared__ float a[100000];\n  a[threadIdx.x] = "
                       "p[0];\n  __syncthreads();\n  "
                       "p[1] = a[threadIdx.x + 1];\n}\nint main() { k<<<1, 1>>>(nullptr); }\n"};
  for (const std::string& code : codes) {
    diagnostics::Sink sink;
    Program program = snippet(code, Mode::kCompile);
    program.wants_resources = true;
    CHECK(gather({program}, site.options(), sink).at(0).verdict == Verdict::kFailed);
    REQUIRE(heads(sink).size() >= 1);
    CHECK(heads(sink)[0].starts_with("content/pages/p.md:"));
    CHECK(heads(sink)[0].ends_with("[compile-failed]"));
  }
}
