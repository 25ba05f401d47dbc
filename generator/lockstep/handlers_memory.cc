#include "lockstep/addressing.h"

// Loads and stores of every space. Each form has a path for 32 neighbouring elements and one for any
// addresses.
namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {
namespace {

RowRef vector_row(const Warp& w, const Op& op, u32 element) {
  if (op.elements > 4) return w.frame->function->row_lists[op.target][element];
  switch (element) {
    case 0:
      return op.d;
    case 1:
      return op.b;
    case 2:
      return op.c;
    default:
      return op.e;
  }
}

/// What a loaded element becomes in a lane: zero- or sign-extended.
template <typename L, typename T>
DRILLPRESS_INLINE L extend(T value, bool is_signed) {
  if (is_signed)
    return static_cast<L>(static_cast<std::make_signed_t<L>>(static_cast<std::make_signed_t<T>>(value)));
  return static_cast<L>(value);
}

template <typename L, typename T>
DRILLPRESS_INLINE void spread_neighbours(Warp& w, const Op& op, const char* from) {
  const u32 n = op.elements;
  const bool is_signed = has(op, kSourceSigned);
  for (u32 k = 0; k < n; ++k) {
    L* d = w.destination<L>(vector_row(w, op, k));
    if (n == 1 && sizeof(L) == sizeof(T)) {
      std::memcpy(d, from, sizeof(T) * kLanes);
      continue;
    }
    for (u32 i = 0; i < kLanes; ++i) {
      T value;
      std::memcpy(&value, from + (i * n + k) * sizeof(T), sizeof(T));
      d[i] = extend<L, T>(value, is_signed);
    }
  }
}

template <typename L, typename T>
DRILLPRESS_INLINE void spread_same(Warp& w, const Op& op, const char* from) {
  const bool is_signed = has(op, kSourceSigned);
  for (u32 k = 0; k < op.elements; ++k) {
    T value;
    std::memcpy(&value, from + k * sizeof(T), sizeof(T));
    std::fill_n(w.destination<L>(vector_row(w, op, k)), kLanes, extend<L, T>(value, is_signed));
  }
}

template <typename L, typename T>
void load_lanes(Warp& w, const Op& op, u32 space, u32 mask, const u64* addresses) {
  const u32 n = op.elements;
  if constexpr (sizeof(L) == sizeof(T)) {
    u64 to_host = 0;
    const bool plain_space = space == kSpaceGlobal || space == kSpaceShared;
    if (mask == kFullMask && n == 1 && plain_space && !w.worker->observed &&
        whole_warp(w, op, space, addresses, sizeof(T), to_host)) {
      L* d = w.destination<L>(op.d);
      for (u32 i = 0; i < kLanes; ++i)
        std::memcpy(&d[i], reinterpret_cast<const char*>(addresses[i] + to_host), sizeof(T));
      return;
    }
  }
  char* from[kLanes];
  const u32 good =
      lane_pointers(w, op, space, mask, addresses, n * static_cast<u32>(sizeof(T)), Access::kLoad, from);
  const bool is_signed = has(op, kSourceSigned);
  for (u32 k = 0; k < n; ++k) {
    L* d = w.destination<L>(vector_row(w, op, k));
    for_each_lane(good, [&](u32 i) {
      T value;
      std::memcpy(&value, from[i] + k * sizeof(T), sizeof(T));
      d[i] = extend<L, T>(value, is_signed);
    });
    // A refused load gives zero.
    for_each_lane(mask & ~good, [&](u32 i) { d[i] = 0; });
  }
}

/// Parameters and constants: mostly all lanes read the same one.
template <u32 kSpace, typename L, typename T>
DRILLPRESS_INLINE bool load_same(Warp& w, const Op& op, u32 mask, const u64* addresses) {
  if (!all_same(addresses)) return false;
  const u32 lead = static_cast<u32>(__builtin_ctz(mask));
  const char* from = lane_pointer(w, op, kSpace, lead, addresses[0], sizeof(T), Access::kLoad);
  T value{};
  if (from != nullptr) {
    std::memcpy(&value, from, sizeof(T));
  } else {
    for_each_lane(mask & (mask - 1), [&](u32 i) {  // every lane is told
      lane_pointer(w, op, kSpace, i, addresses[i], sizeof(T), Access::kLoad);
    });
  }
  const L extended = extend<L, T>(value, has(op, kSourceSigned));
  write<std::make_unsigned_t<L>>(w, op.d, mask, [extended](u32) { return extended; });
  return true;
}

template <u32 kSpace, typename L, typename T>
DRILLPRESS_INLINE void load_into(Warp& w, const Op& op, u32 mask) {
  const u32 size = op.elements * static_cast<u32>(sizeof(T));
  if constexpr (kSpace == kSpaceGlobal || kSpace == kSpaceGeneric) {
    if (const char* from = contiguous_global(w, op, mask, size)) return spread_neighbours<L, T>(w, op, from);
    if (const char* from = same_global(w, op, mask, size)) return spread_same<L, T>(w, op, from);
  }
  if constexpr (kSpace == kSpaceShared) {
    if (const char* from = contiguous_shared(w, op, mask, size)) return spread_neighbours<L, T>(w, op, from);
    if (const char* from = same_shared(w, op, mask, size)) return spread_same<L, T>(w, op, from);
  }
  u64 addresses[kLanes];
  lane_addresses(w, op, kSpace, addresses);
  if constexpr (kSpace == kSpaceParam || kSpace == kSpaceConst) {
    if (op.elements == 1 && load_same<kSpace, L, T>(w, op, mask, addresses)) return;
  }
  if constexpr (kSpace == kSpaceGeneric) {
    by_space(mask, addresses,
             [&](u32 space, u32 lanes) { load_lanes<L, T>(w, op, space, lanes, addresses); });
  } else {
    load_lanes<L, T>(w, op, kSpace, mask, addresses);
  }
}

template <u32 kSpace, typename T>
DRILLPRESS_INLINE void load(Warp& w, const Op& op, u32 mask) {
  if (has(op, kPolls)) ++w.polls;
  if (sizeof(T) == 8 || has(op, kWideRow)) {
    load_into<kSpace, u64, T>(w, op, mask);
  } else if constexpr (sizeof(T) < 8) {
    load_into<kSpace, u32, T>(w, op, mask);
  }
}

template <typename L, typename T>
DRILLPRESS_INLINE void gather_neighbours(Warp& w, const Op& op, char* to) {
  const u32 n = op.elements;
  for (u32 k = 0; k < n; ++k) {
    const L* s = w.source<L>(vector_row(w, op, k));
    if (n == 1 && sizeof(L) == sizeof(T)) {
      std::memcpy(to, s, sizeof(T) * kLanes);
      continue;
    }
    for (u32 i = 0; i < kLanes; ++i) {
      const T value = static_cast<T>(s[i]);
      std::memcpy(to + (i * n + k) * sizeof(T), &value, sizeof(T));
    }
  }
}

template <typename L, typename T>
void store_lanes(Warp& w, const Op& op, u32 space, u32 mask, const u64* addresses) {
  const u32 n = op.elements, size = n * static_cast<u32>(sizeof(T));
  if constexpr (sizeof(L) == sizeof(T)) {
    u64 to_host = 0;
    const bool plain_space = space == kSpaceShared || space == kSpaceGlobal;
    if (mask == kFullMask && n == 1 && plain_space && !w.worker->observed &&
        whole_warp(w, op, space, addresses, size, to_host)) {
      const L* s = w.source<L>(op.d);
      for (u32 i = 0; i < kLanes; ++i)
        std::memcpy(reinterpret_cast<char*>(addresses[i] + to_host), &s[i], sizeof(T));
      return;
    }
  }
  char values[kLanes * 32];
  const bool observed = w.worker->observed;
  for (u32 k = 0; observed && k < n; ++k) {
    const L* s = w.source<L>(vector_row(w, op, k));
    for_each_lane(mask, [&](u32 i) {
      const T value = static_cast<T>(s[i]);
      std::memcpy(values + i * size + k * sizeof(T), &value, sizeof(T));
    });
  }
  char* to[kLanes];
  const u32 good =
      lane_pointers(w, op, space, mask, addresses, size, Access::kStore, to, observed ? values : nullptr);
  for (u32 k = 0; k < n; ++k) {
    const L* s = w.source<L>(vector_row(w, op, k));
    for_each_lane(good, [&](u32 i) {
      const T value = static_cast<T>(s[i]);
      std::memcpy(to[i] + k * sizeof(T), &value, sizeof(T));
    });
  }
}

template <u32 kSpace, typename L, typename T>
DRILLPRESS_INLINE void store_from(Warp& w, const Op& op, u32 mask) {
  const u32 size = op.elements * static_cast<u32>(sizeof(T));
  if constexpr (kSpace == kSpaceGlobal || kSpace == kSpaceGeneric) {
    // The cached region of a store is never read-only: global_pointer does not cache those for stores.
    if (char* to = contiguous_global(w, op, mask, size)) return gather_neighbours<L, T>(w, op, to);
  }
  if constexpr (kSpace == kSpaceShared) {
    if (char* to = contiguous_shared(w, op, mask, size)) return gather_neighbours<L, T>(w, op, to);
  }
  u64 addresses[kLanes];
  lane_addresses(w, op, kSpace, addresses);
  if constexpr (kSpace == kSpaceGeneric) {
    by_space(mask, addresses,
             [&](u32 space, u32 lanes) { store_lanes<L, T>(w, op, space, lanes, addresses); });
  } else {
    store_lanes<L, T>(w, op, kSpace, mask, addresses);
  }
}

template <u32 kSpace, typename T>
DRILLPRESS_INLINE void store(Warp& w, const Op& op, u32 mask) {
  if (sizeof(T) == 8 || has(op, kWideRow)) {
    store_from<kSpace, u64, T>(w, op, mask);
  } else if constexpr (sizeof(T) < 8) {
    store_from<kSpace, u32, T>(w, op, mask);
  }
}

}  // namespace

// MEMORY(space in names, space): the loads and stores of one space, by element width.
#define MEMORY(name, space)                               \
  void ld_##name##_b8(Warp& w, const Op& op, u32 mask) {  \
    load<space, u8>(w, op, mask);                         \
  }                                                       \
  void ld_##name##_b16(Warp& w, const Op& op, u32 mask) { \
    load<space, u16>(w, op, mask);                        \
  }                                                       \
  void ld_##name##_b32(Warp& w, const Op& op, u32 mask) { \
    load<space, u32>(w, op, mask);                        \
  }                                                       \
  void ld_##name##_b64(Warp& w, const Op& op, u32 mask) { \
    load<space, u64>(w, op, mask);                        \
  }                                                       \
  void st_##name##_b8(Warp& w, const Op& op, u32 mask) {  \
    store<space, u8>(w, op, mask);                        \
  }                                                       \
  void st_##name##_b16(Warp& w, const Op& op, u32 mask) { \
    store<space, u16>(w, op, mask);                       \
  }                                                       \
  void st_##name##_b32(Warp& w, const Op& op, u32 mask) { \
    store<space, u32>(w, op, mask);                       \
  }                                                       \
  void st_##name##_b64(Warp& w, const Op& op, u32 mask) { \
    store<space, u64>(w, op, mask);                       \
  }
MEMORY(global, kSpaceGlobal)
MEMORY(shared, kSpaceShared)
MEMORY(local, kSpaceLocal)
MEMORY(generic, kSpaceGeneric)
#define CONSTANT_MEMORY(name, space)                      \
  void ld_##name##_b8(Warp& w, const Op& op, u32 mask) {  \
    load<space, u8>(w, op, mask);                         \
  }                                                       \
  void ld_##name##_b16(Warp& w, const Op& op, u32 mask) { \
    load<space, u16>(w, op, mask);                        \
  }                                                       \
  void ld_##name##_b32(Warp& w, const Op& op, u32 mask) { \
    load<space, u32>(w, op, mask);                        \
  }                                                       \
  void ld_##name##_b64(Warp& w, const Op& op, u32 mask) { \
    load<space, u64>(w, op, mask);                        \
  }
CONSTANT_MEMORY(const, kSpaceConst)
CONSTANT_MEMORY(param, kSpaceParam)

/// mov of the address of a variable in the function's local frame.
void mov_local_address(Warp& w, const Op& op, u32 mask) {
  const u64 address = static_cast<u64>(op.immediate) + w.frame->local_offset;
  if (has(op, kWideRow)) {
    write<u64>(w, op.d, mask, [=](u32) { return address; });
  } else {
    write<u32>(w, op.d, mask, [=](u32) { return static_cast<u32>(address); });
  }
}

/// prefetch, discard of cache lines, createpolicy's users: hints without effect on results.
void no_effect(Warp&, const Op&, u32) {}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
