// Racecheck: finds accesses to shared and global memory that nothing orders. Every four bytes of memory keep
// their last write and two reads; an access collides with one of them when no barrier, warp synchronisation
// or release-acquire pair lies between the two (happens-before, as in FastTrack by Flanagan and Freund, PLDI
// 2009, with what a block, a warp or a lane knows kept as times of one clock). Runs on one host thread.
//
// It errs on the side of silence: any `.sync` operation orders the lanes of its mask; an acquire (a volatile
// or acquire load, an atomic whose result is used) takes in every release made before it, at whatever
// address; a release (an atomic or strong store after a fence) covers what its whole block did before that
// fence, and without a fence still what its block has read: a value that was used has arrived, and
// single-pass algorithms overwrite their input on that ground. Two writes of the same value do not collide.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "lockstep/warp.h"

namespace drillpress::lockstep {

struct Launch;
enum class Access : std::uint8_t;

/// One remembered access; time 0: none.
struct RaceAccess {
  std::uint32_t time = 0;
  std::uint32_t block = 0;
  std::uint32_t op = 0;  ///< Op::index
  std::uint16_t thread = 0;
  std::uint8_t bytes = 0;  ///< which of the four
  std::uint8_t kind = 0;   ///< Access, with kStrongAccess added
};
static_assert(sizeof(RaceAccess) == 16);

struct RaceCell {
  RaceAccess write, read, other_read;
};

/// What the threads of one block know of each other. A thread knows the accesses that another one made before
/// a time.
struct BlockOrder {
  struct OfWarp {
    std::uint32_t together = 0;        ///< all its lanes met
    std::uint32_t fence = 0;           ///< last memory fence
    std::uint32_t acquire = 0;         ///< last acquire
    std::vector<std::uint32_t> lanes;  ///< [lane][of lane], once lanes met in parts; else empty
  };
  struct OfBarrier {
    std::vector<std::uint32_t> joined;  ///< by warp: what those who arrived know of it
    std::uint32_t fence = 0;            ///< the last one of those who arrived
  };
  std::uint32_t together = 0;  ///< all its threads met
  std::uint32_t acquire = 0;   ///< last acquire of any warp
  std::vector<OfWarp> warps;
  std::vector<std::uint32_t> known;  ///< [warp][of warp], once warps met in parts; else empty
  OfBarrier barriers[kBarriers];
  std::vector<RaceCell> shared;
  std::uint32_t epoch = 0;  ///< of the clock that the cells' times are of
  std::vector<std::uint32_t> copying;  ///< by four bytes of shared memory: cp.async that nobody waited for
};

class RaceChecker {
 public:
  void begin_launch(const Launch& launch);
  void begin_block(Block& block);

  /// Lanes with their addresses within the space, where the host finds them, and for stores the bytes to be
  /// written (`size_bytes` per lane, indexed by lane; nullptr: unknown). To be called before the access.
  void access(Warp& warp, const Op& op, bool is_shared, std::uint32_t lanes, const std::uint64_t* addresses,
              char* const* pointers, std::uint32_t size_bytes, Access access, const char* values);

  void warp_sync(Warp& warp, std::uint32_t lanes, const std::uint32_t* members);
  void fence(Warp& warp);
  void arrive(Warp& warp, std::uint32_t barrier);
  /// The barrier is complete. `whole`: all threads of the block waited there.
  void release(Block& block, std::uint32_t barrier, bool whole,
               const std::vector<std::uint32_t>& waiting_warps);

 private:
  static constexpr std::uint64_t kPageCells = 4096, kRecentPages = 64;
  struct Release {
    std::uint32_t fence;  ///< covers the writes made before this; 0: none
    std::uint32_t reads;  ///< covers the reads made before this
    std::uint32_t time;
    std::uint16_t warp;
  };

  RaceCell& global_cell(std::uint64_t address);
  std::uint32_t kept_readers(BlockOrder& block, bool is_shared, std::uint32_t lanes,
                             const std::uint64_t* addresses, std::uint32_t size_bytes, std::uint32_t settled);
  bool ordered(const RaceAccess& earlier, const Warp& warp, std::uint32_t lane) const;
  bool released(const RaceAccess& earlier, bool same_block, std::uint32_t acquire) const;
  void synchronise_with_others(Warp& warp, std::uint8_t order);
  void report(Warp& warp, const Op& op, std::uint32_t lane, bool is_shared, std::uint64_t address,
              std::uint32_t size_bytes, const RaceAccess& earlier, Access access);

  const Launch* launch_ = nullptr;
  std::uint32_t epoch_ = 0;  ///< how often the clock has started again
  std::uint32_t now_ = 1;
  std::uint32_t launch_start_ = 1;
  std::uint32_t last_acquire_ = 0;
  std::vector<std::uint8_t> order_of_op_;
  std::unordered_map<std::uint32_t, std::vector<Release>> releases_;  ///< by block
  std::unordered_map<std::uint64_t, std::unique_ptr<RaceCell[]>> pages_;
  struct CachedPage {
    std::uint64_t page = ~0ull;
    RaceCell* cells = nullptr;
  };
  CachedPage recent_[kRecentPages];  ///< by the low bits of the page
};

}  // namespace drillpress::lockstep
