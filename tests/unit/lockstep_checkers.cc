// Racecheck, initcheck and traces on kernels whose order is known: each either has the named findings or
// none.
#include <algorithm>

#include "lockstep_fixture.h"

namespace drillpress::lockstep::test {
namespace {

/// A kernel over global memory `data` with a block's 1024 bytes of shared memory `s`. %t: thread, %b: block,
/// %w: warp, %mine: address of s[4 t], %other: of s[4 (t ^ 1)], %far: of s[4 (t ^ 32)], %g: data + 4 t.
std::string kernel(const std::string& body) {
  return R"(
.visible .entry k(.param .u64 data) {
  .reg .b32 %r<20>, %t, %b, %w, %mine, %other, %far; .reg .b64 %rd<10>, %data, %g; .reg .pred %p<6>;
  .shared .align 16 .b8 s[1024];
  ld.param.u64 %data, [data];
  mov.u32 %t, %tid.x; mov.u32 %b, %ctaid.x; shr.u32 %w, %t, 5;
  mov.u32 %r19, s; shl.b32 %r18, %t, 2; add.u32 %mine, %r19, %r18;
  xor.b32 %r17, %r18, 4; add.u32 %other, %r19, %r17;
  xor.b32 %r16, %r18, 128; add.u32 %far, %r19, %r16;
  mul.wide.u32 %rd9, %t, 4; add.u64 %g, %data, %rd9;
  setp.eq.u32 %p0, %w, 0; setp.eq.u32 %p1, %t, 0;
)" + body +
         "\n  ret;\n}\n";
}

struct OrderCase {
  const char* what;
  const char* body;
  Dim3 grid, block;
  std::vector<std::string> findings;  ///< sorted
};

const OrderCase kOrders[] = {
    {"a barrier orders", "st.shared.u32 [%mine], %t; bar.sync 0; ld.shared.u32 %r1, [%far];", {1}, {64}, {}},
    {"a missing barrier",
     "st.shared.u32 [%mine], %t; ld.shared.u32 %r1, [%far];",
     {1},
     {64},
     {"racecheck.read_after_write", "racecheck.write_after_read"}},
    {"a warp synchronisation does not order warps",
     "st.shared.u32 [%mine], %t; bar.warp.sync 0xffffffff; ld.shared.u32 %r1, [%far];",
     {1},
     {64},
     {"racecheck.read_after_write", "racecheck.write_after_read"}},
    {"a warp synchronisation orders lanes",
     "st.shared.u32 [%mine], %t; bar.warp.sync 0xffffffff; ld.shared.u32 %r1, [%other];",
     {1},
     {32},
     {}},
    {"lanes without synchronisation",
     "st.shared.u32 [%mine], %t; ld.shared.u32 %r1, [%other];",
     {1},
     {32},
     {"racecheck.read_after_write"}},
    {"reading before all have read",
     "st.shared.u32 [%mine], %t; bar.sync 0; ld.shared.u32 %r1, [%far]; st.shared.u32 [%mine], %r1;",
     {1},
     {64},
     {"racecheck.read_after_write", "racecheck.write_after_read"}},
    {"halves of a warp order themselves",
     R"(
  mov.u32 %r2, 0xffff; setp.lt.u32 %p2, %t, 16; @!%p2 mov.u32 %r2, 0xffff0000;
  st.shared.u32 [%mine], %t; bar.warp.sync %r2; ld.shared.u32 %r1, [%other];)",
     {1},
     {32},
     {}},
    {"halves of a warp do not order each other",
     R"(
  mov.u32 %r2, 0xffff; setp.lt.u32 %p2, %t, 16; @!%p2 mov.u32 %r2, 0xffff0000;
  st.shared.u32 [%mine], %t; bar.warp.sync %r2;
  xor.b32 %r3, %t, 16; shl.b32 %r3, %r3, 2; add.u32 %r3, %r3, %r19; ld.shared.u32 %r1, [%r3];)",
     {1},
     {32},
     {"racecheck.read_after_write"}},
    {"what lanes know passes on through others",
     R"(
  st.shared.u32 [%mine], %t; setp.ge.u32 %p2, %t, 2; @%p2 bra REST;
  bar.warp.sync 3;
REST:
  setp.eq.u32 %p3, %t, 0; @%p3 bra END; setp.gt.u32 %p3, %t, 2; @%p3 bra END;
  bar.warp.sync 6;
  setp.ne.u32 %p3, %t, 2; @%p3 bra END;
  ld.shared.u32 %r1, [s];
END:)",
     {1},
     {32},
     {}},
    {"a producer arrives, a consumer waits",
     R"(
  @!%p0 bra CONSUMER;
  st.shared.u32 [%mine], %t; bar.arrive 1, 64; bra END;
CONSUMER:
  bar.sync 1, 64; ld.shared.u32 %r1, [%far];
END:)",
     {1},
     {64},
     {}},
    {"a producer writes after it arrived",
     R"(
  @!%p0 bra CONSUMER;
  bar.arrive 1, 64; st.shared.u32 [%mine], %t; bra END;
CONSUMER:
  bar.sync 1, 64; ld.shared.u32 %r1, [%far];
END:)",
     {1},
     {64},
     {"racecheck.read_after_write"}},
    {"blocks write one place", "@%p1 st.global.u32 [%data], %b;", {4}, {32}, {"racecheck.write_after_write"}},
    {"blocks write the same value", "@%p1 st.global.u32 [%data], 7;", {4}, {32}, {}},
    {"lanes of one store write different values",
     "st.shared.u32 [s], %t;",
     {1},
     {32},
     {"racecheck.write_after_write"}},
    {"lanes of one store write one value", "st.shared.u32 [s], 5;", {1}, {32}, {}},
    {"neighbouring bytes are different places",
     "cvt.u64.u32 %rd1, %t; add.u64 %rd1, %rd1, %data; st.global.u8 [%rd1], %t;",
     {1},
     {32},
     {}},
    {"atomics do not race with each other", "red.global.add.u32 [%data], 1;", {8}, {32}, {}},
    {"an atomic and a plain load of another block",
     "red.global.add.u32 [%data], 1; ld.global.u32 %r1, [%data];",
     {2},
     {32},
     {"racecheck.read_after_write", "racecheck.write_after_read"}},
    {"the last block reads what the others published",
     R"(
  setp.ne.u32 %p2, %t, 0; @%p2 bra END;
  mul.wide.u32 %rd1, %b, 4; add.u64 %rd1, %rd1, %data; st.global.u32 [%rd1+64], %b;
  membar.gl; atom.global.add.u32 %r1, [%data], 1; setp.ne.u32 %p2, %r1, 3; @%p2 bra END;
  ld.global.u32 %r2, [%data+64]; ld.global.u32 %r2, [%data+68]; ld.global.u32 %r2, [%data+72];
END:)",
     {4},
     {32},
     {}},
    {"the last block reads what nobody published",
     R"(
  setp.ne.u32 %p2, %t, 0; @%p2 bra END;
  mul.wide.u32 %rd1, %b, 4; add.u64 %rd1, %rd1, %data; st.global.u32 [%rd1+64], %b;
  atom.global.add.u32 %r1, [%data], 1; setp.ne.u32 %p2, %r1, 3; @%p2 bra END;
  ld.global.u32 %r2, [%data+64]; ld.global.u32 %r2, [%data+76];
END:)",
     {4},
     {32},
     {"racecheck.read_after_write"}},
    {"overwriting what another block has read and told so, without a fence",
     R"(
  setp.ne.u32 %p2, %t, 0; @%p2 bra END; setp.eq.u32 %p3, %b, 1; @%p3 bra CONSUMER;
  ld.global.u32 %r1, [%data+64]; st.relaxed.gpu.global.u32 [%data], 1; bra END;
CONSUMER:
  ld.relaxed.gpu.global.u32 %r1, [%data]; setp.eq.u32 %p3, %r1, 0; @%p3 bra CONSUMER;
  st.global.u32 [%data+64], 5;
END:)",
     {2},
     {32},
     {}},
    {"a release store and an acquire load",
     R"(
  setp.ne.u32 %p2, %t, 0; @%p2 bra END; setp.eq.u32 %p3, %b, 1; @%p3 bra CONSUMER;
  st.global.u32 [%data+64], 1; st.release.gpu.global.u32 [%data], 1; bra END;
CONSUMER:
  ld.acquire.gpu.global.u32 %r1, [%data]; setp.eq.u32 %p3, %r1, 0; @%p3 bra CONSUMER;
  ld.global.u32 %r2, [%data+64];
END:)",
     {2},
     {32},
     {}},
};

std::vector<std::string> kinds(const LaunchResult& result) {
  std::vector<std::string> names;
  for (const Finding& finding : result.findings) names.emplace_back(name(finding.kind));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

TEST_CASE("racecheck knows what orders two accesses") {
  OptionsScope options;
  options->checks.racecheck = true;
  for (const OrderCase& one : kOrders) {
    for (const auto schedule : {Options::Schedule::kForward, Options::Schedule::kReverse}) {
      CAPTURE(one.what, static_cast<int>(schedule));
      // Which of two accesses comes second depends on the schedule; that they collide does not.
      options->schedule = schedule;
      LoadedPtx module(kernel(one.body));
      Buffer<std::uint32_t> data(256, 0u);
      const LaunchResult result = launch(module.kernel("k"), one.grid, one.block, 0, data.address());
      INFO(result.fault.message);
      CHECK(result.ok());
      if (schedule == Options::Schedule::kForward) CHECK(kinds(result) == one.findings);
      if (schedule == Options::Schedule::kReverse) CHECK(result.findings.empty() == one.findings.empty());
    }
  }
}

TEST_CASE("a race names both threads and both accesses") {
  OptionsScope options;
  options->checks.racecheck = true;
  LoadedPtx module(kernel("@%p1 st.global.u32 [%data+8], %b;"));
  Buffer<std::uint32_t> data(256, 0u);
  const LaunchResult result = launch(module.kernel("k"), {3, 1, 1}, {32, 1, 1}, 0, data.address());
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings[0];
  CHECK(finding.count == 2);
  CHECK(finding.block[0] == 1);
  CHECK(finding.other_block[0] == 0);
  CHECK(finding.access == "store");
  CHECK(finding.other_access == "store");
  CHECK(finding.space == "global");
  CHECK(finding.address == data.address() + 8);
  CHECK(finding.allocation == data.address());
  CHECK(finding.allocation_bytes == 1024);
}

TEST_CASE("a launch begins after all that came before it") {
  OptionsScope options;
  options->checks.racecheck = true;
  LoadedPtx module(
      kernel("mov.u32 %r1, 64; mad.lo.u32 %r2, %b, 32, %t; sub.u32 %r1, 63, %r2;"
             "mul.wide.u32 %rd1, %r1, 4; add.u64 %rd1, %rd1, %data; ld.global.u32 %r3, [%rd1];"
             "st.global.u32 [%rd1], %r2;"));
  Buffer<std::uint32_t> data(64, 0u);
  for (int repeat = 0; repeat < 3; ++repeat) {
    CHECK(launch(module.kernel("k"), {2, 1, 1}, {32, 1, 1}, 0, data.address()).findings.empty());
  }
}

TEST_CASE("initcheck finds reads of what nobody wrote") {
  OptionsScope options;
  options->checks.initcheck = true;
  device().memory().track_initialised();
  Memory& memory = device().memory();
  const DeviceAddress data = memory.allocate(256, MemoryKind::kDevice).address;
  LoadedPtx load(kernel("ld.global.u32 %r1, [%g];"));
  LoadedPtx store(kernel("st.global.u32 [%g], %t;"));
  LoadedPtx shared(kernel("@%p0 st.shared.u32 [%mine], %t; bar.sync 0; ld.shared.u32 %r1, [%mine];"));
  LoadedPtx padded(
      kernel("mul.wide.u32 %rd1, %t, 8; add.u64 %rd1, %rd1, %data; ld.global.u64 %rd2, [%rd1];"));
  auto run = [&](const LoadedPtx& module, std::uint32_t threads) {
    return launch(module.kernel("k"), {1, 1, 1}, {threads, 1, 1}, 0, data);
  };

  LaunchResult result = run(load, 32);
  REQUIRE(kinds(result) == std::vector<std::string>{"initcheck.uninitialised_read"});
  CHECK(result.findings[0].count == 32);
  CHECK(result.findings[0].allocation == data);
  CHECK(result.ok());

  const std::uint32_t zeros[8] = {};
  memory.copy_in(data, zeros, sizeof zeros);
  result = run(load, 32);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].thread[0] == 8);
  CHECK(result.findings[0].address == data + 32);
  CHECK(result.findings[0].count == 24);

  CHECK(run(store, 32).findings.empty());
  CHECK(run(load, 32).findings.empty());
  CHECK(run(load, 64).findings[0].thread[0] == 32);

  // A structure of which one half was written may be copied as a whole; one of which nothing was, not.
  memory.fill(data + 128, 1, 4, 1);
  CHECK(run(padded, 17).findings.empty());
  CHECK(run(padded, 18).findings.size() == 1);

  const DeviceAddress copy = memory.allocate(256, MemoryKind::kDevice).address;
  memory.copy(copy, data, 256);
  result = launch(load.kernel("k"), {1, 1, 1}, {64, 1, 1}, 0, copy);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].thread[0] == 33);

  result = run(shared, 64);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].space == "shared");
  CHECK(result.findings[0].thread[0] == 32);
  CHECK(result.findings[0].count == 32);

  std::string of_cub = kernel("@%p0 st.shared.u32 [%mine], %t; bar.sync 0; ld.shared.u32 %r1, [%mine];");
  of_cub.replace(of_cub.find(".entry k("), 9, ".entry _ZN3cub1kEPv(");
  LoadedPtx library(of_cub);
  CHECK(launch(library.kernel("_ZN3cub1kEPv"), {1, 1, 1}, {64, 1, 1}, 0, data).findings.empty());
  memory.free(copy);
  memory.free(data);
}

TEST_CASE("a finding of a block that waited for a later one is told as a whole") {
  OptionsScope options;
  options->checks.initcheck = true;
  device().memory().track_initialised();
  Memory& memory = device().memory();
  const DeviceAddress data = memory.allocate(256, MemoryKind::kDevice).address;
  const std::uint32_t zero = 0;
  memory.copy_in(data, &zero, sizeof zero);
  LoadedPtx module(kernel(R"(setp.eq.u32 %p2, %b, 1; @%p2 bra read;
wait: ld.volatile.global.u32 %r1, [%data]; setp.eq.u32 %p3, %r1, 0; @%p3 bra wait;
read: ld.global.u32 %r2, [%data+128];
  @%p2 st.volatile.global.u32 [%data], %b;)"));
  const LaunchResult result = launch(module.kernel("k"), {2, 1, 1}, {1, 1, 1}, 0, data);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].count == 2);
  CHECK(result.findings[0].block[0] == 0);
  CHECK(result.findings[0].access == "load");
  CHECK(result.findings[0].address == data + 128);
  memory.free(data);
}

TEST_CASE("a load that reads the same address in every turn of a loop polls") {
  OptionsScope options;
  // Block 0 waits for block 1 in a loop around these.
  for (const char* poll :
       {"ld.global.u32 %r1, [%data];", "ld.global.cg.u32 %r1, [%rd9]; @%p1 st.shared.u32 [%mine], %t;",
        "ld.u32 %r1, [%data]; membar.gl; @%p1 st.shared.u32 [%mine], %t;"}) {
    CAPTURE(poll);
    LoadedPtx module(
        kernel("add.u64 %rd9, %data, 0; setp.eq.u32 %p2, %b, 1; @%p2 bra tell;\nwait: " + std::string(poll) +
               "setp.eq.u32 %p3, %r1, 0; @%p3 bra wait;\n"
               "tell: @%p2 st.global.u32 [%data], %b;"));
    options->instruction_limit = 1'000'000;
    Buffer<std::uint32_t> data(64, 0u);
    CHECK(launch(module.kernel("k"), {2, 1, 1}, {1, 1, 1}, 0, data.address()).ok());
  }
}

TEST_CASE("a trace holds the addresses of one warp's requests") {
  OptionsScope options;
  options->trace = {"kernel.cu", 7, 1, 1, 2};
  LoadedPtx module(".file 1 \"/src/kernel.cu\"\n" + kernel(R"(.loc 1 7 0
  ld.global.u32 %r1, [%g];
  ld.global.u32 %r1, [%g+64];
  ld.global.u32 %r1, [%g+128];
  .loc 1 8 0
  @%p0 st.global.u32 [%g], %r1;)"));
  Buffer<std::uint32_t> data(256, 0u);
  const LaunchResult result = launch(module.kernel("k"), {2, 1, 1}, {40, 1, 1}, 0, data.address());
  REQUIRE(result.trace.size() == 2);  // not more than asked for
  const TracedAccess& first = result.trace[0];
  CHECK(first.where.line == 7);
  CHECK(first.access == "load");
  CHECK(first.space == "global");
  CHECK(first.size_bytes == 4);
  CHECK(first.mask == 0xff);  // the second warp has 8 threads
  CHECK(first.addresses[0] == data.address() + 4 * 32);
  CHECK(first.addresses[7] == data.address() + 4 * 39);
  CHECK(result.trace[1].addresses[0] == data.address() + 4 * 32 + 64);
}

}  // namespace drillpress::lockstep::test
