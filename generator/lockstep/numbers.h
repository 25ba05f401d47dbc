// Floating-point arithmetic of single lanes as PTX defines it: flushing, saturation, directed rounding,
// narrow formats.
#pragma once

#include <xmmintrin.h>

#include <cmath>

#include "lockstep/handlers.h"

namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {

/// Subnormals become zeros of the same sign.
DRILLPRESS_INLINE f32 flush(f32 a) {
  const u32 bits = std::bit_cast<u32>(a);
  return std::bit_cast<f32>((bits & 0x7f800000u) == 0 ? bits & 0x80000000u : bits);
}

/// The one NaN that single-precision instructions give.
DRILLPRESS_INLINE f32 canonical(f32 a) {
  return a == a ? a : std::bit_cast<f32>(0x7fffffffu);
}

/// [0, 1]; NaN becomes +0.
DRILLPRESS_INLINE f32 saturate(f32 a) {
  return a > 0.0f ? (a < 1.0f ? a : 1.0f) : 0.0f;
}

DRILLPRESS_INLINE u32 rounding(const Op& op) {
  return op.flags >> kRoundShift & 3u;
}

/// Sets the host's rounding direction while it lives. `hide` keeps the compiler from computing outside its
/// scope.
class RoundingScope {
 public:
  explicit RoundingScope(u32 mode) : saved_(_mm_getcsr()) {
    constexpr u32 kDirection[4] = {0x0000, 0x6000, 0x2000, 0x4000};  // nearest, zero, down, up
    _mm_setcsr((saved_ & ~0x6000u) | kDirection[mode]);
  }
  ~RoundingScope() { _mm_setcsr(saved_); }
  RoundingScope(const RoundingScope&) = delete;
  RoundingScope& operator=(const RoundingScope&) = delete;

 private:
  u32 saved_;
};
template <typename T>
DRILLPRESS_INLINE T hide(T value) {
  asm volatile("" : "+x"(value));
  return value;
}

/// f over all lanes at once, in a rounding direction. What f computes from memory after the direction is set,
/// and stores before it is set back, the compiler cannot move past either: both clobber memory.
template <typename T, typename F>
DRILLPRESS_INLINE void rounded_row(u32 mode, Lane<T>* d, F f) {
  const RoundingScope scope(mode);
  asm volatile("" ::: "memory");
  DRILLPRESS_LANES {
    d[i] = to_lane<T>(f(i));
  }
  asm volatile("" ::: "memory");
}

/// f over the lanes, one by one, in a rounding direction. f gets and gives T.
template <typename T, typename F>
DRILLPRESS_INLINE void rounded_lanes(u32 mode, u32 mask, Lane<T>* d, F f) {
  const RoundingScope scope(mode);
  for_each_lane(mask, [&](u32 i) { d[i] = to_lane<T>(hide<T>(f(i))); });
}

/// Exact for every half: 10 bits of fraction, 5 of exponent.
DRILLPRESS_INLINE f32 half_to_float(u32 h) {
  const u32 sign = (h & 0x8000u) << 16, magnitude = h & 0x7fffu;
  // Scaling by 2^112 moves the exponent's bias from 15 to 127, and normalises subnormals exactly.
  const f32 scaled = std::bit_cast<f32>(magnitude << 13) * 0x1p112f;
  const u32 bits = magnitude >= 0x7c00u ? (magnitude << 13 | 0x7f800000u) : std::bit_cast<u32>(scaled);
  return std::bit_cast<f32>(bits | sign);
}

/// 2^a within 2^-50 of it, in arithmetic that is the same on every host and has a vector loop. a = n + r with
/// a whole n and |r| <= 1/2; the series of 2^r = e^(r ln 2) to the 13th power leaves (ln 2 / 2)^14 / 14! <
/// 2^-57.
DRILLPRESS_INLINE f64 power_of_two(f64 a) {
  // Beyond these, single precision has nothing but 0 and infinity. NaN stays what it is through r.
  const f64 x = a < -1000.0 ? -1000.0 : a > 1000.0 ? 1000.0 : a;
  // Added to this, a double has no room for a fraction: its lowest bits are the rounded whole number.
  constexpr f64 kWhole = 0x1.8p52;
  const f64 shifted = x + kWhole;
  const f64 r = (x - (shifted - kWhole)) * 0x1.62e42fefa39efp-1;
  f64 sum = 1.0 / 6227020800;
  constexpr f64 kFactorials[] = {479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1};
  for (const f64 factorial : kFactorials) sum = sum * r + 1.0 / factorial;
  return sum * std::bit_cast<f64>((std::bit_cast<u64>(shifted) + 1023) << 52);
}

/// Where a double between two neighbours of a narrower format goes. `up`: away from zero.
DRILLPRESS_INLINE bool round_up(u32 mode, bool negative, bool odd, bool half_or_more, bool exactly_half,
                                bool inexact) {
  switch (mode) {
    case 0:
      return half_or_more && (!exactly_half || odd);
    case 1:
      return false;
    case 2:
      return negative && inexact;
    default:
      return !negative && inexact;
  }
}

/// A double rounded once to a format of `kExponentBits` and `kFractionBits` (f16: 5, 10; bf16: 8, 7). NaN
/// gives the format's canonical NaN 0x7fff.
template <u32 kExponentBits, u32 kFractionBits>
inline u32 narrow(f64 value, u32 mode) {
  const u64 bits = std::bit_cast<u64>(value);
  const bool negative = bits >> 63 != 0;
  const u32 sign = negative ? 1u << (kExponentBits + kFractionBits) : 0u;
  constexpr u32 kInfinity = ((1u << kExponentBits) - 1) << kFractionBits;
  constexpr s32 kBias = (1 << (kExponentBits - 1)) - 1;
  if (value != value) return 0x7fffu;
  const s32 exponent = static_cast<s32>(bits >> 52 & 0x7ff) - 1023;
  if (exponent == 1024) return sign | kInfinity;
  if (exponent == -1023)
    return sign | (round_up(mode, negative, false, false, false, (bits << 1) != 0) ? 1u : 0u);
  const u64 significand = (bits & ((u64{1} << 52) - 1)) | u64{1} << 52;
  // Bits below the last one kept; more of them for results that will be subnormal.
  s32 dropped = 52 - static_cast<s32>(kFractionBits);
  if (exponent < 1 - kBias) dropped += 1 - kBias - exponent;
  if (dropped > 54) dropped = 54;
  const u64 kept = significand >> dropped;
  const u64 rest = significand & ((u64{1} << dropped) - 1), half = u64{1} << (dropped - 1);
  u64 result = kept;
  if (exponent >= 1 - kBias) result += static_cast<u64>(exponent + kBias - 1) << kFractionBits;
  if (round_up(mode, negative, (kept & 1) != 0, rest >= half, rest == half, rest != 0)) ++result;
  if (result >= kInfinity) {
    const bool to_infinity = mode == 0 || (mode == 2 && negative) || (mode == 3 && !negative);
    result = to_infinity ? kInfinity : kInfinity - 1;
  }
  return sign | static_cast<u32>(result);
}
DRILLPRESS_INLINE u32 to_half(f64 value, u32 mode) {
  return narrow<5, 10>(value, mode);
}
DRILLPRESS_INLINE u32 to_bfloat(f64 value, u32 mode) {
  return narrow<8, 7>(value, mode);
}
DRILLPRESS_INLINE f32 bfloat_to_float(u32 b) {
  return std::bit_cast<f32>(b << 16);
}

/// A single to the nearest half, ties to even; NaN gives 0x7fff. These two have vector loops.
DRILLPRESS_INLINE u32 nearest_half(u32 bits) {
  const u32 sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
  const u32 normal = (magnitude - (112u << 23) + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
  // Next to 1/2, neighbours are 2^-24 apart like subnormal halves: the addition rounds.
  const u32 small = std::bit_cast<u32>(std::bit_cast<f32>(magnitude) + 0.5f) - 0x3f000000u;
  const u32 finite = magnitude < 0x38800000u ? small : normal;
  const u32 result = magnitude >= 0x47800000u || finite > 0x7c00u ? 0x7c00u : finite;
  return magnitude > 0x7f800000u ? 0x7fffu : sign | result;
}
DRILLPRESS_INLINE u32 nearest_bfloat(u32 bits) {
  return (bits & 0x7fffffffu) > 0x7f800000u ? 0x7fffu : (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
