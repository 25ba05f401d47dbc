// The state of execution: frames, splits of a warp, warps and blocks. Handlers work on a Warp; the scheduler
// (scheduler.cc) decides which split of which warp runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "lockstep/async_copies.h"
#include "lockstep/program.h"
#include "lockstep/report.h"

namespace drillpress::lockstep {

struct Block;
struct Worker;
struct BlockOrder;

/// An activation of a function by the lanes that called it together.
struct Frame {
  const DecodedFunction* function = nullptr;
  const CallSite* site = nullptr;  ///< nullptr: the kernel itself
  Frame* caller = nullptr;
  std::uint32_t return_pc = 0;
  std::uint32_t depth = 0;
  std::uint32_t lanes = 0;         ///< that have not returned yet
  std::uint32_t local_offset = 0;  ///< of this frame in each lane's stack
  char* registers = nullptr;
  std::uint32_t* predicates = nullptr;
  std::unique_ptr<char[]> storage;  ///< owns both, except for the kernel's frame
};

enum class Wait : std::uint8_t { kReady, kWarpSync, kBarrier };

/// Lanes of a warp that are at the same place.
struct Split {
  std::uint32_t pc = 0;
  std::uint32_t mask = 0;
  Frame* frame = nullptr;
  Wait wait = Wait::kReady;
  std::uint8_t barrier = 0;  ///< kBarrier: which
  std::uint32_t needed = 0;  ///< kWarpSync: lanes it waits for
  std::uint32_t polls = 0;   ///< polling operations since it last gave way
  std::uint32_t yields = 0;  ///< times it gave way; fewer goes first
  bool forced = false;       ///< kWarpSync: go on with the lanes that are here
};

inline bool same_place(const Split& a, const Split& b) {
  return a.frame == b.frame && a.pc == b.pc;
}

/// Why the inner loop stopped.
enum class Event : std::uint8_t { kNone, kReschedule, kWait, kExit, kYield, kFault };

/// Counts of one operation, summed over warps. Kept per worker and added up at the end: sums do not depend on
/// order.
struct alignas(64) OpCounts {
  std::uint64_t executed = 0;
  std::uint64_t lanes = 0;
  std::uint64_t detail = 0;  ///< branches: times that lanes parted; memory: lanes in global memory
  std::uint64_t global_requests = 0;
  std::uint64_t global_sectors = 0;
  std::uint64_t shared_requests = 0;
  std::uint64_t shared_wavefronts = 0;
  std::uint64_t local_requests = 0;  ///< atomics, which reach no local memory: passes (see Counters)
};

struct Warp {
  // What handlers touch most.
  const char* base[2] = {nullptr, nullptr};  ///< register rows of the frame, pool of the function
  std::uint32_t* predicates = nullptr;
  std::uint32_t pc = 0;    ///< of the next operation
  std::uint32_t mask = 0;  ///< lanes of the running split
  Event event = Event::kNone;
  std::uint32_t polls = 0;  ///< of the running split: see Split::polls
  OpCounts* counts = nullptr;
  Frame* frame = nullptr;
  Block* block = nullptr;
  Worker* worker = nullptr;

  std::uint32_t number = 0;    ///< in the block
  std::uint32_t alive = 0;     ///< lanes that have not exited
  std::uint32_t existing = 0;  ///< lanes that the block has in this warp
  std::uint32_t current = 0;   ///< index of the running split
  std::vector<Split> splits;
  char* local = nullptr;  ///< stacks of the lanes, one after the other
  Frame root;
  std::uint32_t cluster_arrived = 0;  ///< lanes that arrived at the cluster's barrier, which is not complete
  std::uint32_t cluster_passed = 0;   ///< lanes that arrived there, and it has been completed since
  AsyncCopies async;                  ///< cp.async under way
  std::vector<std::unique_ptr<Frame>> frames;  ///< of calls, alive
  std::vector<std::unique_ptr<Frame>> free_frames;

  template <typename L>
  const L* source(RowRef ref) const {
    return reinterpret_cast<const L*>(base[ref >> 31] + (ref & ~kPoolRow));
  }
  template <typename L>
  L* destination(RowRef ref) {
    return reinterpret_cast<L*>(const_cast<char*>(base[0]) + ref);
  }
  void set_predicate(std::uint16_t p, std::uint32_t mask_of_lanes, std::uint32_t value) {
    predicates[p] = (predicates[p] & ~mask_of_lanes) | (value & mask_of_lanes);
  }
  std::uint32_t source_predicate(const Op& op) const {
    return predicates[op.pa] ^ (op.pa_negated ? kFullMask : 0u);
  }
  /// Thread index of a lane.
  void thread(std::uint32_t lane, std::uint32_t out[3]) const;

  // scheduler.cc and calls.cc: what control flow does. They leave `event` set.
  void diverge(std::uint32_t lanes, std::uint32_t target_pc);  ///< `lanes` go to target_pc, the rest go on
  void exit_lanes(std::uint32_t lanes);
  void call(const Op& op, std::uint32_t lanes);
  void return_lanes(std::uint32_t lanes);
  /// Ends the block with a fault at this operation.
  void fail(const Op& op, FaultKind kind, std::uint32_t lane, std::string message);
  /// For `.sync` operations with per-lane masks: the lanes that may go now. The others wait (they become a
  /// split of their own, or the whole split waits and 0 is returned; the operation is executed again later).
  std::uint32_t synchronize(const Op& op, std::uint32_t lanes, const std::uint32_t* member_masks);
  std::uint32_t meet(const Op& op, std::uint32_t lanes, const std::uint32_t* member_masks);
  /// Runs until every split waits or is gone, or the warp gives way. True: something may still run later
  /// without the help of other warps.
  enum class Outcome : std::uint8_t { kDone, kBlocked, kYielded, kFault };
  Outcome run(std::uint64_t& instructions);
  bool choose_split();
  bool force_mismatched();
  Frame* new_frame(const DecodedFunction& callee);
  /// Sets the rows of the special registers that the frame's function reads.
  void prepare(Frame& f);
  void leave_frames(Frame* from, std::uint32_t lanes);
  void use_frame(Frame* f) {
    frame = f;
    base[0] = f->registers;
    base[1] = f->function->pool.data();
    predicates = f->predicates;
  }
};

/// The barriers of a block: the 16 of bar, and that of its cluster, which is the block alone.
constexpr std::uint32_t kClusterBarrier = 16;
constexpr std::uint32_t kBarriers = 17;

struct Barrier {
  std::uint32_t arrived = 0;   ///< threads
  std::uint32_t expected = 0;  ///< explicit count, 0: all threads that have not exited
  bool in_use = false;
  std::uint32_t population = 0;  ///< bar.red: threads whose predicate holds
  std::uint32_t voters = 0;      ///< bar.red: threads that brought a predicate
};

struct Block {
  Block();
  ~Block();
  Worker* worker = nullptr;
  std::uint64_t order = 0;  ///< place in the schedule
  std::uint64_t linear = 0;
  std::uint32_t index[3] = {0, 0, 0};
  std::vector<Warp> warps;
  Barrier barriers[kBarriers];
  std::uint32_t alive_threads = 0;
  std::vector<char> shared;
  std::vector<std::uint8_t> shared_written;  ///< initcheck: by byte, whether it was
  std::unique_ptr<BlockOrder> race_order;    ///< racecheck
  std::vector<char> registers;               ///< of the kernels' frames of all warps
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  std::unique_ptr<char[], Free> local;
  std::size_t local_bytes = 0;
  std::uint32_t faulty_accesses = 0;
  Fault fault;
  std::string output;  ///< of printf
  std::vector<std::uint32_t> warp_order;
  bool progressed = false;  ///< in this round, a warp ran long without polling
  bool polled = false;      ///< in this round, a warp polled

  void begin(Worker& by, std::uint64_t place_in_schedule);
  enum class Outcome : std::uint8_t { kDone, kSpinning, kFault };
  Outcome run();
  void arrive(Warp& warp, const Op& op, std::uint32_t lanes, bool wait);
  void wait_at(Warp& warp, std::uint32_t lanes, std::uint32_t barrier);
  void arrive_at_cluster(Warp& warp, std::uint32_t lanes);
  void wait_for_cluster(Warp& warp, const Op& op, std::uint32_t lanes);
  /// Lets the threads of every complete barrier go; true if there was one.
  bool release_barriers();
  void report_deadlock();
  void report_livelock();
};

}  // namespace drillpress::lockstep
