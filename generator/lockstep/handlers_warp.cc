#include "lockstep/handlers.h"

// Communication between the lanes of a warp. A `.sync` operation runs for the lanes whose whole mask is here;
// the others wait (Warp::synchronize).
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

/// The lanes that may go, with each lane's mask without those that have exited.
struct Together {
  u32 lanes = 0;
  u32 members[kLanes];
};

DRILLPRESS_INLINE bool gather(Warp& w, const Op& op, u32 mask, RowRef masks, Together& out) {
  std::memcpy(out.members, w.source<u32>(masks), sizeof out.members);
  out.lanes = w.synchronize(op, mask, out.members);
  return out.lanes != 0;
}

/// Shuffles: j is the source lane that the mode gives, `inside` whether it lies in the lane's segment;
/// outside it a lane keeps its own value, with a false predicate. What a lane that does not execute this
/// operation gives is undefined in the manual; here it is zero, so that sums over part of a warp come out as
/// programs rely on it.
template <typename F>
DRILLPRESS_INLINE void shuffle(Warp& w, const Op& op, u32 mask, F source_lane) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  u32 value[kLanes], lane_argument[kLanes], clamp[kLanes];
  std::memcpy(value, w.source<u32>(op.a), sizeof value);
  std::memcpy(lane_argument, w.source<u32>(op.b), sizeof value);
  std::memcpy(clamp, w.source<u32>(op.c), sizeof value);
  u32* d = w.destination<u32>(op.d);
  u32 valid = 0;
  for_each_lane(together.lanes, [&](u32 i) {
    const u32 segment = clamp[i] >> 8 & 31u, c = clamp[i] & 31u;
    const s32 last = static_cast<s32>((i & segment) | (c & ~segment));
    const s32 first = static_cast<s32>(i & segment);
    bool inside = false;
    const s32 j = source_lane(static_cast<s32>(i), static_cast<s32>(lane_argument[i] & 31u), segment, first,
                              last, inside);
    d[i] = !inside ? value[i] : together.lanes >> j & 1u ? value[j] : 0u;
    valid |= static_cast<u32>(inside) << i;
  });
  if (has(op, kHasSecond)) w.set_predicate(op.p, together.lanes, valid);
}

template <typename F>
DRILLPRESS_INLINE void vote(Warp& w, const Op& op, u32 mask, F holds) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  const u32 predicate = w.source_predicate(op);
  u32 result = 0;
  for_each_lane(together.lanes, [&](u32 i) {
    result |= static_cast<u32>(holds(predicate & together.members[i], together.members[i])) << i;
  });
  w.set_predicate(op.p, together.lanes, result);
}

template <typename T>
DRILLPRESS_INLINE void match(Warp& w, const Op& op, u32 mask, bool all) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  T value[kLanes];
  std::memcpy(value, w.source<T>(op.a), sizeof value);
  u32* d = w.destination<u32>(op.d);
  u32 every = 0;
  for_each_lane(together.lanes, [&](u32 i) {
    u32 same = 0;
    for_each_lane(together.members[i], [&](u32 j) { same |= static_cast<u32>(value[j] == value[i]) << j; });
    const bool agreed = same == together.members[i];
    d[i] = all ? (agreed ? same : 0u) : same;
    every |= static_cast<u32>(agreed) << i;
  });
  if (has(op, kHasSecond)) w.set_predicate(op.p, together.lanes, every);
}

template <typename T, typename F>
DRILLPRESS_INLINE void reduce(Warp& w, const Op& op, u32 mask, F f) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  u32 value[kLanes];
  std::memcpy(value, w.source<u32>(op.a), sizeof value);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(together.lanes, [&](u32 i) {
    u32 members = together.members[i];
    T result = static_cast<T>(value[__builtin_ctz(members)]);
    members &= members - 1;
    for_each_lane(members, [&](u32 j) { result = f(result, static_cast<T>(value[j])); });
    d[i] = static_cast<u32>(result);
  });
}

}  // namespace

// PTX ISA "shfl.sync": the pseudo-code for j and its bound in each mode.
void shuffle_up(Warp& w, const Op& op, u32 mask) {
  shuffle(w, op, mask, [](s32 lane, s32 b, u32, s32, s32 last, bool& inside) {
    const s32 j = lane - b;
    inside = j >= last;
    return j;
  });
}
void shuffle_down(Warp& w, const Op& op, u32 mask) {
  shuffle(w, op, mask, [](s32 lane, s32 b, u32, s32, s32 last, bool& inside) {
    const s32 j = lane + b;
    inside = j <= last;
    return j;
  });
}
void shuffle_bfly(Warp& w, const Op& op, u32 mask) {
  shuffle(w, op, mask, [](s32 lane, s32 b, u32, s32, s32 last, bool& inside) {
    const s32 j = lane ^ b;
    inside = j <= last;
    return j;
  });
}
void shuffle_idx(Warp& w, const Op& op, u32 mask) {
  shuffle(w, op, mask, [](s32, s32 b, u32 segment, s32 first, s32 last, bool& inside) {
    const s32 j = first | (b & static_cast<s32>(~segment & 31u));
    inside = j <= last;
    return j;
  });
}

void vote_all(Warp& w, const Op& op, u32 mask) {
  vote(w, op, mask, [](u32 yes, u32 members) { return yes == members; });
}
void vote_any(Warp& w, const Op& op, u32 mask) {
  vote(w, op, mask, [](u32 yes, u32) { return yes != 0; });
}
void vote_uni(Warp& w, const Op& op, u32 mask) {
  vote(w, op, mask, [](u32 yes, u32 members) { return yes == 0 || yes == members; });
}
void vote_ballot(Warp& w, const Op& op, u32 mask) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  const u32 predicate = w.source_predicate(op);
  u32* d = w.destination<u32>(op.d);
  for_each_lane(together.lanes, [&](u32 i) { d[i] = predicate & together.members[i]; });
}

void match_any_b32(Warp& w, const Op& op, u32 mask) {
  match<u32>(w, op, mask, false);
}
void match_any_b64(Warp& w, const Op& op, u32 mask) {
  match<u64>(w, op, mask, false);
}
void match_all_b32(Warp& w, const Op& op, u32 mask) {
  match<u32>(w, op, mask, true);
}
void match_all_b64(Warp& w, const Op& op, u32 mask) {
  match<u64>(w, op, mask, true);
}

void redux_add_b32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a + b; });
}
void redux_and_b32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a & b; });
}
void redux_or_b32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a | b; });
}
void redux_xor_b32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a ^ b; });
}
void redux_min_s32(Warp& w, const Op& op, u32 mask) {
  reduce<s32>(w, op, mask, [](s32 a, s32 b) { return a < b ? a : b; });
}
void redux_max_s32(Warp& w, const Op& op, u32 mask) {
  reduce<s32>(w, op, mask, [](s32 a, s32 b) { return a > b ? a : b; });
}
void redux_min_u32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a < b ? a : b; });
}
void redux_max_u32(Warp& w, const Op& op, u32 mask) {
  reduce<u32>(w, op, mask, [](u32 a, u32 b) { return a > b ? a : b; });
}

void warp_barrier(Warp& w, const Op& op, u32 mask) {
  Together together;
  gather(w, op, mask, op.e, together);
}

/// One lane of the mask, the lowest: d gets its number, the predicate is true there.
void elect(Warp& w, const Op& op, u32 mask) {
  Together together;
  if (!gather(w, op, mask, op.e, together)) return;
  u32* d = w.destination<u32>(op.d);
  u32 chosen = 0;
  for_each_lane(together.lanes, [&](u32 i) {
    const u32 leader = static_cast<u32>(__builtin_ctz(together.members[i]));
    d[i] = leader;
    chosen |= static_cast<u32>(leader == i) << i;
  });
  if (has(op, kHasSecond)) w.set_predicate(op.p, together.lanes, chosen);
}

void active_mask(Warp& w, const Op& op, u32 mask) {
  write<u32>(w, op.d, mask, [mask](u32) { return mask; });
}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
