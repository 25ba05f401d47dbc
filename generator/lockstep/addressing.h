// From the addresses of 32 lanes to host pointers: bounds, alignment and the counting of sectors and
// wavefronts.
#pragma once

#include <algorithm>

#include "lockstep/handlers.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {

constexpr u32 kSpaceGlobal = static_cast<u32>(ptx::Space::kGlobal);
constexpr u32 kSpaceShared = static_cast<u32>(ptx::Space::kShared);
constexpr u32 kSpaceLocal = static_cast<u32>(ptx::Space::kLocal);
constexpr u32 kSpaceParam = static_cast<u32>(ptx::Space::kParam);
constexpr u32 kSpaceConst = static_cast<u32>(ptx::Space::kConst);
constexpr u32 kSpaceGeneric = static_cast<u32>(ptx::Space::kGeneric);

/// Addresses of all lanes (also inactive ones) for an operation's address operand.
DRILLPRESS_INLINE void lane_addresses(Warp& w, const Op& op, u32 space, u64* out) {
  u64 offset = static_cast<u64>(op.immediate);
  if (has(op, kFrameRelative)) offset += w.frame->local_offset;
  if (has(op, kWideAddress)) {
    const u64* base = w.source<u64>(op.a);
    DRILLPRESS_LANES {
      out[i] = base[i] + offset;
    }
  } else {
    const u32* base = w.source<u32>(op.a);
    DRILLPRESS_LANES {
      out[i] = base[i] + offset;
    }
  }
  // Addresses within a block's shared memory have 32 bits.
  if (space == kSpaceShared) {
    DRILLPRESS_LANES {
      out[i] = static_cast<u32>(out[i]);
    }
  }
}

/// One lane's pointer, or nullptr when the access is not allowed (and recorded).
DRILLPRESS_INLINE char* lane_pointer(Warp& w, const Op& op, u32 space, u32 lane, u64 address, u32 size,
                                     Access access) {
  const bool aligned = (address & (size - 1)) == 0;
  switch (space) {
    case kSpaceShared: {
      const u64 limit = w.block->shared.size();
      if (aligned && address + size <= limit && address < limit) return w.block->shared.data() + address;
      return w.worker->outside(w, op, lane, address, size, access, static_cast<u8>(space), limit);
    }
    case kSpaceLocal: {
      const u64 limit = w.worker->launch->stack_bytes;
      if (aligned && address + size <= limit && address < limit) return w.local + lane * limit + address;
      return w.worker->outside(w, op, lane, address, size, access, static_cast<u8>(space), limit);
    }
    case kSpaceParam: {
      const u64 limit = w.worker->launch->parameters.size();
      if (aligned && address + size <= limit && address < limit && access == Access::kLoad) {
        return w.worker->launch->parameters.data() + address;
      }
      return w.worker->outside(w, op, lane, address, size, access, static_cast<u8>(space), limit);
    }
    default: {
      const CachedRegion& region = w.worker->regions[op.index & 63u];
      const u64 distance = address - region.begin;
      if (aligned && distance < region.bytes && region.bytes - distance >= size) {
        return reinterpret_cast<char*>(address + static_cast<u64>(region.to_host));
      }
      return w.worker->global_pointer(w, op, lane, address, size, access);
    }
  }
}

/// What a full warp's addresses look like, found without a branch per lane.
struct Spread {
  u64 least, greatest;  ///< lowest and highest address
  bool aligned;         ///< all of them to the access
  bool affine;          ///< address of lane i = first + i × step
  u64 step;
};
DRILLPRESS_INLINE Spread spread_of(const u64* addresses, u32 size) {
  const u64 first = addresses[0], last = addresses[kLanes - 1], step = addresses[1] - first;
  u64 low_bits = first, difference = 0;
  for (u32 i = 1; i < kLanes; ++i) {
    low_bits |= addresses[i];
    difference |= (addresses[i] - addresses[i - 1]) ^ step;
  }
  const bool aligned = (low_bits & (size - 1)) == 0;
  // Addresses have at most 63 bits here, and signed comparisons are the ones that hosts have vector
  // instructions for.
  s64 least = static_cast<s64>(first), greatest = least;
  const s64 end = static_cast<s64>(last);
  // Steps that are small and lead where they point do not wrap around: the ends are the extremes.
  constexpr u64 kSmall = u64{1} << 32;
  if (difference == 0 && step + kSmall < 2 * kSmall && (static_cast<s64>(step) >= 0) == (end >= least)) {
    return {static_cast<u64>(std::min(least, end)), static_cast<u64>(std::max(least, end)), aligned, true,
            step};
  }
  for (u32 i = 0; i < kLanes; ++i) {
    const s64 address = static_cast<s64>(addresses[i]);
    least = address < least ? address : least;
    greatest = address > greatest ? address : greatest;
  }
  return {static_cast<u64>(least), static_cast<u64>(greatest), aligned, difference == 0, step};
}

/// Host offset to add to every address of a full warp, if all accesses are good; counts the request then.
DRILLPRESS_INLINE bool whole_warp(Warp& w, const Op& op, u32 space, const u64* addresses, u32 size,
                                  u64& to_host) {
  const Spread spread = spread_of(addresses, size);
  if (!spread.aligned || static_cast<s64>(spread.least) < 0) return false;
  OpCounts& counts = w.counts[op.index];
  if (space == kSpaceShared) {
    if (spread.greatest + size > w.block->shared.size()) return false;
    to_host = reinterpret_cast<u64>(w.block->shared.data());
    ++counts.shared_requests;
    if (size <= 4 && spread.least >> 7 == spread.greatest >> 7) {
      counts.shared_wavefronts += 1;  // 32 words side by side: no two in one bank
    } else if (size == 4 && spread.affine) {
      // Lanes whose distance in words is a multiple of 32 share a bank: gcd(step, 32) of them.
      const u32 words = static_cast<u32>(spread.step >> 2) & 31u;
      counts.shared_wavefronts += words == 0 ? 32u : words & (0u - words);
    } else {
      counts.shared_wavefronts += count_wavefronts(addresses, kFullMask, size);
    }
    return true;
  }
  const CachedRegion& region = w.worker->regions[op.index & 63u];
  if (spread.least < region.begin || spread.greatest - region.begin >= region.bytes ||
      region.bytes - (spread.greatest - region.begin) < size) {
    return false;
  }
  to_host = static_cast<u64>(region.to_host);
  ++counts.global_requests;
  counts.detail += kLanes;
  const u64 first_sector = spread.least >> 5;
  if ((spread.greatest >> 5) - first_sector < 64) {
    u64 sectors = 0;
    for (u32 i = 0; i < kLanes; ++i) sectors |= u64{1} << ((addresses[i] >> 5) - first_sector);
    counts.global_sectors += static_cast<u32>(__builtin_popcountll(sectors));
  } else {
    counts.global_sectors += count_sectors(addresses, kFullMask, size);
  }
  return true;
}

/// Pointers of the lanes of the mask; gives the lanes that have one. Counts the request, and tells observers
/// of it: `values` are the bytes of a store, `size` per lane, if they are known (racecheck then lets writes
/// of one value pass).
inline u32 lane_pointers(Warp& w, const Op& op, u32 space, u32 mask, const u64* addresses, u32 size,
                         Access access, char** out, const char* values = nullptr) {
  OpCounts& counts = w.counts[op.index];
  u32 good = 0;
  u64 to_host = 0;
  const bool plain_space = space == kSpaceGlobal || space == kSpaceShared;
  if (mask == kFullMask && plain_space && whole_warp(w, op, space, addresses, size, to_host)) {
    good = kFullMask;
    DRILLPRESS_LANES {
      out[i] = reinterpret_cast<char*>(addresses[i] + to_host);
    }
  } else {
    for_each_lane(mask, [&](u32 i) {
      out[i] = lane_pointer(w, op, space, i, addresses[i], size, access);
      good |= static_cast<u32>(out[i] != nullptr) << i;
    });
    if (space == kSpaceShared) {
      ++counts.shared_requests;
      counts.shared_wavefronts += count_wavefronts(addresses, mask, size);
    } else if (space == kSpaceGlobal) {
      ++counts.global_requests;
      counts.detail += static_cast<u32>(__builtin_popcount(mask));
      counts.global_sectors += count_sectors(addresses, mask, size);
    } else if (space == kSpaceLocal && !has(op, kParameter)) {
      ++counts.local_requests;
    }
  }
  if (access == Access::kAtomic) counts.local_requests += count_passes(addresses, mask);
  if (w.worker->observed) w.worker->observe(w, op, space, good, addresses, out, size, access, values);
  return good;
}

DRILLPRESS_INLINE u32 space_of(u64 generic_address) {
  switch (generic_address >> kSpaceShift) {
    case kSharedWindow >> kSpaceShift:
      return kSpaceShared;
    case kLocalWindow >> kSpaceShift:
      return kSpaceLocal;
    case kParameterWindow >> kSpaceShift:
      return kSpaceParam;
    default:
      return kSpaceGlobal;
  }
}

/// Calls f(space, lanes, addresses within the space) once for each space that the lanes' generic addresses
/// name.
template <typename F>
DRILLPRESS_INLINE void by_space(u32 mask, u64* addresses, F f) {
  u64 any = 0;
  for_each_lane(mask, [&](u32 i) { any |= addresses[i]; });
  if (any >> kSpaceShift == 0) return f(kSpaceGlobal, mask);
  for (const u32 space : {kSpaceGlobal, kSpaceShared, kSpaceLocal, kSpaceParam}) {
    u32 lanes = 0;
    for_each_lane(mask, [&](u32 i) { lanes |= static_cast<u32>(space_of(addresses[i]) == space) << i; });
    if (lanes == 0) continue;
    if (space != kSpaceGlobal) {
      for_each_lane(lanes, [&](u32 i) { addresses[i] &= (u64{1} << kSpaceShift) - 1; });
    }
    mask &= ~lanes;
    f(space, lanes);
  }
}

template <typename T>
DRILLPRESS_INLINE bool all_same(const T* values) {
  T difference = 0;
  for (u32 i = 0; i < kLanes; ++i) difference |= values[i] ^ values[0];
  return difference == 0;
}

/// All 32 lanes access `size` bytes each, one after the other from the first lane's address, all in one
/// allocation: that address on the host, else nullptr. Counts the request if it is so.
DRILLPRESS_INLINE char* contiguous_global(Warp& w, const Op& op, u32 mask, u32 size) {
  if (mask != kFullMask || !has(op, kWideAddress) || w.worker->observed) return nullptr;
  const u64* base = w.source<u64>(op.a);
  const u64 start = base[0];
  if (base[1] - start != size) return nullptr;  // mostly decides it
  u64 difference = 0;
  for (u32 i = 0; i < kLanes; ++i) difference |= (base[i] - start) ^ (u64{i} * size);
  if (difference != 0) return nullptr;
  const u64 first = start + static_cast<u64>(op.immediate);
  const CachedRegion& region = w.worker->regions[op.index & 63u];
  const u64 distance = first - region.begin, bytes = u64{kLanes} * size;
  if ((first & (size - 1)) != 0 || distance >= region.bytes || region.bytes - distance < bytes)
    return nullptr;
  OpCounts& counts = w.counts[op.index];
  ++counts.global_requests;
  counts.detail += kLanes;
  counts.global_sectors += ((first + bytes - 1) >> 5) - (first >> 5) + 1;
  return reinterpret_cast<char*>(first + static_cast<u64>(region.to_host));
}

/// Same for shared memory and elements of at most 4 bytes, which is one pass over the banks.
DRILLPRESS_INLINE char* contiguous_shared(Warp& w, const Op& op, u32 mask, u32 size) {
  if (mask != kFullMask || has(op, kWideAddress) || size > 4 || w.worker->observed) return nullptr;
  const u32* base = w.source<u32>(op.a);
  const u32 start = base[0];
  if (base[1] - start != size) return nullptr;
  u32 difference = 0;
  for (u32 i = 0; i < kLanes; ++i) difference |= (base[i] - start) ^ (i * size);
  if (difference != 0) return nullptr;
  const u64 first = static_cast<u32>(start + static_cast<u32>(op.immediate));
  const u64 limit = w.block->shared.size();
  if ((first & (size - 1)) != 0 || first + u64{kLanes} * size > limit) return nullptr;
  OpCounts& counts = w.counts[op.index];
  ++counts.shared_requests;
  counts.shared_wavefronts += 1;
  return w.block->shared.data() + first;
}

/// All 32 lanes load the same `size` bytes: their address on the host, else nullptr. Counts the request if it
/// is so: one sector, for it is aligned to its size, which is at most 32.
DRILLPRESS_INLINE char* same_global(Warp& w, const Op& op, u32 mask, u32 size) {
  if (mask != kFullMask || !has(op, kWideAddress) || w.worker->observed) return nullptr;
  const u64* base = w.source<u64>(op.a);
  if (base[1] != base[0] || !all_same(base)) return nullptr;
  const u64 address = base[0] + static_cast<u64>(op.immediate);
  const CachedRegion& region = w.worker->regions[op.index & 63u];
  const u64 distance = address - region.begin;
  if ((address & (size - 1)) != 0 || distance >= region.bytes || region.bytes - distance < size)
    return nullptr;
  OpCounts& counts = w.counts[op.index];
  ++counts.global_requests;
  counts.detail += kLanes;
  counts.global_sectors += 1;
  return reinterpret_cast<char*>(address + static_cast<u64>(region.to_host));
}

/// Same for shared memory: a broadcast, in as many passes as the bytes have words.
DRILLPRESS_INLINE char* same_shared(Warp& w, const Op& op, u32 mask, u32 size) {
  if (mask != kFullMask || has(op, kWideAddress) || w.worker->observed) return nullptr;
  const u32* base = w.source<u32>(op.a);
  if (base[1] != base[0] || !all_same(base)) return nullptr;
  const u64 address = static_cast<u32>(base[0] + static_cast<u32>(op.immediate));
  if ((address & (size - 1)) != 0 || address + size > w.block->shared.size()) return nullptr;
  OpCounts& counts = w.counts[op.index];
  ++counts.shared_requests;
  counts.shared_wavefronts += size <= 4 ? 1u : size / 4;
  return w.block->shared.data() + address;
}

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
