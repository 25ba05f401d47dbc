#include <limits>

#include "lockstep/numbers.h"

// cvt between all pairs of types. Integers convert through 64 bits; rounding to an integer or a narrower
// format happens once. The destination's or source's register may be wider than the type (Op flags kWideRow,
// kWideAddress).
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

/// The lanes of the source as values of type A, whatever the width of their register.
template <typename A>
DRILLPRESS_INLINE A input_at(const Warp& w, const Op& op, u32 i) {
  if constexpr (sizeof(A) < 8) {
    if (has(op, kWideAddress)) return from_lane<A>(static_cast<Lane<A>>(w.source<u64>(op.a)[i]));
  }
  return from_lane<A>(w.source<Lane<A>>(op.a)[i]);
}

/// Writes an integer sign- or zero-extended to the width of the destination's register.
template <typename D, typename F>
DRILLPRESS_INLINE void write_integer(Warp& w, const Op& op, u32 mask, F f) {
  if constexpr (sizeof(D) < 8) {
    if (has(op, kWideRow)) {
      u64* d = w.destination<u64>(op.d);
      return for_each_lane(mask, [&](u32 i) { d[i] = static_cast<u64>(static_cast<s64>(f(i))); });
    }
    // Narrow signed results are sign-extended, which readers of the narrow type do not see.
    u32* d = w.destination<u32>(op.d);
    for_each_lane(mask, [&](u32 i) { d[i] = static_cast<u32>(static_cast<s32>(f(i))); });
  } else {
    u64* d = w.destination<u64>(op.d);
    for_each_lane(mask, [&](u32 i) { d[i] = static_cast<u64>(f(i)); });
  }
}

template <typename D, typename A>
DRILLPRESS_INLINE D clamp_integer(A a) {
  using Limits = std::numeric_limits<D>;
  if constexpr (std::is_signed_v<A> && !std::is_signed_v<D>) {
    if (a < 0) return 0;
    return static_cast<std::make_unsigned_t<A>>(a) > Limits::max() ? Limits::max() : static_cast<D>(a);
  } else if constexpr (!std::is_signed_v<A> && std::is_signed_v<D>) {
    return a > static_cast<std::make_unsigned_t<D>>(Limits::max()) ? Limits::max() : static_cast<D>(a);
  } else {
    return a > Limits::max() ? Limits::max() : a < Limits::min() ? Limits::min() : static_cast<D>(a);
  }
}

template <typename D, typename A>
DRILLPRESS_INLINE void integer_to_integer(Warp& w, const Op& op, u32 mask) {
  const bool saturate_result = has(op, kSat);
  const Warp* warp = &w;
  const Op* o = &op;
  if (saturate_result) {
    return write_integer<D>(w, op, mask, [=](u32 i) { return clamp_integer<D>(input_at<A>(*warp, *o, i)); });
  }
  // Index arithmetic widens 32 bits to 64 all the time: that has a vector loop.
  if constexpr (sizeof(A) == 4 && sizeof(D) == 8) {
    if (!has(op, kWideAddress)) {
      return map1<D, A>(w, op, mask, [](A a) { return static_cast<D>(a); });
    }
  }
  write_integer<D>(w, op, mask, [=](u32 i) { return static_cast<D>(input_at<A>(*warp, *o, i)); });
}

DRILLPRESS_INLINE f64 round_integral(f64 a, u32 mode) {
  switch (mode) {
    case 0:
      return __builtin_nearbyint(a);
    case 1:
      return __builtin_trunc(a);
    case 2:
      return __builtin_floor(a);
    default:
      return __builtin_ceil(a);
  }
}

enum class Format { kHalf, kBfloat, kSingle, kDouble };

/// What is out of range gives the nearest end. NaN gives 0, but the number with only the highest bit set
/// where the source is .f64 or the destination has 64 bits.
template <typename D, Format kFrom>
DRILLPRESS_INLINE D to_integer(f64 a, u32 mode) {
  using Limits = std::numeric_limits<D>;
  constexpr bool kHighestBit = kFrom == Format::kDouble || sizeof(D) == 8;
  if (a != a) return kHighestBit ? static_cast<D>(u64{1} << (8 * sizeof(D) - 1)) : D{0};
  const f64 whole = round_integral(a, mode);
  // The upper limit of 64-bit types is not a double; the first double past it is.
  constexpr f64 kPast =
      sizeof(D) == 8 ? (std::is_signed_v<D> ? 0x1p63 : 0x1p64) : static_cast<f64>(Limits::max()) + 1.0;
  if (whole >= kPast) return Limits::max();
  if (whole <= static_cast<f64>(Limits::min())) return Limits::min();
  return static_cast<D>(whole);
}

template <Format kFormat>
DRILLPRESS_INLINE f64 wide_input(const Warp& w, const Op& op, u32 i) {
  if constexpr (kFormat == Format::kDouble) return std::bit_cast<f64>(w.source<u64>(op.a)[i]);
  const u32 bits = w.source<u32>(op.a)[i];
  if constexpr (kFormat == Format::kHalf) return half_to_float(bits & 0xffffu);
  if constexpr (kFormat == Format::kBfloat) return bfloat_to_float(bits & 0xffffu);
  const f32 value = std::bit_cast<f32>(bits);
  return has(op, kFtz) ? flush(value) : value;
}

/// A double (exact value of the source) to the destination's format, with .sat, .relu, .ftz and .satfinite.
template <Format kFormat>
DRILLPRESS_INLINE auto finish_float(f64 value, const Op& op) {
  const u32 mode = has(op, kRoundInteger) ? 0 : rounding(op);
  if (has(op, kRelu) && !(value > 0.0)) value = value != value ? value : 0.0;
  if (has(op, kSat)) value = value > 0.0 ? (value < 1.0 ? value : 1.0) : 0.0;
  if constexpr (kFormat == Format::kDouble) {
    return std::bit_cast<u64>(value);
  } else if constexpr (kFormat == Format::kSingle) {
    f32 result;
    if (mode == 0) {
      result = static_cast<f32>(value);
    } else {
      const RoundingScope scope(mode);
      result = hide(static_cast<f32>(hide(value)));
    }
    return std::bit_cast<u32>(canonical(has(op, kFtz) ? flush(result) : result));
  } else {
    u32 result = kFormat == Format::kHalf ? to_half(value, mode) : to_bfloat(value, mode);
    constexpr u32 kInfinity = kFormat == Format::kHalf ? 0x7c00u : 0x7f80u;
    if (has(op, kSatFinite) && (result & 0x7fffu) == kInfinity) result -= 1;
    return result;
  }
}

/// The conversions that kernels are full of, as vector loops: between single and narrower formats, to the
/// nearest; clamping; floor and its like. False: not one of them.
template <Format kTo, Format kFrom>
DRILLPRESS_INLINE bool float_to_float_row(Warp& w, const Op& op, u32 mask) {
  constexpr bool kNarrowFrom = kFrom == Format::kHalf || kFrom == Format::kBfloat;
  constexpr bool kNarrowTo = kTo == Format::kHalf || kTo == Format::kBfloat;
  if constexpr (kTo == Format::kSingle && kFrom == Format::kSingle) {
    if (has(op, kRelu)) return false;
    const bool sat = has(op, kSat), ftz = has(op, kFtz);
    const auto map = [&](auto whole) {
      map1<f32, f32>(w, op, mask, [=](f32 a) {
        const f32 r = whole(ftz ? flush(a) : a);
        return sat ? saturate(r) : canonical(r);
      });
    };
    if (!has(op, kRoundInteger)) {
      if (rounding(op) != 0) return false;
      map([](f32 a) { return a; });
    } else if (rounding(op) == 0) {
      map([](f32 a) { return __builtin_nearbyintf(a); });
    } else if (rounding(op) == 1) {
      map([](f32 a) { return __builtin_truncf(a); });
    } else if (rounding(op) == 2) {
      map([](f32 a) { return __builtin_floorf(a); });
    } else {
      map([](f32 a) { return __builtin_ceilf(a); });
    }
    return true;
  } else if constexpr (kTo == Format::kSingle && kNarrowFrom) {
    if (has(op, kRoundInteger) || has(op, kSat) || has(op, kRelu) || has(op, kFtz)) return false;
    map1<f32, u32>(w, op, mask, [](u32 a) {
      return canonical(kFrom == Format::kHalf ? half_to_float(a & 0xffffu) : bfloat_to_float(a & 0xffffu));
    });
    return true;
  } else if constexpr (kNarrowTo && kFrom == Format::kSingle) {
    if (has(op, kRoundInteger) || has(op, kSat) || has(op, kRelu) || has(op, kFtz) || has(op, kSatFinite))
      return false;
    if (rounding(op) != 0) return false;
    map1<u32, u32>(w, op, mask,
                   [](u32 a) { return kTo == Format::kHalf ? nearest_half(a) : nearest_bfloat(a); });
    return true;
  }
  return false;
}

template <Format kTo, Format kFrom>
DRILLPRESS_INLINE void float_to_float(Warp& w, const Op& op, u32 mask) {
  if (float_to_float_row<kTo, kFrom>(w, op, mask)) return;
  for_each_lane(mask, [&](u32 i) {
    f64 value = wide_input<kFrom>(w, op, i);
    if (has(op, kRoundInteger)) value = round_integral(value, rounding(op));
    const auto result = finish_float<kTo>(value, op);
    w.destination<std::remove_const_t<decltype(result)>>(op.d)[i] = result;
  });
}

/// 64-bit integers do not all fit a double: those go straight to the destination's precision.
template <Format kTo, typename A>
DRILLPRESS_INLINE void integer_to_float(Warp& w, const Op& op, u32 mask) {
  if constexpr (kTo == Format::kSingle && sizeof(A) == 4) {
    if (rounding(op) == 0 && !has(op, kSat) && !has(op, kWideAddress))
      return map1<f32, A>(w, op, mask, [](A a) { return static_cast<f32>(a); });
  }
  const RoundingScope scope(rounding(op));
  for_each_lane(mask, [&](u32 i) {
    const A a = input_at<A>(w, op, i);
    if constexpr (kTo == Format::kDouble) {
      f64 r = hide(static_cast<f64>(a));
      if (has(op, kSat)) r = r > 0.0 ? (r < 1.0 ? r : 1.0) : 0.0;
      w.destination<u64>(op.d)[i] = std::bit_cast<u64>(r);
    } else if constexpr (kTo == Format::kSingle) {
      f32 r = hide(static_cast<f32>(a));
      if (has(op, kSat)) r = saturate(r);
      w.destination<u32>(op.d)[i] = std::bit_cast<u32>(r);
    } else {
      // Rounding to odd keeps what decides the second rounding.
      f64 wide = static_cast<f64>(a);
      if constexpr (sizeof(A) == 8) {
        const A kept = a & ~static_cast<A>(0x7ff);
        const bool large = a > (A{1} << 52) || (std::is_signed_v<A> && a < -(A{1} << 52));
        if (large) wide = static_cast<f64>(static_cast<A>(kept | static_cast<A>(a != kept ? 0x400 : 0)));
      }
      w.destination<u32>(op.d)[i] = finish_float<kTo>(wide, op);
    }
  });
}

template <typename D, Format kFrom>
DRILLPRESS_INLINE void float_to_integer(Warp& w, const Op& op, u32 mask) {
  if constexpr (kFrom == Format::kSingle && std::is_same_v<D, s32>) {
    // A cast in C truncates: the one that has a vector loop.
    if (rounding(op) == 1 && !has(op, kWideRow)) {
      return map1<s32, f32>(w, op, mask, [](f32 a) {
        const bool fits = a < 0x1p31f && a >= -0x1p31f;
        const s32 whole = static_cast<s32>(fits ? a : 0.0f);
        return a >= 0x1p31f ? 0x7fffffff : a < -0x1p31f ? std::numeric_limits<s32>::min() : whole;
      });
    }
  }
  const u32 mode = rounding(op);
  const Warp* warp = &w;
  const Op* o = &op;
  write_integer<D>(w, op, mask,
                   [=](u32 i) { return to_integer<D, kFrom>(wide_input<kFrom>(*warp, *o, i), mode); });
}

}  // namespace

#define INTEGER_TO_INTEGER(d, a)                        \
  void cvt_##d##_##a(Warp& w, const Op& op, u32 mask) { \
    integer_to_integer<d, a>(w, op, mask);              \
  }
#define INTEGER_TO_FLOAT(d, a, format)                  \
  void cvt_##d##_##a(Warp& w, const Op& op, u32 mask) { \
    integer_to_float<Format::format, a>(w, op, mask);   \
  }
#define FLOAT_TO_INTEGER(d, a, format)                  \
  void cvt_##d##_##a(Warp& w, const Op& op, u32 mask) { \
    float_to_integer<d, Format::format>(w, op, mask);   \
  }
#define FLOAT_TO_FLOAT(d, a, to, from)                     \
  void cvt_##d##_##a(Warp& w, const Op& op, u32 mask) {    \
    float_to_float<Format::to, Format::from>(w, op, mask); \
  }

INTEGER_TO_INTEGER(u8, u8)
INTEGER_TO_INTEGER(u8, s8)
INTEGER_TO_INTEGER(u8, u16)
INTEGER_TO_INTEGER(u8, s16)
INTEGER_TO_INTEGER(u8, u32)
INTEGER_TO_INTEGER(u8, s32)
INTEGER_TO_INTEGER(u8, u64)
INTEGER_TO_INTEGER(u8, s64)
INTEGER_TO_INTEGER(s8, u8)
INTEGER_TO_INTEGER(s8, s8)
INTEGER_TO_INTEGER(s8, u16)
INTEGER_TO_INTEGER(s8, s16)
INTEGER_TO_INTEGER(s8, u32)
INTEGER_TO_INTEGER(s8, s32)
INTEGER_TO_INTEGER(s8, u64)
INTEGER_TO_INTEGER(s8, s64)
INTEGER_TO_INTEGER(u16, u8)
INTEGER_TO_INTEGER(u16, s8)
INTEGER_TO_INTEGER(u16, u16)
INTEGER_TO_INTEGER(u16, s16)
INTEGER_TO_INTEGER(u16, u32)
INTEGER_TO_INTEGER(u16, s32)
INTEGER_TO_INTEGER(u16, u64)
INTEGER_TO_INTEGER(u16, s64)
INTEGER_TO_INTEGER(s16, u8)
INTEGER_TO_INTEGER(s16, s8)
INTEGER_TO_INTEGER(s16, u16)
INTEGER_TO_INTEGER(s16, s16)
INTEGER_TO_INTEGER(s16, u32)
INTEGER_TO_INTEGER(s16, s32)
INTEGER_TO_INTEGER(s16, u64)
INTEGER_TO_INTEGER(s16, s64)
INTEGER_TO_INTEGER(u32, u8)
INTEGER_TO_INTEGER(u32, s8)
INTEGER_TO_INTEGER(u32, u16)
INTEGER_TO_INTEGER(u32, s16)
INTEGER_TO_INTEGER(u32, u32)
INTEGER_TO_INTEGER(u32, s32)
INTEGER_TO_INTEGER(u32, u64)
INTEGER_TO_INTEGER(u32, s64)
INTEGER_TO_INTEGER(s32, u8)
INTEGER_TO_INTEGER(s32, s8)
INTEGER_TO_INTEGER(s32, u16)
INTEGER_TO_INTEGER(s32, s16)
INTEGER_TO_INTEGER(s32, u32)
INTEGER_TO_INTEGER(s32, s32)
INTEGER_TO_INTEGER(s32, u64)
INTEGER_TO_INTEGER(s32, s64)
INTEGER_TO_INTEGER(u64, u8)
INTEGER_TO_INTEGER(u64, s8)
INTEGER_TO_INTEGER(u64, u16)
INTEGER_TO_INTEGER(u64, s16)
INTEGER_TO_INTEGER(u64, u32)
INTEGER_TO_INTEGER(u64, s32)
INTEGER_TO_INTEGER(u64, u64)
INTEGER_TO_INTEGER(u64, s64)
INTEGER_TO_INTEGER(s64, u8)
INTEGER_TO_INTEGER(s64, s8)
INTEGER_TO_INTEGER(s64, u16)
INTEGER_TO_INTEGER(s64, s16)
INTEGER_TO_INTEGER(s64, u32)
INTEGER_TO_INTEGER(s64, s32)
INTEGER_TO_INTEGER(s64, u64)
INTEGER_TO_INTEGER(s64, s64)
INTEGER_TO_FLOAT(f16, u8, kHalf)
FLOAT_TO_INTEGER(u8, f16, kHalf)
INTEGER_TO_FLOAT(f16, s8, kHalf)
FLOAT_TO_INTEGER(s8, f16, kHalf)
INTEGER_TO_FLOAT(f16, u16, kHalf)
FLOAT_TO_INTEGER(u16, f16, kHalf)
INTEGER_TO_FLOAT(f16, s16, kHalf)
FLOAT_TO_INTEGER(s16, f16, kHalf)
INTEGER_TO_FLOAT(f16, u32, kHalf)
FLOAT_TO_INTEGER(u32, f16, kHalf)
INTEGER_TO_FLOAT(f16, s32, kHalf)
FLOAT_TO_INTEGER(s32, f16, kHalf)
INTEGER_TO_FLOAT(f16, u64, kHalf)
FLOAT_TO_INTEGER(u64, f16, kHalf)
INTEGER_TO_FLOAT(f16, s64, kHalf)
FLOAT_TO_INTEGER(s64, f16, kHalf)
FLOAT_TO_FLOAT(f16, f16, kHalf, kHalf)
FLOAT_TO_FLOAT(f16, bf16, kHalf, kBfloat)
FLOAT_TO_FLOAT(f16, f32, kHalf, kSingle)
FLOAT_TO_FLOAT(f16, f64, kHalf, kDouble)
INTEGER_TO_FLOAT(bf16, u8, kBfloat)
FLOAT_TO_INTEGER(u8, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, s8, kBfloat)
FLOAT_TO_INTEGER(s8, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, u16, kBfloat)
FLOAT_TO_INTEGER(u16, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, s16, kBfloat)
FLOAT_TO_INTEGER(s16, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, u32, kBfloat)
FLOAT_TO_INTEGER(u32, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, s32, kBfloat)
FLOAT_TO_INTEGER(s32, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, u64, kBfloat)
FLOAT_TO_INTEGER(u64, bf16, kBfloat)
INTEGER_TO_FLOAT(bf16, s64, kBfloat)
FLOAT_TO_INTEGER(s64, bf16, kBfloat)
FLOAT_TO_FLOAT(bf16, f16, kBfloat, kHalf)
FLOAT_TO_FLOAT(bf16, bf16, kBfloat, kBfloat)
FLOAT_TO_FLOAT(bf16, f32, kBfloat, kSingle)
FLOAT_TO_FLOAT(bf16, f64, kBfloat, kDouble)
INTEGER_TO_FLOAT(f32, u8, kSingle)
FLOAT_TO_INTEGER(u8, f32, kSingle)
INTEGER_TO_FLOAT(f32, s8, kSingle)
FLOAT_TO_INTEGER(s8, f32, kSingle)
INTEGER_TO_FLOAT(f32, u16, kSingle)
FLOAT_TO_INTEGER(u16, f32, kSingle)
INTEGER_TO_FLOAT(f32, s16, kSingle)
FLOAT_TO_INTEGER(s16, f32, kSingle)
INTEGER_TO_FLOAT(f32, u32, kSingle)
FLOAT_TO_INTEGER(u32, f32, kSingle)
INTEGER_TO_FLOAT(f32, s32, kSingle)
FLOAT_TO_INTEGER(s32, f32, kSingle)
INTEGER_TO_FLOAT(f32, u64, kSingle)
FLOAT_TO_INTEGER(u64, f32, kSingle)
INTEGER_TO_FLOAT(f32, s64, kSingle)
FLOAT_TO_INTEGER(s64, f32, kSingle)
FLOAT_TO_FLOAT(f32, f16, kSingle, kHalf)
FLOAT_TO_FLOAT(f32, bf16, kSingle, kBfloat)
FLOAT_TO_FLOAT(f32, f32, kSingle, kSingle)
FLOAT_TO_FLOAT(f32, f64, kSingle, kDouble)
INTEGER_TO_FLOAT(f64, u8, kDouble)
FLOAT_TO_INTEGER(u8, f64, kDouble)
INTEGER_TO_FLOAT(f64, s8, kDouble)
FLOAT_TO_INTEGER(s8, f64, kDouble)
INTEGER_TO_FLOAT(f64, u16, kDouble)
FLOAT_TO_INTEGER(u16, f64, kDouble)
INTEGER_TO_FLOAT(f64, s16, kDouble)
FLOAT_TO_INTEGER(s16, f64, kDouble)
INTEGER_TO_FLOAT(f64, u32, kDouble)
FLOAT_TO_INTEGER(u32, f64, kDouble)
INTEGER_TO_FLOAT(f64, s32, kDouble)
FLOAT_TO_INTEGER(s32, f64, kDouble)
INTEGER_TO_FLOAT(f64, u64, kDouble)
FLOAT_TO_INTEGER(u64, f64, kDouble)
INTEGER_TO_FLOAT(f64, s64, kDouble)
FLOAT_TO_INTEGER(s64, f64, kDouble)
FLOAT_TO_FLOAT(f64, f16, kDouble, kHalf)
FLOAT_TO_FLOAT(f64, bf16, kDouble, kBfloat)
FLOAT_TO_FLOAT(f64, f32, kDouble, kSingle)
FLOAT_TO_FLOAT(f64, f64, kDouble, kDouble)
/// Two singles to a pair: a becomes the upper half.
void cvt_f16x2_f32(Warp& w, const Op& op, u32 mask) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(mask, [&](u32 i) {
    const u32 high = finish_float<Format::kHalf>(std::bit_cast<f32>(a[i]), op);
    const u32 low = finish_float<Format::kHalf>(std::bit_cast<f32>(b[i]), op);
    d[i] = high << 16 | low;
  });
}
/// Two singles to a pair: a becomes the upper half.
void cvt_bf16x2_f32(Warp& w, const Op& op, u32 mask) {
  const u32* a = w.source<u32>(op.a);
  const u32* b = w.source<u32>(op.b);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(mask, [&](u32 i) {
    const u32 high = finish_float<Format::kBfloat>(std::bit_cast<f32>(a[i]), op);
    const u32 low = finish_float<Format::kBfloat>(std::bit_cast<f32>(b[i]), op);
    d[i] = high << 16 | low;
  });
}
/// TF32 keeps 10 bits of the fraction; the lower 13 bits of the register are zero here. rna: ties away from
/// zero.
void cvt_tf32_f32(Warp& w, const Op& op, u32 mask) {
  const bool nearest_even = op.immediate == 1, truncate = op.immediate == 2;
  const bool relu = has(op, kRelu), finite = has(op, kSatFinite);
  map1<u32, u32>(w, op, mask, [=](u32 a) {
    constexpr u32 kInfinity = 0x7f800000u;
    if ((a & 0x7fffffffu) > kInfinity) return 0x7fffffffu;
    if (relu && a >> 31 != 0) return 0u;
    const u32 bias = truncate ? 0u : nearest_even ? 0x0fffu + (a >> 13 & 1u) : 0x1000u;
    const u32 result = (a & kInfinity) == kInfinity ? a : (a + bias) & 0xffffe000u;
    return finite && (result & 0x7fffffffu) == kInfinity ? result - 0x2000u : result;
  });
}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
