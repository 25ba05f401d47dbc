// Operands of every kind, guards, suffixes and calls.
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

using Kind = Operand::Kind;

std::string suffixes(const Instruction& instruction) {
  std::string out;
  for (const Modifier modifier : instruction.modifiers) out += "." + std::string(text(modifier));
  return out;
}

struct SuffixCase {
  const char* text;
  const char* suffixes;
};
const SuffixCase kSuffixes[] = {
    {"ret;", ""},
    {"ld.global.nc.L1::no_allocate.L2::128B.v4.f32 {%f1,%f2,%f3,%f4}, [%rd1];",
     ".global.nc.L1::no_allocate.L2::128B.v4.f32"},
    {"ldmatrix.sync.aligned.m8n8.x4.shared::cta.b16 {%r1,%r2,%r3,%r4}, [%r1];",
     ".sync.aligned.m8n8.x4.shared::cta.b16"},
    {"tex.1d.v4.f32.s32 {%f1,%f2,%f3,%f4}, [%rd1, {%r1}];", ".1d.v4.f32.s32"},
    {"cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%r1], [%rd1, "
     "{%r1,%r2}], [%r2];",
     ".async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes"},
    {"mma.sync.aligned.m16n8k64.row.col.kind::mxf4nvf4.block_scale.scale_vec::4X.f32.e2m1.e2m1.f32.ue4m3 "
     "%f1;",
     ".sync.aligned.m16n8k64.row.col.kind::mxf4nvf4.block_scale.scale_vec::4X.f32.e2m1.e2m1.f32.ue4m3"},
    {"tcgen05.ld.sync.aligned.16x32bx2.x2.b32 {%r1,%r2}, [%r3], 2;", ".ld.sync.aligned.16x32bx2.x2.b32"},
    {"max.NaN.f16x2 %r1, %r2, %r3;", ".NaN.f16x2"},
    {"setp.nan.f32 %p1, %f1, %f2;", ".nan.f32"},
    {"add .s32 %r1, %r2, %r3;", ".s32"},
};

}  // namespace

TEST_CASE("suffixes are kept in order, `::` and leading digits included", "[ptx]") {
  for (const SuffixCase& c : kSuffixes) {
    CAPTURE(c.text);
    CHECK(suffixes(parse_instruction(c.text)) == c.suffixes);
  }
}

TEST_CASE("guards", "[ptx]") {
  const Function k = parse_kernel("@%p1 ret;\n@!%p2 add.s32 %r1, %r1, 1;\nexit;");
  REQUIRE(k.instructions.size() == 3);
  CHECK(k.instructions[0].guarded);
  CHECK_FALSE(k.instructions[0].guard_negated);
  CHECK(k.registers[k.instructions[0].guard].name == "%p1");
  CHECK(k.instructions[1].guard_negated);
  CHECK(k.registers[k.instructions[1].guard].name == "%p2");
  CHECK_FALSE(k.instructions[2].guarded);
  CHECK(k.instructions[0].ptx_line == 3 + 9);
  CHECK(k.instructions[2].ptx_line == 3 + 11);
}

TEST_CASE("registers, negated, paired, and sinks", "[ptx]") {
  const Function k = parse_kernel(
      "setp.lt.and.s32 %p1|%p2, %r1, %r2, !%p3;\n"
      "shfl.sync.idx.b32 %r3|%p4, %r1, 0, 31, -1;\n"
      "elect.sync _|%p5, -1;\n"
      "setp.lt.s32 %p6|_, %r1, %r2;\n"
      "add.f32 %f1, -%f2, %f3;\n"
      "mov.b64 {_, %r4}, %rd1;\n");
  const auto& setp = k.instructions[0].operands;
  REQUIRE(setp.size() == 4);
  CHECK(register_name(k, setp[0]) == "%p1");
  REQUIRE(setp[0].reg2);
  CHECK(k.registers[*setp[0].reg2].name == "%p2");
  CHECK(setp[3].negated);
  CHECK(register_name(k, setp[3]) == "%p3");
  CHECK(k.registers[*k.instructions[1].operands[0].reg2].name == "%p4");
  CHECK(k.instructions[2].operands[0].kind == Kind::kSink);
  CHECK(k.registers[*k.instructions[2].operands[0].reg2].name == "%p5");
  CHECK_FALSE(k.instructions[3].operands[0].reg2);
  CHECK(k.instructions[4].operands[1].arithmetic_negated);
  CHECK_FALSE(k.instructions[4].operands[1].negated);
  const Operand& vector = k.instructions[5].operands[0];
  REQUIRE(vector.kind == Kind::kVector);
  REQUIRE(vector.elements.size() == 2);
  CHECK(vector.elements[0].kind == Kind::kSink);
  CHECK(register_name(k, vector.elements[1]) == "%r4");
}

TEST_CASE("a register's part is kept, and printed again", "[ptx]") {
  const Function k = parse_kernel("vadd.s32.u32.s32.sat %r1, %r2.b0, %r3.h1;\n");
  const auto& operands = k.instructions[0].operands;
  REQUIRE(operands.size() == 3);
  CHECK(operands[0].selector.empty());
  CHECK(register_name(k, operands[1]) == "%r2");
  CHECK(operands[1].selector == "b0");
  CHECK(operands[2].selector == "h1");
  CHECK(render_instruction(k, k.instructions[0]) == "vadd.s32.u32.s32.sat %r1, %r2.b0, %r3.h1;");
}

TEST_CASE("addresses", "[ptx]") {
  const Function k = parse_kernel(
      "ld.global.u32 %r1, [%rd1];\n"
      "ld.global.u32 %r1, [%rd1+-16];\n"
      "ld.global.u32 %r1, [%rd1 - 4*2 + 1];\n"
      "ld.global.u32 %r1, [x+12];\n"
      "ld.global.u32 %r1, [0x100];\n"
      "ld.global.u32 %r1, [16+4];\n"
      "ld.param.u32 %r1, [n];\n",
      ".global .b32 x[8];\n");
  const auto address = [&k](std::size_t i) -> const Operand& {
    const Operand& operand = k.instructions.at(i).operands.at(1);
    REQUIRE(operand.kind == Kind::kAddress);
    return operand;
  };
  CHECK(address(0).has_register);
  CHECK(register_name(k, address(0)) == "%rd1");
  CHECK(address(0).offset == 0);
  CHECK(address(1).offset == -16);
  CHECK(address(2).offset == -7);
  CHECK_FALSE(address(3).has_register);
  CHECK(address(3).symbol == "x");
  CHECK(address(3).offset == 12);
  CHECK(address(4).symbol.empty());
  CHECK(address(4).offset == 256);
  CHECK(address(5).offset == 20);
  CHECK(address(6).symbol == "n");
}

TEST_CASE("coordinates follow the base of an address", "[ptx]") {
  const Function k = parse_kernel(
      "cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [%rd1+64, {%r1, 4}], [%r2];\n"
      "tex.2d.v4.f32.f32 {%f1, %f2, %f3, %f4}|%p1, [t, s, {%f5, 0f00000000}];\n",
      ".global .texref t;\n.global .samplerref s;\n");
  const Operand& tensor = k.instructions[0].operands.at(0);
  CHECK(tensor.kind == Kind::kAddress);
  CHECK(tensor.offset == 64);
  REQUIRE(tensor.elements.size() == 1);
  REQUIRE(tensor.elements[0].kind == Kind::kVector);
  CHECK(register_name(k, tensor.elements[0].elements.at(0)) == "%r1");
  CHECK(tensor.elements[0].elements.at(1).bits == 4);
  const Operand& texel = k.instructions[1].operands.at(0);
  REQUIRE(texel.reg2);
  CHECK(k.registers[*texel.reg2].name == "%p1");
  const Operand& place = k.instructions[1].operands.at(1);
  CHECK(place.symbol == "t");
  REQUIRE(place.elements.size() == 2);
  CHECK(place.elements[0].kind == Kind::kSymbol);
  CHECK(place.elements[0].symbol == "s");
  CHECK(place.elements[1].elements.size() == 2);
}

TEST_CASE("symbols and special registers", "[ptx]") {
  const Function k = parse_kernel(
      "mov.u64 %rd1, x;\n"
      "mov.u64 %rd1, x+8;\n"
      "mov.u64 %rd1, x-4;\n"
      "mov.u64 %rd1, later;\n"
      "mov.u32 %r1, %tid.x;\n"
      "mov.u32 %r1, %nctaid.z;\n"
      "mov.u32 %r1, %laneid;\n"
      "mov.u64 %rd1, %clock64;\n"
      "mov.u32 %r1, %envreg31;\n"
      "mov.u32 %r1, %cluster_ctaid.y;\n"
      "mov.u32 %r1, WARP_SZ;\n"
      "mov.u64 %rd1, k;\n",
      ".global .b32 x[8];\n.func later();\n");
  const auto source = [&k](std::size_t i) -> const Operand& { return k.instructions.at(i).operands.at(1); };
  CHECK(source(0).kind == Kind::kSymbol);
  CHECK(source(0).symbol == "x");
  CHECK(source(1).offset == 8);
  CHECK(source(2).offset == -4);
  CHECK(source(3).symbol == "later");
  const char* specials[] = {"%tid.x", "%nctaid.z", "%laneid", "%clock64", "%envreg31", "%cluster_ctaid.y"};
  for (std::size_t i = 0; i < std::size(specials); ++i) {
    CHECK(source(4 + i).kind == Kind::kSpecial);
    CHECK(source(4 + i).symbol == specials[i]);
  }
  CHECK(source(10).bits == 32);
  CHECK(source(11).symbol == "k");
}

TEST_CASE("every form of call", "[ptx]") {
  const Function k = parse_kernel(
      "p: .callprototype (.param .b32 _) _ (.param .b32 _);\n"
      ".param .b32 x, y;\n"
      "call f;\n"
      "call.uni f, ();\n"
      "call.uni f, (x, 3, %r1);\n"
      "call.uni (y), f, (x);\n"
      "call (y), %rd1, (x), p;\n"
      "call %rd1, p;\n"
      "call (%r1, %r2), f, (x);\n"
      "@%p1 call.uni (y),\nf,\n(\nx,\ny\n);\n",
      ".func f();\n");
  REQUIRE(k.instructions.size() == 8);
  const auto call = [&k](std::size_t i) -> const Instruction& { return k.instructions[i]; };
  for (const Instruction& instruction : k.instructions) {
    CHECK(instruction.opcode == Opcode::kCall);
    REQUIRE(instruction.operands.size() == 1);
  }
  CHECK(call(0).operands[0].symbol == "f");
  CHECK(call(0).call_arguments.empty());
  CHECK(call(1).call_arguments.empty());
  REQUIRE(call(2).call_arguments.size() == 3);
  CHECK(call(2).call_arguments[0].symbol == "x");
  CHECK(call(2).call_arguments[1].bits == 3);
  CHECK(register_name(k, call(2).call_arguments[2]) == "%r1");
  REQUIRE(call(3).call_returns.size() == 1);
  CHECK(call(3).call_returns[0].symbol == "y");
  CHECK(call(4).operands[0].kind == Kind::kRegister);
  CHECK(call(4).call_prototype == "p");
  CHECK(call(5).call_prototype == "p");
  CHECK(call(5).call_arguments.empty());
  CHECK(call(6).call_returns.size() == 2);
  CHECK(call(7).guarded);
  CHECK(call(7).call_arguments.size() == 2);
}
