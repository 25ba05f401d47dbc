#include "lockstep_fixture.h"

// Every number here is derived by hand from the access pattern, in the comment beside it.
namespace drillpress::lockstep::test {
namespace {

/// One warp loads a float at in + lane × stride and stores it to out + lane × 4.
LaunchResult strided_load(std::uint32_t stride_bytes) {
  LoadedPtx module(R"(
.visible .entry k(.param .u64 in, .param .u64 out, .param .u32 stride) {
  .reg .b32 %r<4>; .reg .b64 %rd<6>; .reg .f32 %f<2>;
  ld.param.u64 %rd1, [in]; ld.param.u64 %rd2, [out]; ld.param.u32 %r1, [stride];
  mov.u32 %r2, %tid.x;
  mul.lo.u32 %r3, %r2, %r1;
  cvt.u64.u32 %rd3, %r3; add.s64 %rd3, %rd1, %rd3;
  ld.global.f32 %f1, [%rd3];
  mul.wide.u32 %rd4, %r2, 4; add.s64 %rd4, %rd2, %rd4;
  st.global.f32 [%rd4], %f1;
  ret;
})");
  Buffer<float> in(32 * 64, 1.0f), out(32, 0.0f);
  LaunchResult result =
      launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0, in.address(), out.address(), stride_bytes);
  INFO(result.fault.message);
  REQUIRE(result.ok());
  return result;
}

/// One warp stores 4 bytes at shared address lane × stride, and loads them again.
LaunchResult strided_shared(std::uint32_t stride_bytes) {
  LoadedPtx module(R"(
.visible .entry k(.param .u32 stride) {
  .reg .b32 %r<6>;
  .shared .align 4 .b8 tile[8192];
  ld.param.u32 %r1, [stride];
  mov.u32 %r2, %tid.x; mov.u32 %r4, tile;
  mad.lo.u32 %r3, %r2, %r1, %r4;
  st.shared.u32 [%r3], %r2;
  ld.shared.u32 %r5, [%r3];
  ret;
})");
  LaunchResult result = launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0, stride_bytes);
  INFO(result.fault.message);
  REQUIRE(result.ok());
  return result;
}

}  // namespace

TEST_CASE("sectors of a warp's loads follow from its stride") {
  struct Row {
    std::uint32_t stride;
    std::uint64_t sectors;
  };
  // 32 lanes × 4 bytes = 128 bytes = 4 sectors; twice the stride, twice the sectors; from 32 bytes on, one a
  // lane; all lanes at one address share a sector.
  for (const Row row : {Row{4, 4}, Row{8, 8}, Row{16, 16}, Row{32, 32}, Row{128, 32}, Row{0, 1}}) {
    const LaunchResult result = strided_load(row.stride);
    CAPTURE(row.stride);
    CHECK(result.counters.global_load_requests == 1);
    CHECK(result.counters.global_load_sectors == row.sectors);
    CHECK(result.counters.global_store_requests == 1);
    CHECK(result.counters.global_store_sectors == 4);
    CHECK(result.counters.bytes_loaded == 128);
  }
}

TEST_CASE("wavefronts of shared accesses follow from the banks") {
  struct Row {
    std::uint32_t stride;
    std::uint64_t wavefronts;
  };
  // Bank of lane i: i × stride / 4 mod 32. Stride 4: all banks once. 8: 16 banks twice. 128: one bank, 32
  // words. 132 (padded): all banks once. 0: one word for all, a broadcast.
  for (const Row row : {Row{4, 1}, Row{8, 2}, Row{16, 4}, Row{128, 32}, Row{132, 1}, Row{0, 1}}) {
    const LaunchResult result = strided_shared(row.stride);
    CAPTURE(row.stride);
    CHECK(result.counters.shared_store_requests == 1);
    CHECK(result.counters.shared_store_wavefronts == row.wavefronts);
    CHECK(result.counters.shared_load_requests == 1);
    CHECK(result.counters.shared_load_wavefronts == row.wavefronts);
  }
}

TEST_CASE("wide shared accesses take a pass per half or quarter of the warp") {
  LoadedPtx module(R"(
.visible .entry k() {
  .reg .b32 %r<9>; .reg .b64 %rd<2>;
  .shared .align 16 .b8 tile[512];
  mov.u32 %r1, %tid.x; mov.u32 %r2, tile;
  mad.lo.u32 %r3, %r1, 8, %r2;
  ld.shared.u64 %rd1, [%r3];
  mad.lo.u32 %r4, %r1, 16, %r2;
  ld.shared.v4.u32 {%r5, %r6, %r7, %r8}, [%r4];
  ret;
})");
  const LaunchResult result = launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0);
  REQUIRE(result.ok());
  // 16 lanes × 8 bytes fill the banks once, and 8 lanes × 16 bytes do: 2 + 4 passes.
  CHECK(result.counters.shared_load_requests == 2);
  CHECK(result.counters.shared_load_wavefronts == 6);
}

TEST_CASE("a branch whose lanes disagree is divergent, and its sides run with the lanes they have") {
  LoadedPtx module(R"(
.visible .entry k(.param .u32 limit) {
  .reg .b32 %r<4>; .reg .pred %p<2>;
  ld.param.u32 %r1, [limit];
  mov.u32 %r2, %tid.x;
  setp.ge.u32 %p1, %r2, %r1;
  @%p1 bra $else;
  add.u32 %r3, %r2, 1;
  bra $end;
$else:
  add.u32 %r3, %r2, 2;
$end:
  add.u32 %r3, %r3, 3;
  ret;
})");
  struct Row {
    std::uint32_t limit;
    std::uint64_t divergent, warp_instructions, lane_instructions;
  };
  // Both ways: ld, mov, setp, bra, add|add, bra|-, add, ret. Half: 4 × 32 + 16 + 16 (bra) + 16 + 2 × 32.
  for (const Row row : {Row{16, 1, 9, 240}, Row{0, 0, 7, 224}, Row{32, 0, 8, 256}}) {
    const LaunchResult result = launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0, row.limit);
    REQUIRE(result.ok());
    CAPTURE(row.limit);
    CHECK(result.counters.divergent_branches == row.divergent);
    CHECK(result.counters.warp_instructions == row.warp_instructions);
    CHECK(result.counters.lane_instructions == row.lane_instructions);
  }
}

TEST_CASE("operations are counted by precision, fused multiply-add as two") {
  LaunchResult result;
  run_warp(R"(
  ld.global.f32 %f1, [%in]; ld.global.f64 %fd1, [%in+8];
  fma.rn.f32 %f2, %f1, %f1, %f1; add.f32 %f2, %f2, %f1;
  mul.f64 %fd2, %fd1, %fd1;
  sqrt.approx.f32 %f3, %f2;
  st.global.f32 [%out], %f3; st.global.f64 [%out+8], %fd2;)",
           {}, "", &result);
  REQUIRE(result.ok());
  CHECK(result.counters.fp32_operations == 96);
  CHECK(result.counters.fp64_operations == 32);
  CHECK(result.counters.special_operations == 32);
  // 32 bytes a thread: each lane's sectors are its own.
  CHECK(result.counters.global_load_sectors == 64);
}

TEST_CASE("atomics count requests and lanes, and integer sums are the same on any number of threads") {
  OptionsScope options;
  LoadedPtx module(R"(
.visible .entry k(.param .u64 sum) {
  .reg .b32 %r<3>; .reg .b64 %rd<2>;
  ld.param.u64 %rd1, [sum];
  mov.u32 %r1, %tid.x;
  atom.global.add.u32 %r2, [%rd1], %r1;
  ret;
})");
  for (const std::uint32_t threads : {1u, 4u}) {
    options->threads = threads;
    Buffer<std::uint32_t> sum(1, 0u);
    const LaunchResult result = launch(module.kernel("k"), {100, 1, 1}, {64, 1, 1}, 0, sum.address());
    REQUIRE(result.ok());
    CHECK(result.host_threads == threads);
    CHECK(sum.read()[0] == 100u * 2016u);
    CHECK(result.counters.atomics == 200);
    CHECK(result.counters.atomic_lanes == 6400);
    CHECK(result.counters.atomic_passes == 6400);  // every lane names the same sum
  }
}

TEST_CASE("contention of atomics is the most lanes of a request that name one address") {
  LoadedPtx module(R"(
.visible .entry k(.param .u64 bins, .param .u32 divisor) {
  .reg .b32 %r<4>; .reg .b64 %rd<4>;
  ld.param.u64 %rd1, [bins];
  ld.param.u32 %r1, [divisor];
  mov.u32 %r2, %tid.x;
  div.u32 %r3, %r2, %r1;
  mul.wide.u32 %rd2, %r3, 4;
  add.u64 %rd3, %rd1, %rd2;
  red.global.add.u32 [%rd3], 1;
  ret;
})");
  // Lanes by address: 1 each; groups of 5, the last of 2; all in one.
  for (const auto& [divisor, passes] : {std::pair{1u, 1u}, {5u, 5u}, {32u, 32u}}) {
    Buffer<std::uint32_t> bins(32, 0u);
    const LaunchResult result = launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0, bins.address(), divisor);
    REQUIRE(result.ok());
    CHECK(result.counters.atomic_passes == passes);
  }
}

TEST_CASE("bytes that a launch touches are counted once, where accesses are observed") {
  OptionsScope options;
  LoadedPtx module(R"(
.visible .entry k(.param .u64 in, .param .u64 out) {
  .reg .b32 %r<4>; .reg .b64 %rd<6>; .reg .f32 %f<2>; .reg .pred %p<2>;
  ld.param.u64 %rd1, [in];
  ld.param.u64 %rd2, [out];
  mov.u32 %r1, %tid.x;
  and.b32 %r2, %r1, 15;
  mul.wide.u32 %rd3, %r2, 4;
  add.u64 %rd4, %rd1, %rd3;
  ld.global.f32 %f1, [%rd4];
  mul.wide.u32 %rd3, %r1, 8;
  add.u64 %rd5, %rd2, %rd3;
  st.global.f32 [%rd5], %f1;
  ret;
})");
  const auto run = [&] {
    Buffer<float> in(16, 1.0f), out(128, 0.0f);
    const LaunchResult result =
        launch(module.kernel("k"), {3, 1, 1}, {64, 1, 1}, 0, in.address(), out.address());
    REQUIRE(result.ok());
    return result;
  };
  CHECK_FALSE(run().global_unique_bytes.has_value());
  options->checks.initcheck = true;
  const LaunchResult observed = run();
  // 16 elements are read and every other one of 128 is written, by three blocks alike.
  CHECK(observed.global_unique_bytes == 16u * 4 + 64u * 4);
  CHECK(observed.counters.global_bytes_loaded == 3u * 64 * 4);
}

}  // namespace drillpress::lockstep::test
