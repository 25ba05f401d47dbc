#include "lockstep_fixture.h"

namespace drillpress::lockstep::test {

TEST_CASE("allocations are aligned, apart, zeroed, and refuse wrong ranges") {
  Memory& memory = device().memory();
  const auto a = memory.allocate(1000, MemoryKind::kDevice), b = memory.allocate(1000, MemoryKind::kDevice);
  REQUIRE(a.error == MemoryError::kNone);
  REQUIRE(b.error == MemoryError::kNone);
  CHECK(a.address % 256 == 0);
  CHECK((b.address > a.address + 1000 + 4096 || a.address > b.address + 1000 + 4096));
  std::vector<char> bytes(1000, 1);
  REQUIRE(memory.copy_out(bytes.data(), a.address, 1000) == MemoryError::kNone);
  CHECK(bytes == std::vector<char>(1000, 0));
  CHECK(memory.copy_in(a.address, bytes.data(), 1001) == MemoryError::kInvalidValue);
  CHECK(memory.copy_in(a.address - 8, bytes.data(), 8) == MemoryError::kInvalidAddress);
  CHECK(memory.fill(a.address, 0x01020304, 4, 250) == MemoryError::kNone);
  REQUIRE(memory.copy_out(bytes.data(), a.address, 1000) == MemoryError::kNone);
  CHECK(bytes[999] == 1);
  CHECK(memory.fill(a.address, 0, 4, 251) == MemoryError::kInvalidValue);
  CHECK(memory.free(a.address + 8) == MemoryError::kInvalidAddress);
  CHECK(memory.free(a.address) == MemoryError::kNone);
  CHECK(memory.free(a.address) == MemoryError::kInvalidAddress);
  REQUIRE(memory.find(a.address));
  CHECK_FALSE(memory.find(a.address)->live);
  CHECK(memory.free(b.address) == MemoryError::kNone);
  CHECK(memory.allocate(0, MemoryKind::kDevice).error == MemoryError::kInvalidValue);
  CHECK(memory.allocate(1ull << 40, MemoryKind::kDevice).error == MemoryError::kOutOfMemory);
}

TEST_CASE("managed, pinned and registered memory is the same on both sides") {
  Memory& memory = device().memory();
  LoadedPtx module(R"(.visible .entry k(.param .u64 p) { .reg .b64 %rd<2>; .reg .b32 %r<2>;
  ld.param.u64 %rd1, [p]; ld.global.u32 %r1, [%rd1]; add.u32 %r1, %r1, 1; st.global.u32 [%rd1], %r1; ret; })");
  for (const MemoryKind kind : {MemoryKind::kManaged, MemoryKind::kPinned}) {
    const auto allocated = memory.allocate(4096, kind);
    auto* host = reinterpret_cast<volatile std::uint32_t*>(allocated.address);
    *host = 41;
    REQUIRE(launch(module.kernel("k"), {1, 1, 1}, {1, 1, 1}, 0, allocated.address).ok());
    CHECK(*host == 42);
    memory.free(allocated.address);
  }
  alignas(4) std::uint32_t local[2] = {7, 9};
  CHECK(launch(module.kernel("k"), {1, 1, 1}, {1, 1, 1}, 0, reinterpret_cast<std::uint64_t>(local))
            .fault.kind == FaultKind::kIllegalAddress);
  REQUIRE(memory.register_host(local, sizeof local) == MemoryError::kNone);
  CHECK(memory.register_host(local + 1, 4) == MemoryError::kAlreadyRegistered);
  CHECK(launch(module.kernel("k"), {1, 1, 1}, {1, 1, 1}, 0, reinterpret_cast<std::uint64_t>(local)).ok());
  CHECK(local[0] == 8);
  CHECK(memory.unregister_host(local) == MemoryError::kNone);
}

TEST_CASE("variables keep their initial values, and addresses inside them point where they say") {
  LoadedPtx module(R"(
.visible .global .align 4 .u32 numbers[3] = {10, 20, 30};
.visible .const .align 8 .u64 pointer = generic(numbers)+4;
.visible .entry k(.param .u64 out) { .reg .b64 %rd<3>; .reg .b32 %r<2>;
  ld.param.u64 %rd1, [out]; ld.const.u64 %rd2, [pointer]; ld.u32 %r1, [%rd2]; st.global.u32 [%rd1], %r1; ret; }
.visible .entry bad() { .reg .b64 %rd<2>; mov.u64 %rd1, pointer; st.global.u64 [%rd1], 0; ret; })");
  Buffer<std::uint32_t> out(1, 0u);
  REQUIRE(launch(module.kernel("k"), {1, 1, 1}, {1, 1, 1}, 0, out.address()).ok());
  CHECK(out.read()[0] == 20);
  const auto symbol = device().find_symbol(module.id(), "pointer");
  REQUIRE(symbol);
  CHECK(symbol->size_bytes == 8);
  CHECK(symbol->is_constant);
  const LaunchResult result = launch(module.kernel("bad"), {1, 1, 1}, {1, 1, 1}, 0);
  REQUIRE(result.findings.size() == 1);
  CHECK(name(result.findings[0].kind) == "memcheck.read_only_store");
}

TEST_CASE(
    "vectors, narrow and sign-extending accesses agree in every space, also through generic addresses") {
  const auto out = run_warp(R"(
  .shared .align 16 .b8 s[1024];
  .local .align 16 .b8 l[16];
  mov.u32 %r1, s; shl.b32 %r2, %t, 4; add.u32 %r1, %r1, %r2;
  mov.u32 %r3, -2; add.u32 %r4, %t, 1; add.u32 %r5, %t, 2; add.u32 %r6, %t, 3;
  st.shared.v4.u32 [%r1], {%r3, %r4, %r5, %r6};
  cvt.u64.u32 %rd1, %r1; cvta.shared.u64 %rd1, %rd1;
  ld.v2.u32 {%r7, %r8}, [%rd1+8];
  ld.s8 %rd2, [%rd1];
  mov.u64 %rd3, l; st.local.u16 [%rd3+2], %r3; cvta.local.u64 %rd4, %rd3;
  ld.u16 %r9, [%rd4+2];
  isspacep.shared %p1, %rd1; isspacep.local %p2, %rd4; isspacep.global %p3, %in;
  selp.u32 %r10, 1, 0, %p1; selp.u32 %r11, 2, 0, %p2; selp.u32 %r12, 4, 0, %p3;
  add.u32 %r10, %r10, %r11; add.u32 %r10, %r10, %r12;
  st.global.v2.u32 [%out], {%r7, %r8}; st.global.u64 [%out+8], %rd2;
  st.global.u32 [%out+16], %r9; st.global.u32 [%out+20], %r10;)",
                            {});
  for (std::uint64_t i = 0; i < 32; ++i) {
    CHECK(out[i].at[0] == ((i + 3) << 32 | (i + 2)));
    CHECK(out[i].at[1] == 0xfffffffffffffffeull);
    CHECK(out[i].at[2] == (7ull << 32 | 0xfffeull));
  }
}

TEST_CASE("shared and local accesses outside their memory are found") {
  LaunchResult result;
  run_warp(".shared .align 4 .b8 s[64]; mov.u32 %r1, s; st.shared.u32 [%r1+64], %r1;", {}, "", &result);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].space == "shared");
  CHECK(result.findings[0].count == 32);
}

TEST_CASE("atomic operations give the old value and store the new one") {
  struct Row {
    const char* operation;
    std::uint64_t old, operand, expected;
    bool wide;
  };
  const Row rows[] = {
      {"add.u32", 5, 7, 12, false},
      {"add.u64", 0xffffffff, 1, 0x100000000, true},
      {"min.s32", 5, 0xffffffff, 0xffffffff, false},
      {"min.u32", 5, 0xffffffff, 5, false},
      {"max.s32", 5, 0xffffffff, 5, false},
      {"max.u32", 5, 0xffffffff, 0xffffffff, false},
      {"min.s64", 5, ~0ull, ~0ull, true},
      {"max.u64", 5, ~0ull, ~0ull, true},
      {"and.b32", 12, 10, 8, false},
      {"or.b32", 12, 10, 14, false},
      {"xor.b32", 12, 10, 6, false},
      {"exch.b32", 12, 10, 10, false},
      {"inc.u32", 3, 3, 0, false},
      {"inc.u32", 2, 3, 3, false},
      {"dec.u32", 0, 3, 3, false},
      {"dec.u32", 2, 3, 1, false},
      {"dec.u32", 9, 3, 3, false},
      {"add.f32", 0x3f800000, 0x40000000, 0x40400000, false},
      {"add.noftz.f16x2", 0x3c003c00, 0x40003c00, 0x42004000, false},
      {"add.f64", 0x3ff0000000000000, 0x3ff0000000000000, 0x4000000000000000, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.operation);
    const std::string type = row.wide ? "u64" : "u32", reg = row.wide ? "%rd" : "%r";
    const auto out =
        run_warp("ld.global." + type + " " + reg + "1, [%in]; ld.global." + type + " " + reg +
                     "2, [%in+8]; st.global.u64 [%out], 0; st.global." + type + " [%out], " + reg +
                     "1; atom.global." + row.operation + " " + reg + "3, [%out], " + reg +
                     "2; st.global.u64 [%out+8], 0; st.global." + type + " [%out+8], " + reg + "3;",
                 std::vector<Slots>(32, Slots{{row.old, row.operand, 0, 0}}));
    CHECK(out[3].at[0] == row.expected);
    CHECK(out[3].at[1] == row.old);
  }
  const auto swapped = run_warp(R"(st.global.u64 [%out], %rd9; atom.global.cas.b64 %rd1, [%out], 0, 5;
  atom.global.cas.b64 %rd2, [%out], 4, 6; st.global.u64 [%out+8], %rd1; st.global.u64 [%out+16], %rd2;)",
                                {});
  CHECK(swapped[0].at[0] == 5);
  CHECK(swapped[0].at[1] == 0);
  CHECK(swapped[0].at[2] == 5);
}

TEST_CASE("carries pass through extended additions and subtractions") {
  const auto out = run_warp(R"(
  mov.u32 %r1, 0xffffffff; mov.u32 %r2, 1;
  add.cc.u32 %r3, %r1, %r2; addc.u32 %r4, 0, 0;
  sub.cc.u32 %r5, %r2, %r1; subc.u32 %r6, 0, 0;
  sub.cc.u32 %r7, %r1, %r2; addc.u32 %r8, 0, 0;
  st.global.v2.u32 [%out], {%r3, %r4}; st.global.v2.u32 [%out+8], {%r5, %r6}; st.global.v2.u32 [%out+16], {%r7, %r8};)",
                            {});
  CHECK(out[0].at[0] == 0x100000000ull);
  CHECK(out[0].at[1] == 0xffffffff00000002ull);  // 1 - 0xffffffff = 2 and a borrow
  CHECK(out[0].at[2] == 0x1fffffffeull);         // no borrow leaves the carry of a + ~b + 1 set
}

TEST_CASE("the last store to a watched address is named") {
  OptionsScope options;
  Buffer<std::uint32_t> cell(1, 0u);
  options->watch_begin = cell.address();
  options->watch_end = cell.address() + 4;
  LoadedPtx module(R"(.file 1 "a.cu"
.visible .entry k(.param .u64 p) { .reg .b64 %rd<2>; .reg .b32 %r<2>; ld.param.u64 %rd1, [p]; mov.u32 %r1, %ctaid.x;
  .loc 1 10 1
  st.global.u32 [%rd1], 1;
  .loc 1 20 1
  st.global.u32 [%rd1], %r1; ret; })");
  const LaunchResult result = launch(module.kernel("k"), {5, 1, 1}, {2, 1, 1}, 0, cell.address());
  REQUIRE(result.ok());
  REQUIRE(result.watched_stores.size() == 2);
  CHECK(result.watched_stores[0].where.line == 10);
  CHECK_FALSE(result.watched_stores[0].last);
  CHECK(result.watched_stores[1].where.file == "a.cu");
  CHECK(result.watched_stores[1].last);
  CHECK(result.watched_stores[1].block[0] == 4);
  CHECK(result.watched_stores[1].thread[0] == 1);
  CHECK(result.watched_stores[1].count == 10);
}

}  // namespace drillpress::lockstep::test
