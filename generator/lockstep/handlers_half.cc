#include "lockstep/handlers_compare.h"
#include "lockstep/numbers.h"

// Half precision and bfloat16, alone and in pairs. What has .sat, .relu or .ftz is computed in double
// precision, where sums and products of two are exact, and rounded once; fma rounds to odd first, so that its
// one rounding is right too. Without them there are vector loops in single precision. Its 24 bits are 2p + 2
// or more for the p = 11 and 8 bits here, so that rounding sums and products twice is as good as once (S. A.
// Figueroa, "When is double rounding innocuous?", 1995).
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

struct Half {
  static f64 wide(u32 bits) { return half_to_float(bits); }
  static u32 narrow(f64 value) { return to_half(value, 0); }
  static DRILLPRESS_INLINE f32 single(u32 bits) { return half_to_float(bits); }
  static DRILLPRESS_INLINE u32 nearest(f32 value) { return nearest_half(std::bit_cast<u32>(value)); }
  using Exact = f32;  ///< has room for the product of two, and never underflows
  static constexpr u32 kExponent = 0x7c00u;
};
struct Bfloat {
  static f64 wide(u32 bits) { return bfloat_to_float(bits); }
  static u32 narrow(f64 value) { return to_bfloat(value, 0); }
  static DRILLPRESS_INLINE f32 single(u32 bits) { return bfloat_to_float(bits); }
  static DRILLPRESS_INLINE u32 nearest(f32 value) { return nearest_bfloat(std::bit_cast<u32>(value)); }
  using Exact = f64;
  static constexpr u32 kExponent = 0x7f80u;
};

/// Subnormals to zeros of the same sign.
template <typename T>
DRILLPRESS_INLINE u32 flushed(u32 bits) {
  return (bits & T::kExponent) == 0 ? bits & 0x8000u : bits;
}

template <typename T>
DRILLPRESS_INLINE u32 finished(const Op& op, f64 value) {
  if (has(op, kSat)) value = value > 0.0 ? (value < 1.0 ? value : 1.0) : 0.0;
  if (has(op, kRelu) && value <= 0.0) value = 0.0;
  const u32 bits = T::narrow(value);
  return has(op, kFtz) ? flushed<T>(bits) : bits;
}

template <typename T>
DRILLPRESS_INLINE f64 operand(const Op& op, u32 bits) {
  bits &= 0xffffu;
  return T::wide(has(op, kFtz) ? flushed<T>(bits) : bits);
}

/// f over one or two halves of each lane; `f` gets the 16-bit patterns.
template <bool kPair, typename F>
DRILLPRESS_INLINE void halves1(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(mask, [&](u32 i) {
    const u32 low = f(a[i] & 0xffffu);
    d[i] = kPair ? low | f(a[i] >> 16) << 16 : low;
  });
}
template <bool kPair, typename F>
DRILLPRESS_INLINE void halves2(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(mask, [&](u32 i) {
    const u32 low = f(a[i] & 0xffffu, b[i] & 0xffffu);
    d[i] = kPair ? low | f(a[i] >> 16, b[i] >> 16) << 16 : low;
  });
}

DRILLPRESS_INLINE bool is_plain(const Op& op) {
  return !has(op, kSat) && !has(op, kRelu) && !has(op, kFtz);
}

/// f over the halves of two operands, as a vector loop.
template <bool kPair, typename F>
DRILLPRESS_INLINE void halves_row2(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  write<u32>(w, op.d, mask, [=](u32 i) {
    const u32 low = f(a[i] & 0xffffu, b[i] & 0xffffu);
    return kPair ? low | f(a[i] >> 16, b[i] >> 16) << 16 : low;
  });
}

template <typename T, bool kPair, typename F>
DRILLPRESS_INLINE void arithmetic(Warp& w, const Op& op, u32 mask, F f) {
  if (is_plain(op)) {
    return halves_row2<kPair>(w, op, mask,
                              [=](u32 a, u32 b) { return T::nearest(f(T::single(a), T::single(b))); });
  }
  halves2<kPair>(w, op, mask,
                 [&](u32 a, u32 b) { return finished<T>(op, f(operand<T>(op, a), operand<T>(op, b))); });
}

/// The inexact `rounded`, to nearest, moves to its odd neighbour on the side of the exact value if it is
/// even.
template <typename T>
DRILLPRESS_INLINE T to_odd(T rounded, bool inexact, bool exact_is_greater) {
  const auto bits = std::bit_cast<Lane<T>>(rounded);
  const bool positive = bits >> (8 * sizeof(T) - 1) == 0;  // of zero too, which tiny values become
  const Lane<T> moved = exact_is_greater == positive ? bits + 1 : bits - 1;
  return std::bit_cast<T>(inexact && (bits & 1u) == 0 ? moved : bits);
}
/// a × b + c: the product is exact; the sum is rounded to odd, which no second rounding to fewer bits can
/// spoil.
template <typename T>
DRILLPRESS_INLINE T fused(T a, T b, T c) {
  const T product = a * b, sum = product + c;
  const T part = sum - product, error = (product - (sum - part)) + (c - part);
  const bool exact_is_greater = error > 0, exact_is_less = error < 0;
  return to_odd<T>(sum, exact_is_greater || exact_is_less, exact_is_greater);
}
DRILLPRESS_INLINE f32 single_to_odd(f32 exact) {
  return exact;
}
DRILLPRESS_INLINE f32 single_to_odd(f64 exact) {
  const f32 rounded = static_cast<f32>(exact);
  const f64 back = static_cast<f64>(rounded);
  return to_odd<f32>(rounded, back < exact || back > exact, back < exact);
}
template <typename T, bool kPair>
DRILLPRESS_INLINE void fused_multiply_add(Warp& w, const Op& op, u32 mask) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  const u32* c = w.source<u32>(op.c);
  if (is_plain(op)) {
    using Exact = typename T::Exact;
    const auto nearest = [](u32 x, u32 y, u32 z) {
      return T::nearest(single_to_odd(fused<Exact>(T::single(x), T::single(y), T::single(z))));
    };
    return write<u32>(w, op.d, mask, [=](u32 i) {
      const u32 low = nearest(a[i] & 0xffffu, b[i] & 0xffffu, c[i] & 0xffffu);
      return kPair ? low | nearest(a[i] >> 16, b[i] >> 16, c[i] >> 16) << 16 : low;
    });
  }
  u32* d = w.destination<u32>(op.d);
  auto one = [&](u32 x, u32 y, u32 z) {
    return finished<T>(op, fused<f64>(operand<T>(op, x), operand<T>(op, y), operand<T>(op, z)));
  };
  for_each_lane(mask, [&](u32 i) {
    const u32 low = one(a[i], b[i], c[i]);
    d[i] = kPair ? low | one(a[i] >> 16, b[i] >> 16, c[i] >> 16) << 16 : low;
  });
}

/// Without branches, so that there is a vector loop.
template <typename T, bool kPair, bool kMinimum>
DRILLPRESS_INLINE void choose(Warp& w, const Op& op, u32 mask) {
  const bool ftz = has(op, kFtz), magnitude = has(op, kAbs);
  const bool propagate = has(op, kNaNPropagate), xor_sign = has(op, kXorSign);
  halves_row2<kPair>(w, op, mask, [=](u32 a, u32 b) -> u32 {
    a = ftz ? flushed<T>(a) : a, b = ftz ? flushed<T>(b) : b;
    const u32 sign = xor_sign ? (a ^ b) & 0x8000u : 0u;
    a = magnitude ? a & 0x7fffu : a, b = magnitude ? b & 0x7fffu : b;
    const f32 x = T::single(a), y = T::single(b);
    const u32 lesser = x < y ? a : b, greater = x < y ? b : a;
    const u32 ordered = x == y ? (kMinimum ? a | b : a & b) : kMinimum ? lesser : greater;
    const bool none = (x != x && y != y) || (propagate && (x != x || y != y));
    const u32 chosen = none ? 0x7fffu : x != x ? b : y != y ? a : ordered;
    return none ? chosen : chosen | sign;
  });
}

/// setp on pairs gives p for the low half and q for the high one; on single values q is the negation.
template <typename T, bool kPair, typename F>
DRILLPRESS_INLINE void compare(Warp& w, const Op& op, u32 mask, F f) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  u32 low = 0, high = 0;
  for_each_lane(mask, [&](u32 i) {
    low |= static_cast<u32>(f(operand<T>(op, a[i]), operand<T>(op, b[i]))) << i;
    if (kPair) high |= static_cast<u32>(f(operand<T>(op, a[i] >> 16), operand<T>(op, b[i] >> 16))) << i;
  });
  w.set_predicate(op.p, mask, combine(w, op, low));
  if (has(op, kHasSecond)) w.set_predicate(op.q, mask, combine(w, op, kPair ? high : ~low));
}

/// set with a 16-bit or packed result: 1.0 or 0 (.f16, .bf16), all ones or 0 (integers).
template <typename T, bool kPair, typename F>
DRILLPRESS_INLINE void set_halves(Warp& w, const Op& op, u32 mask, F f) {
  const u32 c = w.source_predicate(op);
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  u32* d = w.destination<u32>(op.d);
  const u32 yes = op.immediate == 1 ? 0x3c00u : op.immediate == 3 ? 0x3f80u : 0xffffu;
  const u32 combination = op.flags >> kBooleanShift & 3u;
  for_each_lane(mask, [&](u32 i) {
    auto one = [&](u32 x, u32 y) {
      bool holds = f(operand<T>(op, x), operand<T>(op, y));
      const bool other = (c >> i & 1u) != 0;
      if (combination == 1) holds = holds && other;
      if (combination == 2) holds = holds || other;
      if (combination == 3) holds = holds != other;
      return holds;
    };
    const bool low = one(a[i], b[i]);
    if (kPair) {
      d[i] = (low ? yes : 0u) | (one(a[i] >> 16, b[i] >> 16) ? yes : 0u) << 16;
    } else if (op.immediate == 2) {
      d[i] = low ? 0xffffffffu : 0u;
    } else {
      d[i] = low ? yes : 0u;
    }
  });
}

}  // namespace

#define HANDLER(name) void name(Warp& w, const Op& op, u32 mask)
#define HALF_COMPARISON(name, T, pair, expression)                             \
  HANDLER(setp_##name) {                                                       \
    compare<T, pair>(w, op, mask, [](f64 a, f64 b) { return expression; });    \
  }                                                                            \
  HANDLER(set_##name) {                                                        \
    set_halves<T, pair>(w, op, mask, [](f64 a, f64 b) { return expression; }); \
  }

// HALF_FORMAT(suffix, T, pair): every instruction of one format.
#define HALF_FORMAT(suffix, T, pair)                                                                  \
  HANDLER(add_##suffix) {                                                                             \
    arithmetic<T, pair>(w, op, mask, [](auto a, auto b) { return a + b; });                           \
  }                                                                                                   \
  HANDLER(sub_##suffix) {                                                                             \
    arithmetic<T, pair>(w, op, mask, [](auto a, auto b) { return a - b; });                           \
  }                                                                                                   \
  HANDLER(mul_##suffix) {                                                                             \
    arithmetic<T, pair>(w, op, mask, [](auto a, auto b) { return a * b; });                           \
  }                                                                                                   \
  HANDLER(fma_##suffix) {                                                                             \
    fused_multiply_add<T, pair>(w, op, mask);                                                         \
  }                                                                                                   \
  HANDLER(min_##suffix) {                                                                             \
    choose<T, pair, true>(w, op, mask);                                                               \
  }                                                                                                   \
  HANDLER(max_##suffix) {                                                                             \
    choose<T, pair, false>(w, op, mask);                                                              \
  }                                                                                                   \
  HANDLER(neg_##suffix) {                                                                             \
    halves1<pair>(w, op, mask, [&](u32 a) { return (has(op, kFtz) ? flushed<T>(a) : a) ^ 0x8000u; }); \
  }                                                                                                   \
  HANDLER(abs_##suffix) {                                                                             \
    halves1<pair>(w, op, mask, [&](u32 a) { return (has(op, kFtz) ? flushed<T>(a) : a) & 0x7fffu; }); \
  }                                                                                                   \
  HANDLER(ex2_##suffix) {                                                                             \
    halves1<pair>(w, op, mask, [&](u32 a) { return finished<T>(op, std::exp2(operand<T>(op, a))); }); \
  }                                                                                                   \
  HANDLER(tanh_##suffix) {                                                                            \
    halves1<pair>(w, op, mask, [&](u32 a) { return finished<T>(op, std::tanh(operand<T>(op, a))); }); \
  }                                                                                                   \
  HALF_COMPARISON(eq_##suffix, T, pair, a == b)                                                       \
  HALF_COMPARISON(ne_##suffix, T, pair, a<b || a> b)                                                  \
  HALF_COMPARISON(lt_##suffix, T, pair, a < b)                                                        \
  HALF_COMPARISON(le_##suffix, T, pair, a <= b)                                                       \
  HALF_COMPARISON(gt_##suffix, T, pair, a > b)                                                        \
  HALF_COMPARISON(ge_##suffix, T, pair, a >= b)                                                       \
  HALF_COMPARISON(equ_##suffix, T, pair, !(a < b || a > b))                                           \
  HALF_COMPARISON(neu_##suffix, T, pair, a != b)                                                      \
  HALF_COMPARISON(ltu_##suffix, T, pair, !(a >= b))                                                   \
  HALF_COMPARISON(leu_##suffix, T, pair, !(a > b))                                                    \
  HALF_COMPARISON(gtu_##suffix, T, pair, !(a <= b))                                                   \
  HALF_COMPARISON(geu_##suffix, T, pair, !(a < b))                                                    \
  HALF_COMPARISON(num_##suffix, T, pair, a == a && b == b)                                            \
  HALF_COMPARISON(nan_##suffix, T, pair, a != a || b != b)
HALF_FORMAT(f16, Half, false)
HALF_FORMAT(f16x2, Half, true)
HALF_FORMAT(bf16, Bfloat, false)
HALF_FORMAT(bf16x2, Bfloat, true)

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
