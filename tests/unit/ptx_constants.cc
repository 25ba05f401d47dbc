// Constants and constant expressions, by the value that an operand or a variable gets.
#include <limits>

#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

struct IntegerCase {
  const char* text;
  std::uint64_t bits;
};
constexpr std::uint64_t kMinusOne = ~std::uint64_t{0};
constexpr std::uint64_t kLeast = std::uint64_t{1} << 63;
const IntegerCase kIntegers[] = {
    {"0", 0},
    {"12", 12},
    {"12U", 12},
    {"017", 15},
    {"0x1fU", 0x1F},
    {"0X1F", 0x1F},
    {"0b101", 5},
    {"0B11U", 3},
    {"-5", kMinusOne - 4},
    {"+5", 5},
    {"- -5", 5},
    {"~0", kMinusOne},
    {"!0", 1},
    {"!7", 0},
    {"18446744073709551615", kMinusOne},
    {"0xFFFFFFFFFFFFFFFF", kMinusOne},
    {"-9223372036854775808", kLeast},
    {"1+2*3", 7},
    {"(1+2)*3", 9},
    {"7-2-1", 4},
    {"7/2", 3},
    {"-7/2", kMinusOne - 2},
    {"-7 % 3", kMinusOne},
    {"7U/2", 3},
    {"(-9223372036854775807-1)/-1", kLeast},
    {"(-9223372036854775807-1) % -1", 0},
    {"1<<4", 16},
    {"1<<64", 0},
    {"-1>>60", kMinusOne},
    {"-1>>200", kMinusOne},
    {"(.u64)-1>>60", 15},
    {"(.s64)0xFFFFFFFFFFFFFFFF>>60", kMinusOne},
    {"6&3", 2},
    {"6|3", 7},
    {"6^3", 5},
    {"1|2^3&4", 3},
    {"1<2", 1},
    {"-1<0", 1},
    {"-1<0U", 0},
    {"2<=1", 0},
    {"2>=2", 1},
    {"3>2", 1},
    {"1==1", 1},
    {"1!=1", 0},
    {"2&&0", 0},
    {"0||3", 1},
    {"1?2:3", 2},
    {"0?2:1?4:5", 4},
    {"1.5<2", 1},
    {"WARP_SZ", 32},
    {"WARP_SZ*2-1", 63},
};

struct FloatCase {
  const char* instruction;
  std::uint8_t float_bits;
  std::uint64_t bits;
};
const FloatCase kFloats[] = {
    {"mov.f32 %f1, 0f3F800000;", 32, 0x3F800000},
    {"mov.f32 %f1, 0Fbf800000;", 32, 0xBF800000},
    {"mov.f32 %f1, -0f3F800000;", 32, 0xBF800000},
    {"mov.f64 %fd1, 0d3FF0000000000000;", 64, 0x3FF0000000000000},
    {"mov.f64 %fd1, 0DbFF0000000000000;", 64, 0xBFF0000000000000},
    {"mov.f32 %f1, 1.5;", 32, 0x3FC00000},
    {"mov.f64 %fd1, 1.5;", 64, 0x3FF8000000000000},
    {"mov.f64 %fd1, -1.5;", 64, 0xBFF8000000000000},
    {"mov.f32 %f1, 1e3;", 32, 0x447A0000},
    {"mov.f32 %f1, 1.0E-1;", 32, 0x3DCCCCCD},
    {"mov.f32 %f1, 1.0e+1;", 32, 0x41200000},
    {"mov.f32 %f1, 1.5+2*3;", 32, 0x40F00000},
    {"cvt.rn.f32.f64 %f1, 1.5;", 64, 0x3FF8000000000000},
    {"cvt.f64.f32 %fd1, 1.5;", 32, 0x3FC00000},
    {"mov.b64 %rd1, 0f7F800000;", 32, 0x7F800000},
};

}  // namespace

TEST_CASE("integer constant expressions have their value", "[ptx]") {
  for (const IntegerCase& c : kIntegers) {
    CAPTURE(c.text);
    const Instruction mov = parse_instruction("mov.b64 %rd1, " + std::string(c.text) + ";");
    const Operand& operand = mov.operands.at(1);
    CHECK(operand.kind == Operand::Kind::kImmediate);
    CHECK_FALSE(operand.is_float);
    CHECK(operand.bits == c.bits);
  }
}

TEST_CASE("floating-point constants have the bits of their context's type", "[ptx]") {
  for (const FloatCase& c : kFloats) {
    CAPTURE(c.instruction);
    const Operand operand = parse_instruction(c.instruction).operands.at(1);
    CHECK(operand.kind == Operand::Kind::kImmediate);
    CHECK(operand.is_float);
    CHECK(operand.float_bits == c.float_bits);
    CHECK(operand.bits == c.bits);
  }
}

TEST_CASE("malformed constants are named", "[ptx]") {
  const std::pair<const char*, const char*> cases[] = {
      {"0f3F8000", "9:15: malformed number `0f3F8000`: `0f` takes exactly 8 hexadecimal digits\n"},
      {"0d3FF", "9:15: malformed number `0d3FF`: `0d` takes exactly 16 hexadecimal digits\n"},
      {"0f3F80000G", "9:15: malformed number `0f3F80000G`: `0f` takes exactly 8 hexadecimal digits\n"},
      {"0x", "9:15: malformed number `0x`\n"},
      {"08", "9:15: malformed number `08`\n"},
      {"0b12", "9:15: malformed number `0b12`\n"},
      {"12abc", "9:15: malformed number `12abc`\n"},
      {"1.5x", "9:15: malformed number `1.5x`\n"},
      {"18446744073709551616", "9:15: integer `18446744073709551616` does not fit in 64 bits\n"},
      {"1.0e999", "9:15: number `1.0e999` does not fit in a double\n"},
      {"1/0", "9:16: division by zero in a constant expression\n"},
      {"1 % 0", "9:17: division by zero in a constant expression\n"},
      {"1.5/0", "9:18: division by zero in a constant expression\n"},
      {"1.5|2", "9:18: operator `|` needs integers\n"},
      {"~1.5", "9:15: operator `~` needs an integer\n"},
      {"(.u64)1.5", "9:16: a cast in a constant expression needs an integer\n"},
      {"(1", "9:17: expected `)`, found `;`\n"},
      {"1?2", "9:18: expected `:`, found `;`\n"},
      {"1+", "9:17: expected a constant, found `;`\n"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(errors_of(kernel("mov.b64 %rd1, " + std::string(text) + ";")) == message);
  }
}

TEST_CASE("deep nesting of constants is an error, not a crash", "[ptx]") {
  const auto repeated = [](const char* text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
  };
  for (const char* opening : {"(", "-", "!", "1?", "1+("}) {
    CAPTURE(opening);
    const std::string errors = errors_of(".global .b64 x = " + repeated(opening, 100000) + "1;\n");
    CHECK(errors.find("constant expression nested too deeply") != std::string::npos);
  }
  CHECK(errors_of(".global .b64 x = " + repeated("(", 10) + "1" + repeated(")", 10) + ";\n").empty());
  CHECK(errors_of(".global .b64 x = 1" + repeated("+1", 100000) + ";\n").empty());
}
