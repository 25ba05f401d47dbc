// Which lanes run when. A warp is a set of splits, lanes that are at the same place. Code is laid out so that
// a control-flow join comes after everything that leads to it and a loop's exits after the loop
// (decode_flow.cc); of all splits the one with the deepest call and then the lowest place runs, and splits
// that reach the same place become one: lanes meet again as early as they can. Fairness: a split that polls
// (see kPolls) in a loop gives way to the others of its warp, then to other warps, then to other blocks, so
// that whoever it waits for comes to run.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "lockstep/instruction_set.h"
#include "lockstep/race.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

constexpr std::uint64_t kQuantum = 1u << 16;  ///< operations between two looks at the limits
/// Rounds over all warps in which nothing but polling happened before a block gives way to other blocks.
constexpr int kSpinningRounds = 4;
/// Rounds with a polling operation after which a block gives way to others, whatever else it did: its threads
/// may meet at a barrier in every turn of the loop in which one of them polls.
constexpr int kPollingRounds = 256;
/// Warp instructions of nothing but polling, while nobody stores anything, after which nobody ever will.
/// Loops that give up after millions of tries are no deadlock, so that it takes some seconds.
constexpr std::uint64_t kHopelessPolling = 1u << 27;

std::uint32_t population(std::uint32_t mask) {
  return static_cast<std::uint32_t>(__builtin_popcount(mask));
}

bool before(const Split& a, const Split& b) {
  if (a.yields != b.yields) return a.yields < b.yields;
  if (a.frame->depth != b.frame->depth) return a.frame->depth > b.frame->depth;
  return a.pc < b.pc;
}

}  // namespace

void Warp::thread(std::uint32_t lane, std::uint32_t out[3]) const {
  const Dim3& size = worker->launch->request->block;
  const std::uint32_t linear = number * kLanes + lane;
  out[0] = linear % size.x;
  out[1] = linear / size.x % size.y;
  out[2] = linear / size.x / size.y;
}

void Warp::diverge(std::uint32_t lanes, std::uint32_t target_pc) {
  Split other;
  other.pc = target_pc;
  other.mask = lanes;
  other.frame = frame;
  other.yields = splits[current].yields;
  splits.push_back(other);
  mask &= ~lanes;
  event = Event::kReschedule;
}

void Warp::leave_frames(Frame* from, std::uint32_t lanes) {
  for (Frame* f = from; f != nullptr;) {
    Frame* caller = f->caller;
    f->lanes &= ~lanes;
    if (f->lanes == 0 && f->site != nullptr) {
      auto owner = std::find_if(frames.begin(), frames.end(), [f](const auto& p) { return p.get() == f; });
      free_frames.push_back(std::move(*owner));
      frames.erase(owner);
    }
    f = caller;
  }
}

void Warp::exit_lanes(std::uint32_t lanes) {
  mask &= ~lanes;
  alive &= ~lanes;
  if (!async.empty()) {
    for (std::uint32_t left = lanes; left != 0; left &= left - 1)
      async.wait_all(static_cast<std::uint32_t>(__builtin_ctz(left)));
  }
  block->alive_threads -= population(lanes);
  block->barriers[kClusterBarrier].arrived -= population(cluster_arrived & lanes);
  // Only once the running split has no lanes left may its frame go.
  leave_frames(frame, lanes);
  event = mask == 0 ? Event::kExit : Event::kReschedule;
}

std::uint32_t Warp::synchronize(const Op& op, std::uint32_t lanes, const std::uint32_t* masks) {
  const std::uint32_t ready = meet(op, lanes, masks);
  if (worker->race != nullptr && ready != 0) worker->race->warp_sync(*this, ready, masks);
  return ready;
}

std::uint32_t Warp::meet(const Op& op, std::uint32_t lanes, const std::uint32_t* masks) {
  std::uint32_t* members = const_cast<std::uint32_t*>(masks);
  Split& split = splits[current];
  if (lanes == kFullMask && lanes == alive) {
    std::uint32_t all = kFullMask;
    for (std::uint32_t i = 0; i < kLanes; ++i) all &= members[i];
    if (all == kFullMask) return lanes;
  }
  std::uint32_t ready = 0, needed = 0;
  bool told = false;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto i = static_cast<std::uint32_t>(__builtin_ctz(left));
    if ((members[i] >> i & 1u) == 0) {
      if (!std::exchange(told, true)) {
        worker->report(*this, op, i, FindingKind::kInvalidMask, 1).message =
            "the thread is not in the mask of the operation that it executes";
      }
      members[i] |= 1u << i;
    }
    members[i] &= alive;
    if (split.forced) members[i] &= lanes;
    if ((members[i] & ~lanes) == 0) {
      ready |= 1u << i;
    } else {
      needed |= members[i];
    }
  }
  split.forced = false;
  if (ready == lanes) return ready;
  const std::uint32_t waiting = lanes & ~ready;
  OpCounts& count = counts[op.index];
  count.lanes -= population(waiting);
  const auto place = static_cast<std::uint32_t>(&op - frame->function->code.data());
  Split wait;
  wait.pc = place;
  wait.mask = waiting;
  wait.frame = frame;
  wait.wait = Wait::kWarpSync;
  wait.needed = needed;
  wait.yields = split.yields;
  if (ready == 0) --count.executed;
  // Lanes that already wait here join: together they may be enough.
  for (std::size_t k = 0; k < splits.size(); ++k) {
    if (k == current || splits[k].wait != Wait::kWarpSync || !same_place(splits[k], wait)) continue;
    splits[k].mask |= wait.mask;
    splits[k].wait = Wait::kReady;
    mask &= ~waiting;
    event = mask == 0 ? Event::kExit : Event::kReschedule;
    return ready;
  }
  if (waiting == mask) {
    split = wait;
    event = Event::kWait;
    return 0;
  }
  splits.push_back(wait);
  mask &= ~waiting;
  event = Event::kReschedule;
  return ready;
}

bool Warp::choose_split() {
  std::size_t best = splits.size();
  for (std::size_t k = 0; k < splits.size(); ++k) {
    if (splits[k].wait == Wait::kReady && (best == splits.size() || before(splits[k], splits[best])))
      best = k;
  }
  if (best == splits.size()) return false;
  for (std::size_t k = 0; k < splits.size();) {
    const bool joins = k != best && splits[k].wait != Wait::kBarrier && same_place(splits[k], splits[best]);
    if (!joins) {
      ++k;
      continue;
    }
    splits[best].mask |= splits[k].mask;
    splits[best].yields = std::min(splits[best].yields, splits[k].yields);
    splits[k] = splits.back();
    if (best == splits.size() - 1) best = k;
    splits.pop_back();
  }
  current = static_cast<std::uint32_t>(best);
  pc = splits[best].pc;
  mask = splits[best].mask;
  use_frame(splits[best].frame);
  return true;
}

/// All splits wait. Lanes that wait for each other at different operations go on: bar.warp.sync allows it,
/// for the others it is a mistake of the program.
bool Warp::force_mismatched() {
  std::uint32_t here = 0;
  for (const Split& split : splits) here |= split.wait == Wait::kWarpSync ? split.mask : 0u;
  bool any = false;
  for (Split& split : splits) {
    if (split.wait != Wait::kWarpSync || (split.needed & alive & ~here) != 0) continue;
    const Op& op = split.frame->function->code[split.pc];
    if (!(op.flags & kMeetsAnywhere)) {
      worker
          ->report(*this, op, static_cast<std::uint32_t>(__builtin_ctz(split.mask)),
                   FindingKind::kMismatchedSync, 1)
          .message = "lanes that name each other in their masks wait at different operations";
    }
    split.forced = true;
    split.wait = Wait::kReady;
    any = true;
  }
  return any;
}

Warp::Outcome Warp::run(std::uint64_t& instructions) {
  const InstructionSet& set = instruction_set();
  std::uint64_t since_return = 0;
  for (;;) {
    if (splits.empty()) return Outcome::kDone;
    if (!choose_split() && (!force_mismatched() || !choose_split())) return Outcome::kBlocked;
    event = Event::kNone;
    polls = splits[current].polls;
    const std::uint64_t ran = set.run(*this, kQuantum);
    instructions += ran;
    block->polled |= polls != splits[current].polls;
    switch (event) {
      case Event::kExit:
        splits.erase(splits.begin() + current);
        break;
      case Event::kWait:
        break;  // the split is as it has to be
      case Event::kFault:
        return Outcome::kFault;
      case Event::kNone:
      case Event::kReschedule:
      case Event::kYield: {
        Split& split = splits[current];
        split.pc = pc;
        split.mask = mask;
        split.frame = frame;
        split.polls = polls;
        since_return += ran;
        const bool gave_way = event == Event::kYield || ran >= kQuantum;
        if (event != Event::kYield && gave_way) block->progressed = true;
        if (gave_way) {
          split.polls = 0;
          ++split.yields;
          std::uint32_t most = 0;
          bool all = true;
          for (const Split& other : splits) most = std::max(most, other.yields);
          for (const Split& other : splits) all = all && (other.wait != Wait::kReady || other.yields == most);
          if (all) {
            for (Split& other : splits) other.yields = 0;
            return Outcome::kYielded;
          }
        }
        // The limits are looked at between runs, however the splits alternate.
        if (since_return >= kQuantum) return Outcome::kYielded;
        break;
      }
    }
  }
}

Block::Outcome Block::run() {
  Launch& launch = *worker->launch;
  const bool limited = launch.options->instruction_limit != 0;
  int rounds_of_polling = 0, rounds_with_polls = 0;
  for (;;) {
    progressed = polled = false;
    bool all_done = true, any_ran = false, any_yielded = false, any_finished = false;
    std::uint64_t in_round = 0;
    for (const std::uint32_t n : warp_order) {
      Warp& warp = warps[n];
      if (warp.splits.empty()) continue;
      std::uint64_t instructions = 0;
      const Warp::Outcome outcome = warp.run(instructions);
      any_ran |= instructions != 0;
      in_round += instructions;
      if (outcome == Warp::Outcome::kFault) return Outcome::kFault;
      if (outcome != Warp::Outcome::kDone) all_done = false;
      any_yielded |= outcome == Warp::Outcome::kYielded;
      any_finished |= outcome == Warp::Outcome::kDone;
      if (limited && (launch.instructions += instructions) > launch.options->instruction_limit) {
        launch.out_of_instructions = true;
      }
      if (launch.has_deadline && (++worker->looks & 63u) == 0 &&
          std::chrono::steady_clock::now() > launch.deadline) {
        launch.out_of_time = true;
      }
      if (launch.out_of_time || launch.out_of_instructions) return Outcome::kFault;
    }
    if (all_done) return Outcome::kDone;
    const bool released = release_barriers();
    if (!any_yielded && !released && !any_ran) {
      report_deadlock();
      return Outcome::kFault;
    }
    const bool only_polled = any_yielded && !released && !any_finished && !progressed;
    rounds_of_polling = only_polled ? rounds_of_polling + 1 : 0;
    worker->polled_instructions = only_polled ? worker->polled_instructions + in_round : 0;
    if (worker->polled_instructions > kHopelessPolling && !worker->stores_changed()) {
      report_livelock();
      return Outcome::kFault;
    }
    if (polled) ++rounds_with_polls;
    const bool gives_way = rounds_of_polling >= kSpinningRounds || rounds_with_polls >= kPollingRounds;
    if (gives_way && launch.exclusive) return Outcome::kSpinning;
  }
}
}  // namespace drillpress::lockstep
