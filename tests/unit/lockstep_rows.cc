#include "lockstep_rows.h"

#include <cmath>
#include <set>

#include "lockstep/forms.h"
#include "lockstep/instruction_set.h"
#include "lockstep_fixture.h"
#include "ptx/parser.h"

namespace drillpress::lockstep::test {
namespace {

std::vector<std::uint64_t> edge_values(const std::string& kind) {
  if (kind == "int") {
    return {0,
            1,
            2,
            3,
            7,
            31,
            32,
            0x7f,
            0x80,
            0xff,
            0x7fff,
            0x8000,
            0xffff,
            0x12345678,
            0x7fffffff,
            0x80000000,
            0x80000001,
            0xffffffff,
            0x123456789abcdef0,
            0x7fffffffffffffff,
            0x8000000000000000,
            0xfffffffffffffffe,
            0xffffffffffffffff};
  }
  if (kind == "bits")
    return {0, 1, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 0x80000001, 0xdeadbeefcafebabe, ~0ull};
  if (kind == "f16") {
    return {0,      0x8000, 1,      0x03ff, 0x0400, 0x3c00, 0xbc00,
            0x3555, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0x4248};
  }
  std::vector<std::uint64_t> values;
  const bool single = kind.rfind("f32", 0) == 0;
  const double numbers[] = {
      0.0,    -0.0, 1.0,    -1.0,      0.5,    1.5,         2.5,    -2.5,     3.0,     1e-3,      255.5,
      256.0,  1e10, -1e10,  3.1415927, 65504., 65520.,      -128.6, 1.0 / 3., 2.1e9,   4.3e9,     9.3e18,
      1.9e19, 1e30, -1e-30, 1e-40,     -1e-45, 1.17549e-38, 3e38,   -3.4e38,  0x1p-24, 0x1.8p-25, 6e-8};
  for (const double number : numbers) {
    values.push_back(single ? std::bit_cast<std::uint32_t>(static_cast<float>(number))
                            : std::bit_cast<std::uint64_t>(number));
  }
  if (!single) values.push_back(std::bit_cast<std::uint64_t>(4e-320));
  const double infinity = HUGE_VAL;
  for (const double number : {infinity, -infinity}) {
    values.push_back(single ? std::bit_cast<std::uint32_t>(static_cast<float>(number))
                            : std::bit_cast<std::uint64_t>(number));
  }
  if (kind.find("numbers") == std::string::npos) {
    values.push_back(single ? 0x7fc00000u : 0x7ff8000000000000ull);
  }
  return values;
}

struct Inputs {
  std::uint64_t a, b, c;
};
/// All pairs of edge values; the third operand walks through them at another pace.
std::vector<Inputs> inputs(const RowCase& row) {
  const std::vector<std::uint64_t> values = edge_values(row.values);
  std::vector<Inputs> all;
  std::size_t k = 0;
  const std::size_t sources = row.operands.size() - 1;
  for (const std::uint64_t a : values) {
    for (const std::uint64_t b : values) {
      if (sources < 3) {
        all.push_back({a, b, 0});
        continue;
      }
      for (int repeat = 0; repeat < 3; ++repeat) all.push_back({a, b, values[(k += 7) % values.size()]});
    }
  }
  return all;
}

const char* type_of(char letter) {
  return letter == 'd' ? "u64" : letter == 'h' ? "u16" : "u32";
}

std::string kernel_text(const RowCase& row) {
  const char* registers[] = {"", "a", "b", "c"};
  std::string body, list;
  for (std::size_t k = 1; k < row.operands.size(); ++k) {
    const std::string name = std::string("%") + row.operands[k] + registers[k];
    body += "  ld.global." + std::string(type_of(row.operands[k])) + " " + name + ", [%in+" +
            std::to_string(8 * (k - 1)) + "];\n";
    list += ", " + name;
  }
  const char d = row.operands[0];
  body += "  " + row.form + " %" + d + "d" + list + ";\n";
  if (d == 'p') body += "  selp.u32 %rd, 1, 0, %pd;\n";
  body += "  st.global." + std::string(type_of(d == 'p' ? 'r' : d)) + " [%out], %" + (d == 'p' ? 'r' : d) +
          "d;\n";
  return R"(.visible .entry k(.param .u64 in, .param .u64 out, .param .u32 n) {
  .reg .b32 %ra, %rb, %rc, %rd, %i, %n, %s; .reg .b64 %da, %db, %dc, %dd, %in, %out, %o; .reg .b16 %ha, %hb, %hc, %hd;
  .reg .pred %pd, %q;
  ld.param.u64 %in, [in]; ld.param.u64 %out, [out]; ld.param.u32 %n, [n];
  mov.u32 %i, %ctaid.x; mov.u32 %s, %tid.x; mad.lo.u32 %i, %i, 128, %s;
  setp.ge.u32 %q, %i, %n;
  @%q ret;
  mul.wide.u32 %o, %i, 24; add.s64 %in, %in, %o;
  mul.wide.u32 %o, %i, 8; add.s64 %out, %out, %o;
)" + body +
         "  ret;\n}\n";
}

std::uint64_t low_bits(std::uint64_t value, char letter) {
  return letter == 'd' ? value : letter == 'h' ? value & 0xffff : value & 0xffffffff;
}

/// Steps between two singles of the same sign, or a large number.
std::uint64_t distance(std::uint64_t x, std::uint64_t y) {
  if (x == y) return 0;
  if ((x ^ y) >> 31 != 0) return (x | y) << 1 == 0 ? 0 : ~0ull;
  return x > y ? x - y : y - x;
}

void check(const RowCase& row) {
  CAPTURE(row.form);
  const std::vector<Inputs> all = inputs(row);
  LoadedPtx module(kernel_text(row));
  Buffer<Inputs> in(all);
  Buffer<std::uint64_t> out(all.size(), 0ull);
  const auto n = static_cast<std::uint32_t>(all.size());
  const LaunchResult result =
      launch(module.kernel("k"), {(n + 127) / 128, 1, 1}, {128, 1, 1}, 0, in.address(), out.address(), n);
  INFO(result.fault.message);
  REQUIRE(result.ok());
  const std::vector<std::uint64_t> got = out.read();
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto source = [&](std::size_t k, std::uint64_t value) {
      return k < row.operands.size() ? low_bits(value, row.operands[k]) : 0;
    };
    const std::uint64_t a = source(1, all[i].a), b = source(2, all[i].b), c = source(3, all[i].c);
    const std::uint64_t expected = low_bits(row.definition(a, b, c), row.operands[0]);
    // A double NaN is a NaN, whatever its payload.
    const bool nan_double = row.operands[0] == 'd' && row.values.rfind("f64", 0) == 0 &&
                            std::isnan(std::bit_cast<double>(expected)) &&
                            std::isnan(std::bit_cast<double>(got[i]));
    if (got[i] == expected || nan_double || (row.ulps != 0 && distance(got[i], expected) <= row.ulps))
      continue;
    CAPTURE(a, b, c);
    CHECK(got[i] == expected);
    break;
  }
}

std::vector<RowCase> all_rows() {
  std::vector<RowCase> rows;
  for (const auto& family : {integer_rows(), logic_rows(), float_rows(), convert_rows()}) {
    rows.insert(rows.end(), family.begin(), family.end());
  }
  return rows;
}

}  // namespace

TEST_CASE("integer instructions follow the manual on edge values") {
  for (const RowCase& row : integer_rows()) check(row);
}
TEST_CASE("logic, shift and comparison instructions follow the manual on edge values") {
  for (const RowCase& row : logic_rows()) check(row);
}
TEST_CASE("floating-point instructions follow the manual on edge values") {
  for (const RowCase& row : float_rows()) check(row);
}
TEST_CASE("conversions follow the manual on edge values") {
  for (const RowCase& row : convert_rows()) check(row);
}

TEST_CASE("the number of instruction rows without a definition to test against only shrinks") {
  std::set<std::uint32_t> tested;
  for (const RowCase& row : all_rows()) {
    std::string text = with_header(kernel_text(row));
    auto parsed = ptx::parse_module(text);
    REQUIRE(std::holds_alternative<ptx::Module>(parsed));
    for (const ptx::Instruction& instruction : std::get<ptx::Module>(parsed).functions[0].instructions) {
      if (form_of(instruction) == row.form) tested.insert(find_row(instruction).value());
    }
  }
  std::size_t untested = 0;
  for (std::uint32_t row = 0; row < kInstructionRowCount; ++row) {
    if (kInstructionRows[row].pattern.front() != '~' && tested.count(row) == 0) ++untested;
  }
  INFO("rows: " << kInstructionRowCount << ", with a definition: " << tested.size());
  CHECK(untested <= 826);
}

}  // namespace drillpress::lockstep::test
