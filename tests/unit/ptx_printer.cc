// Printing: what is printed parses to the same module.
#include "ptx/printer.h"
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

void check_round_trip(Module module) {
  const std::string printed = render_module(module);
  Module again = parse_whole(printed);
  CHECK(render_module(again) == printed);
  forget_lines(module);
  forget_lines(again);
  CHECK(again == module);
}

std::string print_one(const std::string& text) {
  const Function k = parse_kernel(text);
  return render_instruction(k, k.instructions.at(0));
}

}  // namespace

TEST_CASE("hand-written modules survive printing", "[ptx]") {
  for (const auto& file : data_files()) {
    CAPTURE(file.filename().string());
    const std::string text = load(file);
    const Module module = parse_whole(text);
    std::size_t instructions = 0;
    for (const Function& function : module.functions) instructions += function.instructions.size();
    CHECK(instructions == count_instructions(text));
    check_round_trip(module);
  }
}

TEST_CASE("every opcode and suffix survives printing", "[ptx]") {
  std::string body;
#define OPCODE(enumerator, name, section)                                         \
  if (Opcode::enumerator != Opcode::kBra && Opcode::enumerator != Opcode::kBrx && \
      Opcode::enumerator != Opcode::kCall) {                                      \
    body += name " %r1, 5;\n";                                                    \
  }
#include "ptx/opcodes.def"
#undef OPCODE
#define MODIFIER(enumerator, text) body += "ld." text " %r1, [%rd1];\n";
#include "ptx/modifiers.def"
#undef MODIFIER
  check_round_trip(parse(kernel(body)));
}

TEST_CASE("declarations, initial values and places survive printing", "[ptx]") {
  check_round_trip(parse(
      ".file 7 \"a\\\"b\\\\\\303\\251\\001.cu\"\n"
      ".weak .func (.param .align 8 .b8 r[16]) f(.reg .b32 x, .param .b8 rest[]) .noreturn { .reg .b32 y; "
      "mov.b32 y, x; }\n"
      ".extern .func g() .noreturn;\n.func h();\n.alias h2, h;\n"
      ".visible .const .align 16 .f32 c[2][2] = {{1.5, 0f7FC00000}, {-2}};\n"
      ".global .f64 d = 0dFFF8000000000000;\n"
      ".weak .global .b128 q[2] = {-1, 1};\n"
      ".global .attribute(.managed) .s64 m = -9223372036854775808;\n"
      ".global .u64 p[3] = {generic(c)+4, f, c-8};\n"
      ".global .b8 bytes[4] = {0xFF00(c), 0xFF(generic(d)), 0xFF00(generic(d)), 3};\n"
      ".global .b16 halves[2] = {0xFFFF(c), 0xFFFF0000(c)};\n"
      ".extern .shared .align 16 .b8 s[];\n"
      ".visible .entry k(.param .u64 .ptr .shared .align 16 a)\n.maxntid 1, 2, 3\n.reqntid 4\n.maxnreg 5\n"
      ".minnctapersm 6\n.reqnctapercluster 2\n.maxclusterrank 8\n.explicitcluster\n.blocksareclusters\n"
      "{\n.reg .pred p, q0, %p<3>; .reg .b32 r1, r<1>;\n"
      "ret;\n.loc 7 8 9\nL: { L: @!p bra L; .param .b64 L2; }\n"
      ".loc 7 1 1, function_name $n, inlined_at 7 8 9\nM: .pragma \"unroll \\\"x\\\"\";\nret;\n"
      ".loc 7 2 2, function_name $n+2, inlined_at 7 1 1\nret;\n"
      ".loc 7 8 9\nret;\nEND: .pragma \"end\"; }\n"
      ".section .debug_str { $n: .b8 1,2,255,0 }\n"));
}

TEST_CASE("a long chain of inlined calls survives printing, in a text of the same length", "[ptx]") {
  std::string body;
  for (int i = 1; i <= 20000; ++i) {
    body += ".loc 1 " + std::to_string(i + 1) + " 1, function_name $n, inlined_at 1 " + std::to_string(i) +
            " 1\n";
  }
  const Module module = parse(".func f() {\n" + body + "ret; }\n.func g() {\n" + body + "ret; }\n");
  CHECK(module.inline_sites.size() == 20000);
  CHECK(render_module(module).size() < 6 * body.size());
  check_round_trip(module);
}

TEST_CASE("instructions print as they are written", "[ptx]") {
  for (const char* text : {
           "@!%p1 add.s32 %r1, %r2, -4;",
           "setp.eq.and.s32 %p1|%p2, %r1, 0, !%p3;",
           "elect.sync _|%p1, -1;",
           "ld.global.v2.f32 {%f1, _}, [%rd1+-8];",
           "st.param.b32 [n+4], %r1;",
           "ld.global.u32 %r1, [256];",
           "cp.async.bulk.tensor.1d.global.shared::cta.bulk_group [%rd1+8, {%r1}], [%r2];",
           "mov.u32 %r1, %tid.x;",
           "mov.b32 %f1, 0f3F800000;",
           "mov.b64 %fd1, 0d3FF0000000000000;",
           "add.f32 %f1, -%f2, %f3;",
           "mov.u64 %rd1, k+16;",
           "call.uni (%r1, %r2), k, (%r3, 5);",
           "call k;",
           "ret;",
       }) {
    CHECK(print_one(text) == text);
  }
  CHECK(print_one("L: bra.uni L;") == "bra.uni L;");
  CHECK(print_one("t: .branchtargets L; brx.idx %r1, t; L:") == "brx.idx %r1, t;");
  CHECK(print_one("p: .callprototype _ (); call %rd1, p;") == "call %rd1, (), p;");
  CHECK(print_one("add.f32 %f1, %f2, 1.5;") == "add.f32 %f1, %f2, 0f3FC00000;");
}
