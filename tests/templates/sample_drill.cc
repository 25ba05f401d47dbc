#include "sample_pages.h"

namespace drillpress::test {

using templating::Html;
using templating::List;
using templating::Map;

namespace {

Map diff_line(std::string kind, std::string mark, std::string_view text) {
  return {{"kind", kind}, {"mark", mark}, {"code", code(text)}};
}

List padded_diff() {
  List lines = {diff_line("same", " ",
                          "__global__ void transpose(const float* in, float* out, int rows, int columns) {"),
                diff_line("removed", "−", "    __shared__ float tile[32][32];"),
                diff_line("added", "+", "    __shared__ float tile[32][33];"), diff_line("gap", "⋯", "")};
  for (const auto& [kind, mark] : {std::pair{"same", " "}, {"removed", "−"}, {"added", "+"}}) {
    lines.push_back(Map{{"kind", kind}, {"mark", mark}, {"code", every_token()}});
  }
  return lines;
}

Map counter(std::string label, std::string value, std::string unit, std::string explain) {
  return {{"label", label}, {"value", value}, {"unit", unit}, {"explain", explain}};
}

Map check(std::string name, bool passed, std::string detail) {
  return {{"name", name}, {"passed", passed}, {"detail", detail}};
}

Map resources(std::string arch, std::string device, std::string occupancy, std::string limiter) {
  return {{"arch", arch},       {"device", device},    {"registers", "16"},  {"shared_bytes", "4,224"},
          {"stack_bytes", "0"}, {"spill_stores", "0"}, {"spill_loads", "0"}, {"occupancy_percent", occupancy},
          {"limiter", limiter}};
}

constexpr std::string_view kKernel =
    "__global__ void transpose(const float* in, float* out, int rows, int columns) {\n"
    "    __shared__ float tile[32][33];\n"
    "    int column = blockIdx.x * 32 + threadIdx.x;\n"
    "    int row = blockIdx.y * 32 + threadIdx.y;\n"
    "    if (row < rows && column < columns) tile[threadIdx.y][threadIdx.x] = in[row * columns + column];\n"
    "    __syncthreads();\n"
    "    column = blockIdx.y * 32 + threadIdx.x;\n"
    "    row = blockIdx.x * 32 + threadIdx.y;\n"
    "    if (row < columns && column < rows) out[row * rows + column] = tile[threadIdx.x][threadIdx.y];\n"
    "}\n";

Map rung(std::string id, std::string title, bool first) {
  return {
      {"id", id},
      {"title", title},
      {"anchor", "rung-" + id},
      {"source", Map{{"language", "CUDA C++"}, {"title", "rungs/" + id + ".cu"}, {"code", code(kKernel)}}},
      {"diff", first ? List{} : padded_diff()},
      {"diff_title", "What changed since the rung before"},
      {"prediction", Html{"<p>How many sectors does one store request touch?</p>"}},
      {"insight",
       Html{"<p>The tile turns a column walk into a row walk; the extra column keeps the banks apart.</p>"}},
      {"verdict", verdict("engine", "ran on the lockstep engine")},
      {"backend", "lockstep engine, 24 cases"},
      {"output",
       "24 of 24 cases agree with the reference\nlargest difference 0 (a transpose moves bits, it computes "
       "nothing)\n"},
      {"checks",
       List{check("reference", true, "24 of 24 cases"), check("memory", true, ""), check("races", true, ""),
            check("barriers", true, ""), check("initialisation", first ? false : true, "")}},
      {"counters",
       List{counter("load sectors per request", "4.0", "sectors", "4 is the least for 32 floats."),
            counter("store sectors per request", first ? "32.0" : "4.0", "sectors",
                    "32 means every lane pays for its own."),
            counter("shared wavefronts per request", "1.0", "", "1 is free of conflicts.")}},
      {"counter_groups", List{Map{{"title", "Global memory"},
                                  {"rows", List{counter("load requests", "2,048", "", ""),
                                                counter("load sectors", "8,192", "", "32 bytes each"),
                                                counter("bytes moved", "524,288", "bytes", "")}}},
                              Map{{"title", "Shared memory"},
                                  {"rows", List{counter("requests", "4,096", "", ""),
                                                counter("wavefronts", "4,096", "", "")}}}}},
      {"counters_note", "Counted on the PTX that ran, case 256 × 256, launch 1 of 1."},
      {"hot_lines", List{Map{{"line", "9"},
                             {"code", code("out[row * rows + column] = tile[threadIdx.x][threadIdx.y];")},
                             {"metric", "32 sectors per request"},
                             {"explain", "Neighbouring lanes store 1,024 bytes apart."}}}},
      {"occupancy", List{picture()}},
      {"resources", List{resources("sm_80", "A100", "100", "threads"),
                         resources("sm_90", "H100, H200", "75", "shared memory"),
                         resources("sm_120", "RTX 50 series", "66.67", "registers")}},
      {"expected", List{Map{{"metric", "store sectors per request"},
                            {"condition", "≤ 4.5"},
                            {"value", "4.0"},
                            {"holds", true},
                            {"because", "rows of the tile leave whole"}}}},
      {"measurements", first ? List{}
                             : List{Map{{"device", "Sample device"},
                                        {"date", Map{{"iso", "2026-11-02"}, {"label", "2 November 2026"}}},
                                        {"median", "0 µs"},
                                        {"interval", "0–0 µs"},
                                        {"of_peak", "0 % of 0 TB/s"},
                                        {"of_baseline", "0 % of device copy"},
                                        {"note", "sample value of a test"}}}},
      {"provenance", List{fact("Compiler", "nvcc 13.0.88, -std=c++20 -lineinfo"),
                          fact("Case", "256 × 256, float"), fact("Seed", "7")}},
      {"input_key", "9b1c64e2d07f5a3846f2ab19c07e551d"}};
}

Map mutant(std::string id, std::string title, std::string caught_by, std::string detail) {
  return {{"id", id},
          {"title", title},
          {"caught_by", caught_by},
          {"expected_catcher", caught_by},
          {"verdict", verdict("expected-failure", "caught")},
          {"detail", detail},
          {"diff", padded_diff()}};
}

Map device(std::string id, std::string name) {
  return {{"id", id},
          {"name", name},
          {"date", Map{{"iso", "2026-11-02"}, {"label", "2 November 2026"}}},
          {"workload", "Case 8 × 8: the task reads and writes 0 bytes and does 0 operations."},
          {"rows", List{Map{{"title", "Straight from the formula"},
                            {"cold", "0 µs"},
                            {"interval", "0 to 0 µs"},
                            {"hot", "0 µs"},
                            {"against", ""},
                            {"note", "sample value of a test"}}}},
          {"figures", List{picture()}},
          {"runs", List{Map{{"program", "mutants/no-barrier"},
                            {"outcome", "failed: value"},
                            {"tools", "racecheck not clean"},
                            {"detail", "sample of a test"}}}},
          {"facts", List{fact("Driver", "0.0")}}};
}

}  // namespace

Map sample_drill() {
  Map wavefronts = comparison();
  wavefronts.set("id", "wavefronts");
  wavefronts.set("label", "Shared-memory wavefronts per request");
  return {
      {"minutes", 40},
      {"facts", List{fact("Difficulty", "medium"), fact("Time box", "40 min"), fact("Rungs", "3"),
                     fact("Wrong variants caught", "4 of 4")}},
      {"verdict", verdict("engine", "ran on the lockstep engine", "all rungs, in this build")},
      {"task", section_body("the-task", "The task",
                            "<p>Write <code>out[j][i] = in[i][j]</code> for any shape, so that no request "
                            "touches more sectors than it has to.</p>")},
      {"predict", Html{"<p>The straightforward kernel reads rows and writes columns. What does one store "
                       "request cost, in sectors?</p>"}},
      {"start", section_body("what-you-start-from", "What you start from",
                             "<p>The starter compiles and is wrong at the edges.</p>")},
      {"starter", Map{{"language", "CUDA C++"},
                      {"title", "starter.cu"},
                      {"code", code("__global__ void transpose(const float* in, float* out, int rows, int "
                                    "columns) {\n    // yours\n}\n")}}},
      {"starter_output", "case 31 x 33: element (0, 1) is poison, expected 0.25\n1 of 24 cases agrees\n"},
      {"starter_verdict", verdict("expected-failure", "failed as expected")},
      {"download_url", ""},
      {"command", "drillpress check transpose my_transpose.cu"},
      {"tips", List{Html{"<p>Which index changes fastest between neighbouring lanes?</p>"},
                    Html{"<p>Stage a tile of 32 × 32.</p>"}}},
      {"ladder", section_body("the-ladder", "The ladder", "<p>Three rungs, each with one idea.</p>")},
      {"rungs", List{rung("naive", "Straight from the formula", true),
                     rung("tiled", "Through shared memory", false), rung("padded", "Padded tile", false)}},
      {"comparisons", List{comparison(), wavefronts}},
      {"figures", List{picture()}},
      {"devices", List{device("device-sample", "Sample device")}},
      {"mutants", List{mutant("no-barrier", "Forget the barrier", "race checker",
                              "race: tile[3][0] written by thread (0,3), read by thread (3,0) without a "
                              "barrier between, line 9"),
                       mutant("off-by-one", "Off by one at the right edge", "memory checker",
                              "out of bounds: read of 4 bytes, 0 bytes past allocation `in`")}},
      {"interview",
       section_body("what-to-say", "What to say in the interview", "<p>Say the count before the trick.</p>")},
      {"followups", section_body("follow-ups", "Follow-ups", "<ol><li>And in place?</li></ol>")},
      {"cards", List{content_link("card", "coalescing", "Coalesced memory access", "Sectors per request.",
                                  List{"medium"})}},
      {"provenance", List{fact("Toolkit", "CUDA 13.0.88"), fact("Backend", "lockstep engine"),
                          fact("Input key", "9b1c64e2d07f5a38")}}};
}

}  // namespace drillpress::test
