#include "drill/ptxas.h"

#include <catch2/catch.hpp>

#include "drill/language.h"
#include "drill/occupancy.h"

using namespace drillpress::drill;

namespace {

constexpr const char* kReport =
    R"(program.cu(15): warning #177-D: variable "unused" was declared but never referenced
    int unused = 3;
        ^

ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_ZN39_GLOBAL__N__db8303c4_10_program_cu_main5scaleIfEEvPT_i' for 'sm_100'
ptxas info    : Function properties for _ZN39_GLOBAL__N__db8303c4_10_program_cu_main5scaleIfEEvPT_i
    16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 10 registers, used 1 barriers, 16 bytes cumulative stack size, 512 bytes smem
ptxas info    : Compile time = 7.360 ms
ptxas info    : Compiling entry function 'plain' for 'sm_75'
ptxas info    : Function properties for _Z6calleev
    99 bytes stack frame, 99 bytes spill stores, 99 bytes spill loads
ptxas info    : Function properties for plain
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 255 registers, 364 bytes cmem[0]
)";

}  // namespace

TEST_CASE("drill: ptxas' report becomes one row per kernel and architecture") {
  const auto rows = parse_ptxas_report(kReport);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].resources.architecture == "sm_75");  // by number, not by text
  CHECK(rows[0].resources.kernel == "plain");
  CHECK(rows[0].resources.registers == 255);
  CHECK(rows[0].resources.static_shared_bytes == 0);
  CHECK(rows[0].resources.stack_bytes == 0);  // not the callee's
  CHECK(rows[0].barriers == 0);
  CHECK(rows[1].resources.architecture == "sm_100");
  CHECK(rows[1].resources.kernel == "scale<float>");
  CHECK(rows[1].mangled == "_ZN39_GLOBAL__N__db8303c4_10_program_cu_main5scaleIfEEvPT_i");
  CHECK(rows[1].resources.registers == 10);
  CHECK(rows[1].resources.static_shared_bytes == 512);
  CHECK(rows[1].resources.stack_bytes == 16);
  CHECK(rows[1].resources.spill_store_bytes == 8);
  CHECK(rows[1].resources.spill_load_bytes == 12);
  CHECK(rows[1].barriers == 1);
}

TEST_CASE("drill: a report without kernels has no rows") {
  CHECK(parse_ptxas_report("").empty());
  CHECK(parse_ptxas_report("ptxas info    : 0 bytes gmem\n").empty());
}

TEST_CASE("drill: kernel names are shown without result, parameters and anonymous namespaces") {
  CHECK(shorten_kernel_name("void (anonymous namespace)::scale<float>(float*, int)") == "scale<float>");
  CHECK(shorten_kernel_name("transpose(float const*, float*, int, int)") == "transpose");
  CHECK(shorten_kernel_name("void a::b<(int)3, std::pair<int, int> >(int)") ==
        "a::b<(int)3, std::pair<int, int> >");
  CHECK(shorten_kernel_name("plain") == "plain");
  CHECK(kernel_name("f") == "f");  // not the mangled type float
  CHECK(kernel_name("_Z3addPf") == "add");
}

TEST_CASE("drill: every architecture that resources are reported for has limits") {
  for (const std::string_view number : kResourceArchitectures) {
    CHECK(find_limits("sm_" + std::string(number)) != nullptr);
  }
  CHECK(find_limits("sm_1") == nullptr);
}

TEST_CASE("drill: occupancy names what limits it") {
  const KernelDemand small{.registers = 32, .barriers = 1, .block_threads = 256};
  const auto full = theoretical_occupancy("sm_90", small);
  if (!full) {
    WARN("skipped: built without cuda_occupancy.h");
    return;
  }
  CHECK(full->active_warps == 64);
  CHECK(full->max_warps == 64);
  CHECK(full->blocks_per_multiprocessor == 8);
  CHECK(full->limiter.find("warps") != std::string::npos);

  KernelDemand heavy = small;
  heavy.registers = 128;  // 65536 registers / (128 * 256) = 2 blocks
  const auto by_registers = theoretical_occupancy("sm_90", heavy);
  REQUIRE(by_registers);
  CHECK(by_registers->blocks_per_multiprocessor == 2);
  CHECK(by_registers->active_warps == 16);
  CHECK(by_registers->limiter == "registers");

  KernelDemand shared = small;
  shared.dynamic_shared_bytes = 100 << 10;  // 228 KiB hold two blocks of 100 + 1 KiB
  const auto by_shared = theoretical_occupancy("sm_90", shared);
  REQUIRE(by_shared);
  CHECK(by_shared->blocks_per_multiprocessor == 2);
  CHECK(by_shared->limiter == "shared memory");

  const auto turing = theoretical_occupancy("sm_75", small);
  REQUIRE(turing);
  CHECK(turing->max_warps == 32);

  KernelDemand impossible = small;
  impossible.dynamic_shared_bytes = 1 << 20;
  CHECK_FALSE(theoretical_occupancy("sm_90", impossible));
  CHECK_FALSE(theoretical_occupancy("sm_1", small));
}
