#include "lockstep/addressing.h"
#include "lockstep/numbers.h"

// Atomic operations, lane by lane in lane order. Within a block's shared memory, and in launches that one
// host thread runs, a plain read and write is atomic; otherwise a compare-and-exchange loop on the host's
// memory makes it so.
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

/// new value = f(old, b, c)
template <typename U, typename F>
DRILLPRESS_INLINE U read_modify_write(char* where, bool plain, F f) {
  U old;
  if (plain) {
    std::memcpy(&old, where, sizeof old);
    const U updated = f(old);
    std::memcpy(where, &updated, sizeof updated);
    return old;
  }
  U* cell = reinterpret_cast<U*>(where);
  old = __atomic_load_n(cell, __ATOMIC_RELAXED);
  U updated = f(old);
  while (!__atomic_compare_exchange_n(cell, &old, updated, true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
    updated = f(old);
  return old;
}

/// `f(old, b, c, space)`, with the space that the address is in.
template <typename U, typename F>
DRILLPRESS_INLINE void atomic(Warp& w, const Op& op, u32 mask, F f) {
  using L = Lane<U>;
  if (has(op, kPolls)) ++w.polls;
  u64 addresses[kLanes];
  const u32 written = op.space;
  lane_addresses(w, op, written, addresses);
  L b[kLanes], c[kLanes];
  std::memcpy(b, w.source<L>(op.b), sizeof b);
  std::memcpy(c, w.source<L>(op.c), sizeof c);
  auto run = [&](u32 space, u32 lanes) {
    char* at[kLanes];
    const u32 good = lane_pointers(w, op, space, lanes, addresses, sizeof(U), Access::kAtomic, at);
    const bool plain = space != kSpaceGlobal || w.worker->launch->exclusive;
    L* d = w.destination<L>(op.d);
    const bool wanted = has(op, kResultUsed);
    for_each_lane(good, [&](u32 i) {
      const U old = read_modify_write<U>(
          at[i], plain, [&](U value) { return f(value, static_cast<U>(b[i]), static_cast<U>(c[i]), space); });
      if (wanted) d[i] = old;
    });
    if (wanted) for_each_lane(lanes & ~good, [&](u32 i) { d[i] = 0; });
  };
  if (written == kSpaceGeneric) {
    by_space(mask, addresses, run);
  } else {
    run(written, mask);
  }
}

template <typename F>
DRILLPRESS_INLINE u32 both_halves(u32 a, u32 b, F f) {
  return (f(a & 0xffffu, b & 0xffffu) & 0xffffu) | f(a >> 16, b >> 16) << 16;
}
DRILLPRESS_INLINE u32 add_half(u32 a, u32 b) {
  return to_half(f64{half_to_float(a)} + half_to_float(b), 0);
}
DRILLPRESS_INLINE u32 add_bfloat(u32 a, u32 b) {
  return to_bfloat(f64{bfloat_to_float(a)} + bfloat_to_float(b), 0);
}

}  // namespace

// ATOMIC(name, bits, expression of old, b and c)
#define ATOMIC(name, U, expression)                        \
  void atom_##name(Warp& w, const Op& op, u32 mask) {      \
    atomic<U>(w, op, mask, [](U old, U b, U c, u32) -> U { \
      (void)old, (void)b, (void)c;                         \
      return static_cast<U>(expression);                   \
    });                                                    \
  }
#define ATOMICS(bits)                                                                         \
  ATOMIC(add_b##bits, u##bits, old + b)                                                       \
  ATOMIC(and_b##bits, u##bits, old& b)                                                        \
  ATOMIC(or_b##bits, u##bits, old | b)                                                        \
  ATOMIC(xor_b##bits, u##bits, old ^ b)                                                       \
  ATOMIC(exch_b##bits, u##bits, b)                                                            \
  ATOMIC(cas_b##bits, u##bits, old == b ? c : old)                                            \
  ATOMIC(min_u##bits, u##bits, old < b ? old : b)                                             \
  ATOMIC(max_u##bits, u##bits, old > b ? old : b)                                             \
  ATOMIC(min_s##bits, u##bits, static_cast<s##bits>(old) < static_cast<s##bits>(b) ? old : b) \
  ATOMIC(max_s##bits, u##bits, static_cast<s##bits>(old) > static_cast<s##bits>(b) ? old : b)
ATOMICS(32)
ATOMICS(64)
ATOMIC(cas_b16, u16, old == b ? c : old)
ATOMIC(inc_u32, u32, old >= b ? 0 : old + 1)
ATOMIC(dec_u32, u32, old == 0 || old > b ? b : old - 1)
/// atom.add.f32 on global memory flushes subnormals; on shared memory it does not (PTX ISA "atom").
void atom_add_f32(Warp& w, const Op& op, u32 mask) {
  atomic<u32>(w, op, mask, [](u32 old, u32 b, u32, u32 space) -> u32 {
    const f32 x = std::bit_cast<f32>(old), y = std::bit_cast<f32>(b);
    const f32 sum = space != kSpaceShared ? flush(flush(x) + flush(y)) : x + y;
    return std::bit_cast<u32>(canonical(sum));
  });
}
/// One lane after the other: 16 bytes are never changed by two host threads at once, because such launches
/// have exchanges and run on one.
template <bool kCompares>
DRILLPRESS_INLINE void exchange_b128(Warp& w, const Op& op, u32 mask) {
  if (has(op, kPolls)) ++w.polls;
  u64 addresses[kLanes];
  lane_addresses(w, op, op.space, addresses);
  u64 b[2][kLanes], c[2][kLanes];
  for (u32 half = 0; half < 2; ++half) {
    std::memcpy(b[half], w.source<u64>(op.b + half * kUpperHalf), sizeof b[half]);
    if (kCompares) std::memcpy(c[half], w.source<u64>(op.c + half * kUpperHalf), sizeof c[half]);
  }
  u64* low = w.destination<u64>(op.d);
  u64* high = w.destination<u64>(op.d + kUpperHalf);
  const auto run = [&](u32 space, u32 lanes) {
    char* at[kLanes];
    const u32 good = lane_pointers(w, op, space, lanes, addresses, 16, Access::kAtomic, at);
    for_each_lane(lanes, [&](u32 i) {
      u64 old[2] = {0, 0};
      if ((good >> i & 1u) != 0) {
        std::memcpy(old, at[i], sizeof old);
        const u64 wanted[2] = {kCompares ? c[0][i] : b[0][i], kCompares ? c[1][i] : b[1][i]};
        if (!kCompares || (old[0] == b[0][i] && old[1] == b[1][i])) std::memcpy(at[i], wanted, sizeof wanted);
      }
      low[i] = old[0], high[i] = old[1];
    });
  };
  if (op.space == kSpaceGeneric) {
    by_space(mask, addresses, run);
  } else {
    run(op.space, mask);
  }
}
void atom_exch_b128(Warp& w, const Op& op, u32 mask) {
  exchange_b128<false>(w, op, mask);
}
void atom_cas_b128(Warp& w, const Op& op, u32 mask) {
  exchange_b128<true>(w, op, mask);
}

/// A vector of atomic operations, each element on its own; floating-point atomics run on one host thread.
/// Op::target lists the rows of the results, if kResultUsed, then of the values.
template <typename U, typename F>
DRILLPRESS_INLINE void atomic_vector(Warp& w, const Op& op, u32 mask, F f) {
  const std::vector<RowRef>& rows = w.frame->function->row_lists[op.target];
  const bool wanted = has(op, kResultUsed);
  const u32 n = op.elements, first_value = wanted ? n : 0;
  u64 addresses[kLanes];
  lane_addresses(w, op, op.space, addresses);
  const auto run = [&](u32 space, u32 lanes) {
    char* at[kLanes];
    const u32 size = n * static_cast<u32>(sizeof(U));
    const u32 good = lane_pointers(w, op, space, lanes, addresses, size, Access::kAtomic, at);
    U old[8][kLanes] = {};
    for (u32 k = 0; k < n; ++k) {
      const u32* b = w.source<u32>(rows[first_value + k]);
      for_each_lane(good, [&](u32 i) {
        char* where = at[i] + k * sizeof(U);
        std::memcpy(&old[k][i], where, sizeof(U));
        const U updated = static_cast<U>(f(old[k][i], static_cast<U>(b[i])));
        std::memcpy(where, &updated, sizeof updated);
      });
    }
    for (u32 k = 0; wanted && k < n; ++k) {
      u32* d = w.destination<u32>(rows[k]);
      for_each_lane(lanes, [&](u32 i) { d[i] = old[k][i]; });
    }
  };
  if (op.space == kSpaceGeneric) {
    by_space(mask, addresses, run);
  } else {
    run(op.space, mask);
  }
}

namespace {
/// min (kSign 1) and max (kSign -1) of 16-bit numbers: a number wins over NaN, -0 is less than +0.
template <s32 kSign, u32 kInfinity>
DRILLPRESS_INLINE u32 extreme(u32 a, u32 b) {
  const bool a_is_nan = (a & 0x7fffu) > kInfinity, b_is_nan = (b & 0x7fffu) > kInfinity;
  if (a_is_nan) return b_is_nan ? 0x7fffu : b;
  if (b_is_nan) return a;
  const auto order = [](u32 x) {
    return (x & 0x8000u) != 0 ? -static_cast<s32>(x & 0x7fffu) - 1 : static_cast<s32>(x);
  };
  return (order(a) - order(b)) * kSign <= 0 ? a : b;
}
}  // namespace

#define ATOMIC_VECTOR(name, U, expression)                                     \
  void atom_vector_##name(Warp& w, const Op& op, u32 mask) {                   \
    atomic_vector<U>(w, op, mask, [](U a, U b) -> u32 { return expression; }); \
  }
ATOMIC_VECTOR(add_f32, u32,
              std::bit_cast<u32>(canonical(flush(flush(std::bit_cast<f32>(a)) +
                                                 flush(std::bit_cast<f32>(b))))))
ATOMIC_VECTOR(add_f16, u16, add_half(a, b))
ATOMIC_VECTOR(add_bf16, u16, add_bfloat(a, b))
ATOMIC_VECTOR(add_f16x2, u32, both_halves(a, b, add_half))
ATOMIC_VECTOR(add_bf16x2, u32, both_halves(a, b, add_bfloat))
ATOMIC_VECTOR(min_f16, u16, (extreme<1, 0x7c00u>(a, b)))
ATOMIC_VECTOR(max_f16, u16, (extreme<-1, 0x7c00u>(a, b)))
ATOMIC_VECTOR(min_bf16, u16, (extreme<1, 0x7f80u>(a, b)))
ATOMIC_VECTOR(max_bf16, u16, (extreme<-1, 0x7f80u>(a, b)))
ATOMIC_VECTOR(min_f16x2, u32, both_halves(a, b, extreme<1, 0x7c00u>))
ATOMIC_VECTOR(max_f16x2, u32, both_halves(a, b, extreme<-1, 0x7c00u>))
ATOMIC_VECTOR(min_bf16x2, u32, both_halves(a, b, extreme<1, 0x7f80u>))
ATOMIC_VECTOR(max_bf16x2, u32, both_halves(a, b, extreme<-1, 0x7f80u>))

ATOMIC(add_f64, u64, std::bit_cast<u64>(std::bit_cast<f64>(old) + std::bit_cast<f64>(b)))
ATOMIC(add_f16, u16, add_half(old, b))
ATOMIC(add_bf16, u16, add_bfloat(old, b))
ATOMIC(add_f16x2, u32, both_halves(old, b, add_half))
ATOMIC(add_bf16x2, u32, both_halves(old, b, add_bfloat))

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
