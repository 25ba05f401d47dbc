// Variables, their initial values and attributes; parameters.
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

using Bytes = std::vector<std::uint8_t>;

Variable only_variable(const std::string& text) {
  Module module = parse(text);
  REQUIRE(module.globals.size() == 1);
  return std::move(module.globals[0]);
}

struct InitializerCase {
  const char* text;
  std::uint64_t size_bytes;
  Bytes bytes;
};
const InitializerCase kInitializers[] = {
    {".global .b8 x;", 1, {}},
    {".global .u32 x = 258;", 4, {2, 1, 0, 0}},
    {".global .s16 x = -2;", 2, {0xFE, 0xFF}},
    {".global .u8 x = 255;", 1, {255}},
    {".global .s8 x = -128;", 1, {0x80}},
    {".global .b64 x = -1;", 8, Bytes(8, 0xFF)},
    {".global .b128 x = 1;", 16, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    {".global .b128 x = -1;", 16, Bytes(16, 0xFF)},
    {".global .f32 x = 1.5;", 4, {0, 0, 0xC0, 0x3F}},
    {".global .f32 x = 0f3F800000;", 4, {0, 0, 0x80, 0x3F}},
    {".global .f32 x = 2;", 4, {0, 0, 0, 0x40}},
    {".global .f64 x = 0f3F800000;", 8, {0, 0, 0, 0, 0, 0, 0xF0, 0x3F}},
    {".global .f64 x = -2;", 8, {0, 0, 0, 0, 0, 0, 0, 0xC0}},
    {".global .b32 x = 0f3F800000;", 4, {0, 0, 0x80, 0x3F}},
    {".global .b8 x[4] = {1, 2};", 4, {1, 2}},
    {".global .b8 x[4] = {};", 4, {}},
    {".global .b8 x[] = {1, 2, 3};", 3, {1, 2, 3}},
    {".global .u8 x[2][3] = {{1, 2}, {3}};", 6, {1, 2, 0, 3}},
    {".global .u8 x[2][2] = {1, 2, 3, 4};", 4, {1, 2, 3, 4}},
    {".global .u8 x[][2] = {{1}, {2}, {3, 4}};", 6, {1, 0, 2, 0, 3, 4}},
    {".global .u8 x[2][2][2] = {{{1}, {2}}, {{3}, {4}}};", 8, {1, 0, 2, 0, 3, 0, 4}},
    {".global .v2 .u8 x = {1, 2};", 2, {1, 2}},
    {".global .v2 .u8 x[2] = {{1, 2}, {3, 4}};", 4, {1, 2, 3, 4}},
    {".const .u8 x[WARP_SZ] = {1+1};", 32, {2}},
};

}  // namespace

TEST_CASE("initial values become bytes", "[ptx]") {
  for (const InitializerCase& c : kInitializers) {
    CAPTURE(c.text);
    const Variable x = only_variable(c.text);
    CHECK(x.size_bytes == c.size_bytes);
    CHECK(x.initializer == c.bytes);
    CHECK(x.relocations.empty());
  }
}

TEST_CASE("linkage, space, alignment and attributes of a variable", "[ptx]") {
  const Variable plain = only_variable(".global .f64 x[3];");
  CHECK(plain.name == "x");
  CHECK(plain.space == Space::kGlobal);
  CHECK(plain.type == Type::kF64);
  CHECK(plain.alignment == 8);
  CHECK(plain.size_bytes == 24);
  CHECK_FALSE(plain.is_visible);

  CHECK(only_variable(".visible .const .align 16 .b8 x;").alignment == 16);
  CHECK(only_variable(".visible .const .align 16 .b8 x;").space == Space::kConst);
  CHECK(only_variable(".visible .global .b8 x;").is_visible);
  CHECK_FALSE(only_variable(".visible .global .b8 x;").is_weak);
  CHECK(only_variable(".weak .global .b8 x;").is_weak);
  CHECK(only_variable(".common .global .b8 x;").is_weak);
  CHECK(only_variable(".common .global .b8 x;").is_visible);
  CHECK(only_variable(".global .v4 .f32 x;").alignment == 16);
  CHECK(only_variable(".global .attribute(.managed) .align 4 .u32 x;").is_managed);
  CHECK(only_variable(".global .attribute(.unified(0x1, 2), .managed) .u32 x;").is_managed);
  CHECK(only_variable(".global .texref x;").type == Type::kTexref);

  const Variable dynamic = only_variable(".extern .shared .align 16 .b8 x[];");
  CHECK(dynamic.is_extern);
  CHECK(dynamic.space == Space::kShared);
  CHECK(dynamic.size_bytes == 0);
  CHECK(dynamic.alignment == 16);
}

TEST_CASE("one declaration may name several variables", "[ptx]") {
  const Module module = parse(".global .align 8 .u32 x = 1, y[2], z = 3;");
  REQUIRE(module.globals.size() == 3);
  CHECK(module.globals[0].initializer == Bytes{1, 0, 0, 0});
  CHECK(module.globals[1].size_bytes == 8);
  CHECK(module.globals[1].initializer.empty());
  CHECK(module.globals[2].name == "z");
  CHECK(module.globals[2].alignment == 8);
}

TEST_CASE("a definition takes the place of an extern declaration", "[ptx]") {
  const Module module =
      parse(".extern .global .b32 x;\n.global .b32 y;\n.global .b32 x = 3;\n.extern .global .b32 x;\n");
  REQUIRE(module.globals.size() == 2);
  CHECK(module.globals[0].name == "x");
  CHECK_FALSE(module.globals[0].is_extern);
  CHECK(module.globals[0].initializer == Bytes{3, 0, 0, 0});
}

TEST_CASE("addresses in initial values become relocations", "[ptx]") {
  const Module module = parse(
      ".func f();\n.global .b32 t[4];\n"
      ".global .u64 p[4] = {generic(t)+4, f, t-8, 7};\n"
      ".global .u32 q = t;\n"
      ".global .b64 r = generic(t+12)+1;\n");
  const Variable& p = module.globals.at(1);
  CHECK(p.initializer.size() == 32);
  CHECK(p.initializer[24] == 7);
  const std::vector<Variable::Relocation> expected = {
      {0, "t", 4, true, 8, 0}, {8, "f", 0, false, 8, 0}, {16, "t", -8, false, 8, 0}};
  CHECK(p.relocations == expected);
  CHECK(module.globals.at(2).relocations == std::vector<Variable::Relocation>{{0, "t", 0, false, 4, 0}});
  CHECK(module.globals.at(3).relocations == std::vector<Variable::Relocation>{{0, "t", 13, true, 8, 0}});
}

TEST_CASE("the mask operator's bytes are joined to one relocation again", "[ptx]") {
  const Module module = parse(
      ".global .b32 t;\n"
      ".global .b8 x[12] = {9, 0xFF(generic(t)+4), 0xFF00(generic(t)+4), 0xFF0000(generic(t)+4), "
      "0xFF000000(generic(t)+4), 0xFF00000000(generic(t)+4), 0xFF0000000000(generic(t)+4), "
      "0xFF000000000000(generic(t)+4), 0xFF00000000000000(generic(t)+4), 8, 0xFF00(t), 0xFF(t)};\n");
  const Variable& x = module.globals.at(1);
  const std::vector<Variable::Relocation> expected = {
      {1, "t", 4, true, 8, 0}, {10, "t", 0, false, 1, 1}, {11, "t", 0, false, 1, 0}};
  CHECK(x.relocations == expected);
  CHECK(x.initializer == Bytes{9, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0});
}

TEST_CASE("parameters of kernels and functions", "[ptx]") {
  const Module module = parse(
      ".func (.param .align 8 .b8 r[16]) f(.param .b32 x, .param .b8 rest[]);\n"
      ".entry k(.param .u64 .ptr .global .align 16 p, .param .align 4 .b8 s[12], .param .u64 .ptr q);\n"
      ".func (.reg .u32 y) g(.reg .u32 x) { mov.u32 y, x; }\n");
  const Function& f = module.functions.at(0);
  REQUIRE(f.returns.size() == 1);
  CHECK(f.returns[0].size_bytes == 16);
  CHECK(f.returns[0].alignment == 8);
  CHECK(f.returns[0].space == Space::kParam);
  REQUIRE(f.parameters.size() == 2);
  CHECK(f.parameters[0].alignment == 4);
  CHECK(f.parameters[1].size_bytes == 0);

  const Function& k = module.functions.at(1);
  REQUIRE(k.parameters.size() == 3);
  CHECK(k.parameters[0].is_pointer);
  CHECK(k.parameters[0].pointer_space == Space::kGlobal);
  CHECK(k.parameters[0].pointer_alignment == 16);
  CHECK(k.parameters[0].alignment == 8);
  CHECK_FALSE(k.parameters[1].is_pointer);
  CHECK(k.parameters[1].size_bytes == 12);
  CHECK(k.parameters[2].pointer_space == Space::kGeneric);

  const Function& g = module.functions.at(2);
  CHECK(g.parameters.at(0).space == Space::kRegister);
  REQUIRE(g.registers.size() == 2);
  CHECK(register_name(g, g.instructions.at(0).operands.at(1)) == "x");
}

TEST_CASE("malformed variables are named", "[ptx]") {
  const std::pair<const char*, const char*> cases[] = {
      {".global .b8 x = 256;", "1:17: value does not fit `.b8`\n"},
      {".global .s8 x = -129;", "1:17: value does not fit `.s8`\n"},
      {".global .u32 x = 1.5;", "1:18: a floating-point value does not fit `.u32`\n"},
      {".global .b8 x[2] = {1, 2, 3};", "1:27: too many values for `x`\n"},
      {".global .b8 x[2] = 1;", "1:20: expected `{` to open the value of an array, found `1`\n"},
      {".global .b8 x = {1};", "1:17: expected a constant, found `{`\n"},
      {".global .b8 x[2] = {{1}};", "1:21: expected a value, found `{`\n"},
      {".global .b8 x[2] = \"ab\";", "1:20: expected `{` to open the value of an array, found a string\n"},
      {".global .b8 x = \"ab\";", "1:17: a string is not a value: write its bytes\n"},
      {".global x;", "1:9: expected the type of a variable, found `x`\n"},
      {".global .b8 .b8 x;", "1:13: a variable has one type\n"},
      {".global .pred x;", "1:9: only registers can be `.pred`\n"},
      {".global .frob x;", "1:9: unexpected `.frob` in the declaration of a variable\n"},
      {".global .align 3 .b8 x;", "1:16: an alignment must be a power of two\n"},
      {".global .align 0 .b8 x;", "1:16: an alignment must be an integer from 1 to 1073741824\n"},
      {".global .b8 x[-1];", "1:15: an array dimension must be an integer from 0 to 281474976710656\n"},
      {".global .b8 x[2][];", "1:18: expected a constant, found `]`\n"},
      {".global .b8 x[1][1][1][1][1][1][1][1][1];", "1:38: too many array dimensions\n"},
      {".global .b64 x[65536][65536][65536];", "1:14: `x` is larger than 2^48 bytes\n"},
      {".shared .b8 x = 1;", "1:13: only variables in `.global` and `.const` have initial values\n"},
      {".global .b8 x",
       "1:14: expected `;` after the declaration of a variable, found the end of the text\n"},
      {".global .b32 x;\n.global .b32 x;", "2:14: `x` is already defined\n"},
      {".global .b64 x = y;", "1:18: unknown name `y`\n"},
      {".global .b8 x = x;", "1:17: an address does not fit `.b8`\n"},
      {".global .b8 x = 0xF0(x);", "1:17: the mask must select the bytes of one element\n"},
      {".global .attribute(.frob) .b8 x;", "1:20: unknown attribute `.frob`\n"},
      {".global .b8 x[281474976710655] = {1,\n2,;", "2:3: expected a constant, found `;`\n"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(errors_of(text) == message);
  }
}

TEST_CASE("initial values cannot take more memory than their text accounts for", "[ptx]") {
  CHECK(errors_of(".global .b8 x[][100000000] = {{1}, {1}};\n").find("initial values reach too far") !=
        std::string::npos);
}
