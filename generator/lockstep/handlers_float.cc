#include "lockstep/handlers_compare.h"
#include "lockstep/numbers.h"

// Single and double precision arithmetic. Approximate instructions are computed in double precision and
// rounded once: at most half an ulp (plus the error of the host's double function, far below) from the true
// value, which is inside the bounds that PTX ISA gives for them, but not the bits that a device would give.
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

template <bool kFlush>
DRILLPRESS_INLINE f32 input(u32 lane) {
  const f32 value = std::bit_cast<f32>(lane);
  return kFlush ? flush(value) : value;
}
template <bool kFlush, bool kSaturate>
DRILLPRESS_INLINE f32 output(f32 value) {
  if (kSaturate) return saturate(kFlush ? flush(value) : value);
  return canonical(kFlush ? flush(value) : value);
}

/// f(i) → f32 for the lanes, with the op's .sat; the common forms have their own vector loops.
template <bool kFlush, typename F>
DRILLPRESS_INLINE void write_f32(Warp& w, const Op& op, u32 mask, F f) {
  if (has(op, kSat)) {
    write<f32>(w, op.d, mask, [=](u32 i) { return output<kFlush, true>(f(i)); });
  } else {
    write<f32>(w, op.d, mask, [=](u32 i) { return output<kFlush, false>(f(i)); });
  }
}

template <typename F>
DRILLPRESS_INLINE void arithmetic2_f32(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  if (rounding(op) != 0) {
    const bool ftz = has(op, kFtz), sat = has(op, kSat);
    rounded_lanes<f32>(rounding(op), mask, w.destination<u32>(op.d), [=](u32 i) {
      const f32 x = std::bit_cast<f32>(a[i]), y = std::bit_cast<f32>(b[i]);
      f32 r = hide(f(hide(ftz ? flush(x) : x), hide(ftz ? flush(y) : y)));
      if (ftz) r = flush(r);
      return sat ? saturate(r) : canonical(r);
    });
  } else if (has(op, kFtz)) {
    write_f32<true>(w, op, mask, [=](u32 i) { return f(input<true>(a[i]), input<true>(b[i])); });
  } else {
    write_f32<false>(w, op, mask, [=](u32 i) { return f(input<false>(a[i]), input<false>(b[i])); });
  }
}

template <typename F>
DRILLPRESS_INLINE void arithmetic1_f32(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  if (rounding(op) != 0) {
    const bool ftz = has(op, kFtz);
    rounded_lanes<f32>(rounding(op), mask, w.destination<u32>(op.d), [=](u32 i) {
      const f32 x = std::bit_cast<f32>(a[i]);
      const f32 r = hide(f(hide(ftz ? flush(x) : x)));
      return canonical(ftz ? flush(r) : r);
    });
  } else if (has(op, kFtz)) {
    write_f32<true>(w, op, mask, [=](u32 i) { return f(input<true>(a[i])); });
  } else {
    write_f32<false>(w, op, mask, [=](u32 i) { return f(input<false>(a[i])); });
  }
}

template <typename F>
DRILLPRESS_INLINE void arithmetic2_f64(Warp& w, const Op& op, u32 mask, F f) {
  if (rounding(op) == 0) return map2<f64, f64, f64>(w, op, mask, f);
  const u64* a = w.source<u64>(op.a);
  const u64* b = w.source<u64>(op.b);
  rounded_lanes<f64>(rounding(op), mask, w.destination<u64>(op.d), [=](u32 i) {
    return f(hide(std::bit_cast<f64>(a[i])), hide(std::bit_cast<f64>(b[i])));
  });
}

template <typename F>
DRILLPRESS_INLINE void arithmetic1_f64(Warp& w, const Op& op, u32 mask, F f) {
  if (rounding(op) == 0) return map1<f64, f64>(w, op, mask, f);
  const u64* a = w.source<u64>(op.a);
  rounded_lanes<f64>(rounding(op), mask, w.destination<u64>(op.d),
                     [=](u32 i) { return f(hide(std::bit_cast<f64>(a[i]))); });
}

/// min and max: a NaN gives the other operand, or with .NaN the canonical NaN; -0 is less than +0. Without
/// branches, so that there is a vector loop.
template <bool kMinimum>
DRILLPRESS_INLINE f32 choose_f32(f32 a, f32 b, bool propagate) {
  const u32 x = std::bit_cast<u32>(a), y = std::bit_cast<u32>(b);
  const f32 less = a < b ? a : b, greater = a < b ? b : a;
  const f32 ordered = a == b ? std::bit_cast<f32>(kMinimum ? x | y : x & y) : kMinimum ? less : greater;
  const f32 other = a != a ? b : b != b ? a : ordered;
  const bool none = (a != a && b != b) || (propagate && (a != a || b != b));
  return none ? std::bit_cast<f32>(0x7fffffffu) : other;
}
template <bool kMinimum>
DRILLPRESS_INLINE f64 choose_f64(f64 a, f64 b) {
  if (a != a || b != b) return a != a ? (b != b ? std::bit_cast<f64>(0x7fffffffffffffffull) : b) : a;
  if (a == b) {
    const u64 x = std::bit_cast<u64>(a), y = std::bit_cast<u64>(b);
    return std::bit_cast<f64>(kMinimum ? x | y : x & y);
  }
  return (a < b) == kMinimum ? a : b;
}
template <bool kMinimum>
DRILLPRESS_INLINE void choose_lanes_f32(Warp& w, const Op& op, u32 mask) {
  const bool ftz = has(op, kFtz), propagate = has(op, kNaNPropagate), magnitude = has(op, kAbs);
  const bool xor_sign = has(op, kXorSign);
  if (!ftz && !propagate && !magnitude && !xor_sign) {
    return map2<f32, f32, f32>(w, op, mask, [](f32 a, f32 b) { return choose_f32<kMinimum>(a, b, false); });
  }
  map2<f32, f32, f32>(w, op, mask, [=](f32 a, f32 b) {
    if (ftz) a = flush(a), b = flush(b);
    const u32 sign = (std::bit_cast<u32>(a) ^ std::bit_cast<u32>(b)) & 0x80000000u;
    if (magnitude) a = std::fabs(a), b = std::fabs(b);
    const f32 r = choose_f32<kMinimum>(a, b, propagate);
    return xor_sign && r == r ? std::bit_cast<f32>(std::bit_cast<u32>(r) | sign) : r;
  });
}

/// A function of one operand computed in double precision, one that has a vector loop.
template <typename F>
DRILLPRESS_INLINE void approximate_row(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  if (has(op, kFtz)) {
    write_f32<true>(w, op, mask,
                    [=](u32 i) { return static_cast<f32>(f(static_cast<f64>(input<true>(a[i])))); });
  } else {
    write_f32<false>(w, op, mask,
                     [=](u32 i) { return static_cast<f32>(f(static_cast<f64>(input<false>(a[i])))); });
  }
}

/// One that the host's library computes.
template <typename F>
DRILLPRESS_INLINE void approximate(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  u32* d = w.destination<u32>(op.d);
  const bool ftz = has(op, kFtz);
  for_each_lane(mask, [&](u32 i) {
    const f32 x = std::bit_cast<f32>(a[i]);
    const f32 r = static_cast<f32>(f(static_cast<f64>(ftz ? flush(x) : x)));
    d[i] = std::bit_cast<u32>(canonical(ftz ? flush(r) : r));
  });
}

}  // namespace

void add_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f32(w, op, mask, [](f32 a, f32 b) { return a + b; });
}
void sub_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f32(w, op, mask, [](f32 a, f32 b) { return a - b; });
}
void mul_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f32(w, op, mask, [](f32 a, f32 b) { return a * b; });
}
void div_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f32(w, op, mask, [](f32 a, f32 b) { return a / b; });
}
void add_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f64(w, op, mask, [](f64 a, f64 b) { return a + b; });
}
void sub_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f64(w, op, mask, [](f64 a, f64 b) { return a - b; });
}
void mul_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f64(w, op, mask, [](f64 a, f64 b) { return a * b; });
}
void div_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f64(w, op, mask, [](f64 a, f64 b) { return a / b; });
}
void sqrt_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic1_f32(w, op, mask, [](f32 a) { return __builtin_sqrtf(a); });
}
void sqrt_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic1_f64(w, op, mask, [](f64 a) { return __builtin_sqrt(a); });
}
void rcp_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic1_f32(w, op, mask, [](f32 a) { return 1.0f / a; });
}
void rcp_f64(Warp& w, const Op& op, u32 mask) {
  arithmetic1_f64(w, op, mask, [](f64 a) { return 1.0 / a; });
}

void fma_f32(Warp& w, const Op& op, u32 mask) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  const u32* c = w.source<u32>(op.c);
  if (rounding(op) != 0 && mask == kFullMask && !has(op, kFtz) && !has(op, kSat)) {
    // expf() and the division of single precision round down or to zero.
    rounded_row<f32>(rounding(op), w.destination<u32>(op.d), [=](u32 i) {
      return canonical(
          __builtin_fmaf(std::bit_cast<f32>(a[i]), std::bit_cast<f32>(b[i]), std::bit_cast<f32>(c[i])));
    });
  } else if (rounding(op) != 0) {
    const bool ftz = has(op, kFtz), sat = has(op, kSat);
    rounded_lanes<f32>(rounding(op), mask, w.destination<u32>(op.d), [=](u32 i) {
      f32 x = std::bit_cast<f32>(a[i]), y = std::bit_cast<f32>(b[i]), z = std::bit_cast<f32>(c[i]);
      if (ftz) x = flush(x), y = flush(y), z = flush(z);
      f32 r = hide(__builtin_fmaf(hide(x), hide(y), hide(z)));
      if (ftz) r = flush(r);
      return sat ? saturate(r) : canonical(r);
    });
  } else if (has(op, kFtz)) {
    write_f32<true>(w, op, mask, [=](u32 i) {
      return __builtin_fmaf(input<true>(a[i]), input<true>(b[i]), input<true>(c[i]));
    });
  } else {
    write_f32<false>(w, op, mask, [=](u32 i) {
      return __builtin_fmaf(input<false>(a[i]), input<false>(b[i]), input<false>(c[i]));
    });
  }
}

void fma_f64(Warp& w, const Op& op, u32 mask) {
  if (rounding(op) == 0) {
    return map3<f64, f64, f64, f64>(w, op, mask, [](f64 a, f64 b, f64 c) { return __builtin_fma(a, b, c); });
  }
  const u64* a = w.source<u64>(op.a);
  const u64* b = w.source<u64>(op.b);
  const u64* c = w.source<u64>(op.c);
  rounded_lanes<f64>(rounding(op), mask, w.destination<u64>(op.d), [=](u32 i) {
    return __builtin_fma(hide(std::bit_cast<f64>(a[i])), hide(std::bit_cast<f64>(b[i])),
                         hide(std::bit_cast<f64>(c[i])));
  });
}

/// div.approx and div.full; the manual bounds the error by 2 ulp, the correctly rounded quotient is nearer.
void div_approx_f32(Warp& w, const Op& op, u32 mask) {
  arithmetic2_f32(w, op, mask, [](f32 a, f32 b) { return a / b; });
}

void abs_f32(Warp& w, const Op& op, u32 mask) {
  const bool ftz = has(op, kFtz);
  map1<f32, f32>(w, op, mask, [ftz](f32 a) { return std::fabs(ftz ? flush(a) : a); });
}
void neg_f32(Warp& w, const Op& op, u32 mask) {
  const bool ftz = has(op, kFtz);
  map1<f32, f32>(w, op, mask, [ftz](f32 a) { return -(ftz ? flush(a) : a); });
}
HANDLER1(abs_f64, f64, f64, std::fabs(a))
HANDLER1(neg_f64, f64, f64, -a)
void min_f32(Warp& w, const Op& op, u32 mask) {
  choose_lanes_f32<true>(w, op, mask);
}
void max_f32(Warp& w, const Op& op, u32 mask) {
  choose_lanes_f32<false>(w, op, mask);
}
HANDLER2(min_f64, f64, f64, f64, choose_f64<true>(a, b))
HANDLER2(max_f64, f64, f64, f64, choose_f64<false>(a, b))
/// The sign of a on the magnitude of b.
HANDLER2(copysign_f32, u32, u32, u32, (a & 0x80000000u) | (b & 0x7fffffffu))
HANDLER2(copysign_f64, u64, u64, u64, (a & 0x8000000000000000ull) | (b & 0x7fffffffffffffffull))

void rcp_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate_row(w, op, mask, [](f64 a) { return 1.0 / a; });
}
void sqrt_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate_row(w, op, mask, [](f64 a) { return __builtin_sqrt(a); });
}
void rsqrt_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate_row(w, op, mask, [](f64 a) { return 1.0 / __builtin_sqrt(a); });
}
void sin_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate(w, op, mask, [](f64 a) { return std::sin(a); });
}
void cos_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate(w, op, mask, [](f64 a) { return std::cos(a); });
}
void lg2_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate(w, op, mask, [](f64 a) { return std::log2(a); });
}
void ex2_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate_row(w, op, mask, [](f64 a) { return power_of_two(a); });
}
void tanh_approx_f32(Warp& w, const Op& op, u32 mask) {
  approximate(w, op, mask, [](f64 a) { return std::tanh(a); });
}

namespace {
/// The approximations of .f64 with .ftz work on the upper 32 bits: they ignore the lower ones and leave them
/// zero.
template <typename F>
DRILLPRESS_INLINE u64 gross(u64 a, F f) {
  if ((a & 0x7fffffffffffffffull) > 0x7ff0000000000000ull) return a;
  auto upper = [](u64 v) {
    return (v >> 52 & 0x7ff) == 0 ? v & 0x8000000000000000ull : v & 0xffffffff00000000ull;
  };
  return upper(std::bit_cast<u64>(f(std::bit_cast<f64>(upper(a)))));
}
}  // namespace
HANDLER1(rcp_approx_f64, u64, u64, gross(a, [](f64 x) { return 1.0 / x; }))
void rsqrt_approx_f64(Warp& w, const Op& op, u32 mask) {
  auto root = [](f64 x) { return 1.0 / __builtin_sqrt(x); };
  if (!has(op, kFtz)) return map1<f64, f64>(w, op, mask, root);
  map1<u64, u64>(w, op, mask, [=](u64 a) { return gross(a, root); });
}

// TEST(name, T, bits type, expression of a, with `magnitude` its bits without the sign)
#define TEST(name, T, U, expression)                                                                       \
  void testp_##name(Warp& w, const Op& op, u32 mask) {                                                     \
    const U* lanes = w.source<U>(op.a);                                                                    \
    w.set_predicate(                                                                                       \
        op.p, mask, test_lanes(mask, [=](u32 i) {                                                          \
          const U magnitude = static_cast<U>(lanes[i] << 1) >> 1;                                          \
          constexpr U kInfinity = sizeof(T) == 4 ? U{0x7f800000u} : static_cast<U>(0x7ff0000000000000ull); \
          constexpr U kSmallest = sizeof(T) == 4 ? U{0x00800000u} : static_cast<U>(0x0010000000000000ull); \
          (void)kInfinity, (void)kSmallest;                                                                \
          return expression;                                                                               \
        }));                                                                                               \
  }
#define TESTS(T, U)                                                                           \
  TEST(finite_##T, T, U, magnitude < kInfinity)                                               \
  TEST(infinite_##T, T, U, magnitude == kInfinity)                                            \
  TEST(number_##T, T, U, magnitude <= kInfinity)                                              \
  TEST(notanumber_##T, T, U, magnitude > kInfinity)                                           \
  TEST(normal_##T, T, U, magnitude == 0 || (magnitude >= kSmallest && magnitude < kInfinity)) \
  TEST(subnormal_##T, T, U, magnitude != 0 && magnitude < kSmallest)
TESTS(f32, u32)
TESTS(f64, u64)

// Ordered comparisons are false when an operand is NaN; the ones with u are true then.
#define COMPARISONS(T)                      \
  COMPARISON(eq_##T, T, a == b)             \
  COMPARISON(ne_##T, T, a<b || a> b)        \
  COMPARISON(lt_##T, T, a < b)              \
  COMPARISON(le_##T, T, a <= b)             \
  COMPARISON(gt_##T, T, a > b)              \
  COMPARISON(ge_##T, T, a >= b)             \
  COMPARISON(equ_##T, T, !(a < b || a > b)) \
  COMPARISON(neu_##T, T, a != b)            \
  COMPARISON(ltu_##T, T, !(a >= b))         \
  COMPARISON(leu_##T, T, !(a > b))          \
  COMPARISON(gtu_##T, T, !(a <= b))         \
  COMPARISON(geu_##T, T, !(a < b))          \
  COMPARISON(num_##T, T, a == a && b == b)  \
  COMPARISON(nan_##T, T, a != a || b != b)
COMPARISONS(f32)
COMPARISONS(f64)

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
