#include <bit>
#include <cfenv>
#include <cmath>
#include <limits>

#include "lockstep_rows.h"

// Definitions from PTX ISA "Floating-Point Instructions" and "cvt": IEEE 754 operations of the host in the
// direction asked for, with the manual's rules for NaN, saturation and flushing around them.
namespace drillpress::lockstep::test {
namespace {

constexpr std::uint64_t kNaN32 = 0x7fffffff;

float f32(std::uint64_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}
double f64(std::uint64_t bits) {
  return std::bit_cast<double>(bits);
}
std::uint64_t bits(float value) {
  return std::isnan(value) ? kNaN32 : std::bit_cast<std::uint32_t>(value);
}
std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}
float ftz(float value) {
  return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value) : value;
}
float sat(float value) {
  return std::isnan(value) ? 0.0f : value < 0.0f || value == 0.0f ? 0.0f : std::min(value, 1.0f);
}

struct Direction {
  const char* name;
  int mode;
};
const Direction kDirections[] = {
    {".rn", FE_TONEAREST}, {".rz", FE_TOWARDZERO}, {".rm", FE_DOWNWARD}, {".rp", FE_UPWARD}};

/// f in a rounding direction; the volatile copies keep the compiler from computing at build time.
template <typename T, typename F>
T rounded(int mode, F f, T a, T b = 0, T c = 0) {
  const int saved = std::fegetround();
  std::fesetround(mode);
  volatile T x = a, y = b, z = c;
  volatile T result = f(x, y, z);
  std::fesetround(saved);
  return result;
}

template <typename F>
void arithmetic(std::vector<RowCase>& rows, const std::string& op, int sources, bool bare, F f) {
  const std::string r(static_cast<std::size_t>(sources) + 1, 'r'),
      d(static_cast<std::size_t>(sources) + 1, 'd');
  for (const Direction& direction : kDirections) {
    const int mode = direction.mode;
    rows.push_back(
        {op + direction.name + ".f32", r,
         [=](auto a, auto b, auto c) { return bits(rounded<float>(mode, f, f32(a), f32(b), f32(c))); },
         "f32"});
    rows.push_back({op + direction.name + ".ftz.f32", r,
                    [=](auto a, auto b, auto c) {
                      return bits(ftz(rounded<float>(mode, f, ftz(f32(a)), ftz(f32(b)), ftz(f32(c)))));
                    },
                    "f32"});
    rows.push_back(
        {op + direction.name + ".f64", d,
         [=](auto a, auto b, auto c) { return bits(rounded<double>(mode, f, f64(a), f64(b), f64(c))); },
         "f64"});
  }
  if (!bare) return;
  rows.push_back(
      {op + ".f32", r,
       [=](auto a, auto b, auto c) { return bits(rounded<float>(FE_TONEAREST, f, f32(a), f32(b), f32(c))); },
       "f32"});
  rows.push_back(
      {op + ".f64", d,
       [=](auto a, auto b, auto c) { return bits(rounded<double>(FE_TONEAREST, f, f64(a), f64(b), f64(c))); },
       "f64"});
  rows.push_back({op + ".sat.f32", r,
                  [=](auto a, auto b, auto c) {
                    return bits(sat(rounded<float>(FE_TONEAREST, f, f32(a), f32(b), f32(c))));
                  },
                  "f32"});
}

template <typename T>
T smaller(T a, T b) {
  if (std::isnan(a)) return b;
  if (std::isnan(b)) return a;
  if (a == b) return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <typename T>
T larger(T a, T b) {
  if (std::isnan(a)) return b;
  if (std::isnan(b)) return a;
  if (a == b) return std::signbit(a) ? b : a;
  return a < b ? b : a;
}

/// An approximate function: the manual's bound on its error, in units of the last place of the exact result.
void approximate(std::vector<RowCase>& rows, const std::string& op, std::uint64_t ulps, double (*f)(double)) {
  rows.push_back({op + ".approx.f32", "rr",
                  [f](auto a, auto, auto) { return bits(static_cast<float>(f(f32(a)))); }, "f32", ulps});
  if (op == "tanh") return;
  rows.push_back({op + ".approx.ftz.f32", "rr",
                  [f](auto a, auto, auto) { return bits(ftz(static_cast<float>(f(ftz(f32(a)))))); }, "f32",
                  ulps});
}

/// A float to a smaller format by scaling and rounding to an integer in the current direction.
std::uint64_t narrow(double value, int mode, int exponent_bits, int fraction_bits) {
  const std::uint64_t sign = std::signbit(value) ? 1ull << (exponent_bits + fraction_bits) : 0;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const std::uint64_t infinity = ((1ull << exponent_bits) - 1) << fraction_bits;
  if (std::isnan(value)) return 0x7fff;
  if (std::isinf(value)) return sign | infinity;
  if (value == 0) return sign;
  const int exponent = std::max(std::ilogb(value), 1 - bias);
  const double quantum = std::ldexp(1.0, exponent - fraction_bits);
  const double count = rounded<double>(
      mode, [](double x, double, double) { return std::nearbyint(x); }, value / quantum);
  const double result = std::fabs(count * quantum);
  const double limit = std::ldexp(2.0 - std::ldexp(1.0, -fraction_bits), bias);
  if (result > limit) {
    const bool away =
        mode == FE_TONEAREST || (mode == FE_UPWARD && sign == 0) || (mode == FE_DOWNWARD && sign != 0);
    return sign | (away ? infinity : infinity - 1);
  }
  if (result == 0) return sign;
  const int e = std::ilogb(result);
  if (e < 1 - bias) return sign | static_cast<std::uint64_t>(std::ldexp(result, bias - 1 + fraction_bits));
  return sign | (static_cast<std::uint64_t>(e + bias) << fraction_bits) |
         (static_cast<std::uint64_t>(std::ldexp(result, fraction_bits - e)) - (1ull << fraction_bits));
}

template <typename T>
void to_integer(std::vector<RowCase>& rows, const std::string& type, char r) {
  struct Rounding {
    const char* name;
    double (*f)(double);
  };
  static const Rounding roundings[] = {{"rni", [](double x) { return std::nearbyint(x); }},
                                       {"rzi", [](double x) { return std::trunc(x); }},
                                       {"rmi", [](double x) { return std::floor(x); }},
                                       {"rpi", [](double x) { return std::ceil(x); }}};
  for (const Rounding& rounding : roundings) {
    auto convert = [f = rounding.f](double value) -> std::uint64_t {
      if (std::isnan(value)) return 0;
      const long double whole = f(value);
      using Limits = std::numeric_limits<T>;
      if (whole >= static_cast<long double>(Limits::max())) return static_cast<std::uint64_t>(Limits::max());
      if (whole <= static_cast<long double>(Limits::min()))
        return static_cast<std::uint64_t>(static_cast<std::int64_t>(Limits::min()));
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<T>(whole)));
    };
    const std::string cvt = std::string("cvt.") + rounding.name + "." + type;
    rows.push_back(
        {cvt + ".f32", {r, 'r'}, [convert](auto a, auto, auto) { return convert(f32(a)); }, "f32"});
    rows.push_back(
        {cvt + ".f64", {r, 'd'}, [convert](auto a, auto, auto) { return convert(f64(a)); }, "f64"});
  }
}

template <typename T>
void from_integer(std::vector<RowCase>& rows, const std::string& type, char r) {
  for (const Direction& direction : kDirections) {
    const int mode = direction.mode;
    auto convert = [mode]<typename D>(D, std::uint64_t a) {
      const int saved = std::fegetround();
      std::fesetround(mode);
      volatile T x = static_cast<T>(a);
      volatile D result = static_cast<D>(x);
      std::fesetround(saved);
      return bits(D{result});
    };
    rows.push_back({std::string("cvt") + direction.name + ".f32." + type,
                    {'r', r},
                    [convert](auto a, auto, auto) { return convert(float{}, a); },
                    "int"});
    rows.push_back({std::string("cvt") + direction.name + ".f64." + type,
                    {'d', r},
                    [convert](auto a, auto, auto) { return convert(double{}, a); },
                    "int"});
  }
}

}  // namespace

std::vector<RowCase> float_rows() {
  std::vector<RowCase> rows;
  arithmetic(rows, "add", 2, true, [](auto a, auto b, auto) { return a + b; });
  arithmetic(rows, "sub", 2, true, [](auto a, auto b, auto) { return a - b; });
  arithmetic(rows, "mul", 2, true, [](auto a, auto b, auto) { return a * b; });
  arithmetic(rows, "div", 2, false, [](auto a, auto b, auto) { return a / b; });
  arithmetic(rows, "fma", 3, false, [](auto a, auto b, auto c) { return std::fma(a, b, c); });
  arithmetic(rows, "sqrt", 1, false, [](auto a, auto, auto) { return std::sqrt(a); });
  arithmetic(rows, "rcp", 1, false, [](auto a, auto, auto) { return decltype(+a){1} / a; });
  for (const bool minimum : {true, false}) {
    const std::string op = minimum ? "min" : "max";
    auto choose = [minimum](auto a, auto b) { return minimum ? smaller(a, b) : larger(a, b); };
    rows.push_back(
        {op + ".f32", "rrr", [=](auto a, auto b, auto) { return bits(choose(f32(a), f32(b))); }, "f32"});
    rows.push_back({op + ".ftz.f32", "rrr",
                    [=](auto a, auto b, auto) { return bits(choose(ftz(f32(a)), ftz(f32(b)))); }, "f32"});
    rows.push_back({op + ".NaN.f32", "rrr",
                    [=](auto a, auto b, auto) {
                      return std::isnan(f32(a)) || std::isnan(f32(b)) ? kNaN32 : bits(choose(f32(a), f32(b)));
                    },
                    "f32"});
    rows.push_back({op + ".f64", "ddd", [=](auto a, auto b, auto) { return bits(choose(f64(a), f64(b))); },
                    "f64 numbers"});
  }
  rows.push_back({"abs.f32", "rr", [](auto a, auto, auto) { return a & 0x7fffffff; }, "f32"});
  rows.push_back({"neg.f32", "rr", [](auto a, auto, auto) { return (a ^ 0x80000000) & 0xffffffff; }, "f32"});
  rows.push_back({"abs.f64", "dd", [](auto a, auto, auto) { return a & 0x7fffffffffffffff; }, "f64"});
  rows.push_back({"neg.f64", "dd", [](auto a, auto, auto) { return a ^ 0x8000000000000000; }, "f64"});
  rows.push_back({"copysign.f32", "rrr",
                  [](auto a, auto b, auto) { return (a & 0x80000000) | (b & 0x7fffffff); }, "f32"});
  rows.push_back({"copysign.f64", "ddd",
                  [](auto a, auto b, auto) { return (a & (1ull << 63)) | (b & ~(1ull << 63)); }, "f64"});
  // Bounds: PTX ISA, the tables of maximum relative and ulp errors of the approximate instructions.
  approximate(rows, "rcp", 1, [](double a) { return 1 / a; });
  approximate(rows, "sqrt", 1, [](double a) { return std::sqrt(a); });
  approximate(rows, "rsqrt", 2, [](double a) { return 1 / std::sqrt(a); });
  approximate(rows, "lg2", 2, [](double a) { return std::log2(a); });
  approximate(rows, "ex2", 2, [](double a) { return std::exp2(a); });
  approximate(rows, "sin", 2, [](double a) { return std::sin(a); });
  approximate(rows, "cos", 2, [](double a) { return std::cos(a); });
  approximate(rows, "tanh", 2, [](double a) { return std::tanh(a); });
  for (const std::string op : {"div.full.f32", "div.approx.f32"}) {
    rows.push_back({op, "rrr", [](auto a, auto b, auto) { return bits(f32(a) / f32(b)); }, "f32", 2});
  }
  auto test = [&rows](const std::string& name, bool (*f)(int)) {
    rows.push_back({"testp." + name + ".f32", "pr",
                    [f](auto a, auto, auto) { return std::uint64_t{f(std::fpclassify(f32(a)))}; }, "f32"});
    rows.push_back({"testp." + name + ".f64", "pd",
                    [f](auto a, auto, auto) { return std::uint64_t{f(std::fpclassify(f64(a)))}; }, "f64"});
  };
  test("finite", [](int k) { return k != FP_NAN && k != FP_INFINITE; });
  test("infinite", [](int k) { return k == FP_INFINITE; });
  test("number", [](int k) { return k != FP_NAN; });
  test("notanumber", [](int k) { return k == FP_NAN; });
  test("normal", [](int k) { return k == FP_NORMAL || k == FP_ZERO; });
  test("subnormal", [](int k) { return k == FP_SUBNORMAL; });
  auto compare = [&rows](const std::string& op, auto f) {
    auto add = [&](const std::string& type, char r, auto value) {
      rows.push_back({"setp." + op + "." + type,
                      {'p', r, r},
                      [=](auto a, auto b, auto) { return std::uint64_t{f(value(a), value(b))}; },
                      type});
      rows.push_back({"set." + op + ".u32." + type,
                      {'r', r, r},
                      [=](auto a, auto b, auto) { return f(value(a), value(b)) ? 0xffffffffull : 0; },
                      type});
      rows.push_back({"set." + op + ".f32." + type,
                      {'r', r, r},
                      [=](auto a, auto b, auto) { return f(value(a), value(b)) ? 0x3f800000ull : 0; },
                      type});
    };
    add("f32", 'r', [](auto a) { return f32(a); });
    add("f64", 'd', [](auto a) { return f64(a); });
  };
  auto unordered = [](auto a, auto b) { return std::isnan(a) || std::isnan(b); };
  compare("eq", [](auto a, auto b) { return a == b; });
  compare("ne", [=](auto a, auto b) { return !unordered(a, b) && a != b; });
  compare("lt", [](auto a, auto b) { return a < b; });
  compare("le", [](auto a, auto b) { return a <= b; });
  compare("gt", [](auto a, auto b) { return a > b; });
  compare("ge", [](auto a, auto b) { return a >= b; });
  compare("equ", [=](auto a, auto b) { return unordered(a, b) || a == b; });
  compare("neu", [=](auto a, auto b) { return unordered(a, b) || a != b; });
  compare("ltu", [=](auto a, auto b) { return unordered(a, b) || a < b; });
  compare("leu", [=](auto a, auto b) { return unordered(a, b) || a <= b; });
  compare("gtu", [=](auto a, auto b) { return unordered(a, b) || a > b; });
  compare("geu", [=](auto a, auto b) { return unordered(a, b) || a >= b; });
  compare("num", [=](auto a, auto b) { return !unordered(a, b); });
  compare("nan", [=](auto a, auto b) { return unordered(a, b); });
  return rows;
}

std::vector<RowCase> convert_rows() {
  std::vector<RowCase> rows;
  to_integer<std::int32_t>(rows, "s32", 'r');
  to_integer<std::uint32_t>(rows, "u32", 'r');
  to_integer<std::int64_t>(rows, "s64", 'd');
  to_integer<std::uint64_t>(rows, "u64", 'd');
  to_integer<std::int16_t>(rows, "s16", 'h');
  to_integer<std::uint16_t>(rows, "u16", 'h');
  from_integer<std::int32_t>(rows, "s32", 'r');
  from_integer<std::uint32_t>(rows, "u32", 'r');
  from_integer<std::int64_t>(rows, "s64", 'd');
  from_integer<std::uint64_t>(rows, "u64", 'd');
  from_integer<std::int16_t>(rows, "s16", 'h');
  from_integer<std::uint16_t>(rows, "u16", 'h');
  for (const Direction& direction : kDirections) {
    const int mode = direction.mode;
    const std::string cvt = std::string("cvt") + direction.name;
    rows.push_back({cvt + ".f32.f64", "rd",
                    [mode](auto a, auto, auto) {
                      const int saved = std::fegetround();
                      std::fesetround(mode);
                      volatile double x = f64(a);
                      volatile float r = static_cast<float>(x);
                      std::fesetround(saved);
                      return bits(float{r});
                    },
                    "f64"});
    rows.push_back(
        {cvt + ".f16.f32", "hr", [mode](auto a, auto, auto) { return narrow(f32(a), mode, 5, 10); }, "f32"});
    rows.push_back(
        {cvt + ".bf16.f32", "hr", [mode](auto a, auto, auto) { return narrow(f32(a), mode, 8, 7); }, "f32"});
    rows.push_back(
        {cvt + ".f16.f64", "hd", [mode](auto a, auto, auto) { return narrow(f64(a), mode, 5, 10); }, "f64"});
  }
  rows.push_back(
      {"cvt.f64.f32", "dr", [](auto a, auto, auto) { return bits(double{f32(a)}); }, "f32 numbers"});
  rows.push_back(
      {"cvt.f32.f16", "rh",
       [](auto a, auto, auto) -> std::uint64_t {
         const double sign = a & 0x8000 ? -1 : 1;
         const int e = a >> 10 & 0x1f, m = a & 0x3ff;
         if (e == 31)
           return m != 0 ? kNaN32 : bits(static_cast<float>(sign) * std::numeric_limits<float>::infinity());
         return bits(static_cast<float>(sign * (e == 0 ? std::ldexp(m, -24) : std::ldexp(1024 + m, e - 25))));
       },
       "f16"});
  rows.push_back({"cvt.sat.u8.s32", "rr",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(
                        std::min<std::int64_t>(255, std::max<std::int64_t>(0, static_cast<std::int32_t>(a))));
                  },
                  "int"});
  rows.push_back({"cvt.sat.s8.s32", "rr",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(std::min<std::int64_t>(
                        127, std::max<std::int64_t>(-128, static_cast<std::int32_t>(a))));
                  },
                  "int"});
  rows.push_back({"cvt.sat.s32.u64", "rd",
                  [](auto a, auto, auto) { return std::min<std::uint64_t>(a, 0x7fffffff); }, "int"});
  rows.push_back({"cvt.sat.u32.s64", "rd",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(std::min<std::int64_t>(
                        0xffffffff, std::max<std::int64_t>(0, static_cast<std::int64_t>(a))));
                  },
                  "int"});
  rows.push_back({"cvt.s64.s32", "dr",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(
                        static_cast<std::int64_t>(static_cast<std::int32_t>(a)));
                  },
                  "int"});
  rows.push_back({"cvt.u64.u32", "dr", [](auto a, auto, auto) { return a & 0xffffffff; }, "int"});
  rows.push_back({"cvt.s32.s8", "rr",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(
                               static_cast<std::int64_t>(static_cast<std::int8_t>(a))) &
                           0xffffffff;
                  },
                  "int"});
  rows.push_back({"cvt.u32.u16", "rh", [](auto a, auto, auto) { return a & 0xffff; }, "int"});
  rows.push_back({"cvt.s32.s16", "rh",
                  [](auto a, auto, auto) {
                    return static_cast<std::uint64_t>(
                               static_cast<std::int64_t>(static_cast<std::int16_t>(a))) &
                           0xffffffff;
                  },
                  "int"});
  rows.push_back({"cvt.u16.u32", "hr", [](auto a, auto, auto) { return a & 0xffff; }, "int"});
  rows.push_back({"cvt.u32.u64", "rd", [](auto a, auto, auto) { return a & 0xffffffff; }, "int"});
  return rows;
}

}  // namespace drillpress::lockstep::test
