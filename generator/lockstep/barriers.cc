// The barriers of a block: who has arrived, who may go on, and what to say when nobody can.
#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "lockstep/race.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

std::uint32_t population(std::uint32_t mask) {
  return static_cast<std::uint32_t>(__builtin_popcount(mask));
}

std::string tuple_of(const Warp& warp, std::uint32_t lane) {
  std::uint32_t t[3];
  warp.thread(lane, t);
  return fmt::format("({},{},{})", t[0], t[1], t[2]);
}

}  // namespace

void Block::arrive(Warp& warp, const Op& op, std::uint32_t lanes, bool wait) {
  const std::uint32_t lead = static_cast<std::uint32_t>(__builtin_ctz(lanes));
  const std::uint32_t id = warp.source<std::uint32_t>(op.a)[lead];
  if (id > 15) return warp.fail(op, FaultKind::kTrap, lead, "there are only barriers 0 to 15");
  Barrier& barrier = barriers[id];
  const bool counted = (op.flags & kCountOperand) != 0;
  if (counted) barrier.expected = warp.source<std::uint32_t>(op.b)[lead];
  barrier.in_use = true;
  // With an explicit count whole warps are counted, so lanes that do not exist or have exited count with
  // their warp.
  const std::uint32_t absent = ~warp.alive;
  barrier.arrived +=
      population(lanes) + (counted && (lanes & warp.alive) == warp.alive ? population(absent) : 0u);
  if ((op.flags & kBallot) != 0) {
    barrier.voters += population(lanes);
    barrier.population += population(lanes & warp.source_predicate(op));
  }
  if (worker->race != nullptr) worker->race->arrive(warp, id);
  if (wait) wait_at(warp, lanes, id);
}

void Block::wait_at(Warp& warp, std::uint32_t lanes, std::uint32_t barrier) {
  Split& split = warp.splits[warp.current];
  if (lanes != warp.mask) {
    // Some lanes of the split do not execute the barrier: they go on.
    Split rest = split;
    rest.pc = warp.pc;
    rest.mask = warp.mask & ~lanes;
    rest.frame = warp.frame;
    warp.splits.push_back(rest);
  }
  Split& self = warp.splits[warp.current];
  self.pc = warp.pc;
  self.mask = lanes;
  self.frame = warp.frame;
  self.wait = Wait::kBarrier;
  self.barrier = static_cast<std::uint8_t>(barrier);
  warp.event = Event::kWait;
}

void Block::arrive_at_cluster(Warp& warp, std::uint32_t lanes) {
  barriers[kClusterBarrier].arrived += population(lanes);
  barriers[kClusterBarrier].in_use = true;
  warp.cluster_arrived |= lanes;
  if (worker->race != nullptr) worker->race->arrive(warp, kClusterBarrier);
}

void Block::wait_for_cluster(Warp& warp, const Op& op, std::uint32_t lanes) {
  const std::uint32_t lost = lanes & ~(warp.cluster_arrived | warp.cluster_passed);
  if (lost != 0) {
    return warp.fail(op, FaultKind::kTrap, static_cast<std::uint32_t>(__builtin_ctz(lost)),
                     "a thread waits at the cluster's barrier without having arrived there");
  }
  warp.cluster_passed &= ~lanes;
  const std::uint32_t waiting = lanes & warp.cluster_arrived;
  if (waiting != 0) wait_at(warp, waiting, kClusterBarrier);
}

namespace {

/// The result of bar.red for the lanes of a waiting split.
void write_reduction(Split& split, const Op& op, const Barrier& barrier) {
  if ((op.flags & kBallot) == 0) return;
  if (op.immediate == 0) {
    auto* d = reinterpret_cast<std::uint32_t*>(split.frame->registers + op.d);
    for (std::uint32_t i = 0; i < kLanes; ++i) {
      if ((split.mask >> i & 1u) != 0) d[i] = barrier.population;
    }
    return;
  }
  const bool holds = op.immediate == 1 ? barrier.population == barrier.voters : barrier.population != 0;
  std::uint32_t& p = split.frame->predicates[op.p];
  p = holds ? p | split.mask : p & ~split.mask;
}

}  // namespace

bool Block::release_barriers() {
  bool any = false;
  for (std::uint32_t id = 0; id < kBarriers; ++id) {
    Barrier& barrier = barriers[id];
    if (!barrier.in_use) continue;
    if (barrier.arrived < (barrier.expected != 0 ? barrier.expected : alive_threads)) continue;
    std::vector<std::uint32_t> waiting;
    for (Warp& warp : warps) {
      if (id == kClusterBarrier) warp.cluster_passed |= std::exchange(warp.cluster_arrived, 0u);
      const Split* first = nullptr;
      for (Split& split : warp.splits) {
        if (split.wait != Wait::kBarrier || split.barrier != id) continue;
        const Op& op = split.frame->function->code[split.pc - 1];
        if (first != nullptr && !same_place(*first, split) && (op.flags & kAligned) != 0) {
          const auto other = static_cast<std::uint32_t>(__builtin_ctz(first->mask));
          warp.worker
              ->report(warp, op, static_cast<std::uint32_t>(__builtin_ctz(split.mask)),
                       FindingKind::kDivergentBarrier, 1)
              .message = fmt::format(
              "threads of one warp wait at different barriers of the program, thread {} at {}",
              tuple_of(warp, other), describe(*worker->launch, first->frame->function->code[first->pc - 1]));
        }
        first = &split;
        if (worker->race != nullptr) waiting.push_back(warp.number);
        write_reduction(split, op, barrier);
        if (id == kClusterBarrier) warp.cluster_passed &= ~split.mask;
        split.wait = Wait::kReady;
        split.yields = 0;
      }
    }
    if (worker->race != nullptr) worker->race->release(*this, id, barrier.expected == 0, waiting);
    barrier = Barrier{};
    any = true;
  }
  return any;
}

namespace {

const Op& waiting_op(const Split& split) {
  return split.frame->function->code[split.wait == Wait::kBarrier ? split.pc - 1 : split.pc];
}

/// "32 of 64 threads wait at barrier 0 (bar.sync (PTX line 9, a.cu:4)); 32 are missing, the first is thread
/// (32,0,0)".
std::string describe_waiting(const Block& block, std::uint32_t id, const Launch& launch) {
  const Barrier& barrier = block.barriers[id];
  const std::uint32_t expected = barrier.expected != 0 ? barrier.expected : block.alive_threads;
  std::string where, missing;
  std::uint32_t waiting = 0;
  for (const Warp& warp : block.warps) {
    std::uint32_t here = 0;
    for (const Split& split : warp.splits) {
      if (split.wait != Wait::kBarrier || split.barrier != id) continue;
      here |= split.mask;
      if (where.empty()) where = describe(launch, waiting_op(split));
    }
    waiting += population(here);
    const std::uint32_t elsewhere = warp.alive & ~here;
    if (missing.empty() && elsewhere != 0)
      missing = tuple_of(warp, static_cast<std::uint32_t>(__builtin_ctz(elsewhere)));
  }
  std::string text = fmt::format("barrier {} has {} of {} threads, {} of which wait at {}", id,
                                 barrier.arrived, expected, waiting, where);
  if (!missing.empty()) return text + ", and the first that is missing is thread " + missing;
  return text + ", and no thread is left that could come";
}

}  // namespace

void Block::report_livelock() {
  for (Warp& warp : warps) {
    for (const Split& split : warp.splits) {
      if (split.wait != Wait::kReady) continue;
      warp.use_frame(split.frame);
      return warp.fail(split.frame->function->code[split.pc], FaultKind::kDeadlock,
                       static_cast<std::uint32_t>(__builtin_ctz(split.mask)),
                       "all threads that can run poll memory that nobody changes");
    }
  }
}

void Block::report_deadlock() {
  const Launch& launch = *worker->launch;
  std::string why;
  for (std::uint32_t id = 0; id < 16; ++id) {
    if (barriers[id].in_use) why += (why.empty() ? "" : "; ") + describe_waiting(*this, id, launch);
  }
  for (Warp& warp : warps) {
    for (const Split& split : warp.splits) {
      if (split.wait != Wait::kWarpSync) continue;
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(split.mask));
      why += (why.empty() ? "" : "; ") + fmt::format("thread {} waits for lanes {:#010x} of its warp at {}",
                                                     tuple_of(warp, lane), split.needed,
                                                     describe(launch, waiting_op(split)));
    }
  }
  for (Warp& warp : warps) {
    for (const Split& split : warp.splits) {
      warp.use_frame(split.frame);
      const Op& op = waiting_op(split);
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(split.mask));
      const bool at_barrier = split.wait == Wait::kBarrier;
      worker
          ->report(warp, op, lane,
                   at_barrier ? FindingKind::kBarrierNotReached : FindingKind::kMismatchedSync, 1)
          .message = at_barrier ? describe_waiting(*this, split.barrier, launch)
                                : "lanes wait for lanes of their mask that never come";
      if (fault.kind == FaultKind::kNone) {
        warp.fail(op, FaultKind::kDeadlock, lane,
                  "every thread of the block waits for one that will not come: " + why);
      }
    }
  }
}

}  // namespace drillpress::lockstep
