// setp and set for one comparison of one type.
#pragma once

#include "lockstep/handlers.h"

namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {

/// The comparison's lanes joined with the third operand by .and, .or or .xor.
DRILLPRESS_INLINE u32 combine(const Warp& w, const Op& op, u32 holds) {
  const u32 c = w.source_predicate(op);
  switch (op.flags >> kBooleanShift & 3u) {
    case 1:
      return holds & c;
    case 2:
      return holds | c;
    case 3:
      return holds ^ c;
    default:
      return holds;
  }
}

template <typename T, typename F>
DRILLPRESS_INLINE u32 compare_lanes(Warp& w, const Op& op, F f) {
  const Lane<T>* a = w.source<Lane<T>>(op.a);
  const Lane<T>* b = w.source<Lane<T>>(op.b);
  if constexpr (std::is_same_v<T, f32>) {
    if (has(op, kFtz)) {
      return test_lanes(kFullMask, [=](u32 i) {
        const auto flush = [](u32 x) {
          return std::bit_cast<f32>((x & 0x7f800000u) == 0 ? x & 0x80000000u : x);
        };
        return f(flush(a[i]), flush(b[i]));
      });
    }
  }
  return test_lanes(kFullMask, [=](u32 i) { return f(from_lane<T>(a[i]), from_lane<T>(b[i])); });
}

template <typename T, typename F>
DRILLPRESS_INLINE void set_predicate(Warp& w, const Op& op, u32 mask, F f) {
  const u32 holds = compare_lanes<T>(w, op, f);
  w.set_predicate(op.p, mask, combine(w, op, holds));
  if (has(op, kHasSecond)) w.set_predicate(op.q, mask, combine(w, op, ~holds));
}

template <typename T, typename F>
DRILLPRESS_INLINE void set_lanes(Warp& w, const Op& op, u32 mask, F f) {
  const u32 holds = combine(w, op, compare_lanes<T>(w, op, f));
  const u32 yes = has(op, kFloatResult) ? 0x3f800000u : kFullMask;
  write<u32>(w, op.d, mask, [=](u32 i) { return (holds >> i & 1u) != 0 ? yes : 0u; });
}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA

// COMPARISON(name, T, expression of a and b): setp_name and set_name.
#define COMPARISON(name, T, expression)                                         \
  void setp_##name(Warp& w, const Op& op, u32 mask) {                           \
    set_predicate<T>(w, op, mask, [](T a, T b) -> bool { return expression; }); \
  }                                                                             \
  void set_##name(Warp& w, const Op& op, u32 mask) {                            \
    set_lanes<T>(w, op, mask, [](T a, T b) -> bool { return expression; });     \
  }
