#include "lockstep/race.h"

#include <algorithm>
#include <cstring>

#include "lockstep/race_places.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

/// In RaceAccess::kind, beside the Access: atomic, volatile, or with an order of its own. Two such accesses
/// do not race.
constexpr std::uint8_t kStrongAccess = 0x80;
/// Beyond this time the clock starts again with empty memory.
constexpr std::uint32_t kLatestTime = 0xf000'0000;
constexpr std::size_t kMostReleases = 64;

/// What an operation does to the order of others.
enum OrderBit : std::uint8_t {
  kStrong = 1,
  kAcquire = 2,
  kReleaseAfterFence = 4,
  kReleaseNow = 8,
};

std::uint8_t order_of(const ptx::Instruction& instruction) {
  using ptx::Modifier;
  const auto& m = instruction.modifiers;
  const bool acquires = m.contains(Modifier::kAcquire) || m.contains(Modifier::kAcqRel);
  const bool releases = m.contains(Modifier::kRelease) || m.contains(Modifier::kAcqRel);
  const bool strong = acquires || releases || m.contains(Modifier::kVolatile) ||
                      m.contains(Modifier::kRelaxed) || m.contains(Modifier::kMmio);
  switch (instruction.opcode) {
    case ptx::Opcode::kLd:
      return strong ? kStrong | kAcquire : 0;
    case ptx::Opcode::kSt:
      return strong ? static_cast<std::uint8_t>(kStrong | kReleaseAfterFence | (releases ? kReleaseNow : 0))
                    : 0;
    case ptx::Opcode::kAtom:
    case ptx::Opcode::kRed:
      return static_cast<std::uint8_t>(kStrong | kAcquire | kReleaseAfterFence |
                                       (releases ? kReleaseNow : 0));
    case ptx::Opcode::kMbarrier: {
      const bool waits = m.contains(Modifier::kTestWait) || m.contains(Modifier::kTryWait);
      return kStrong | (waits ? kAcquire : kReleaseNow);
    }
    case ptx::Opcode::kCp:  // cp.async.mbarrier.arrive, and bulk copies that tell an mbarrier
      return m.contains(Modifier::kMbarrier) || m.contains(Modifier::kMbarrierCompleteTxBytes)
                 ? kStrong | kAcquire | kReleaseNow
                 : 0;
    default:
      return 0;
  }
}

bool is_write(std::uint8_t kind) {
  return static_cast<Access>(kind & ~kStrongAccess) != Access::kLoad;
}

bool both_strong(const RaceAccess& earlier, std::uint8_t order) {
  return (earlier.kind & kStrongAccess) != 0 && (order & kStrong) != 0;
}

std::uint32_t block_number(const Warp& warp) {
  return static_cast<std::uint32_t>(warp.block->linear);
}

void raise(std::uint32_t& time, std::uint32_t to) {
  time = std::max(time, to);
}

}  // namespace

void RaceChecker::begin_launch(const Launch& launch) {
  if (now_ > kLatestTime) {
    pages_.clear();
    for (CachedPage& cached : recent_) cached = {};
    now_ = 1;
    ++epoch_;
  }
  launch_ = &launch;
  launch_start_ = ++now_;
  last_acquire_ = 0;
  releases_.clear();
  order_of_op_.clear();
  const std::vector<Origin>& origins = launch.program->origins;
  for (const Origin& origin : origins) order_of_op_.push_back(order_of(*origin.instruction));
  const std::vector<bool> confirmed = reads_before_exchanges(origins);
  for (std::size_t k = 0; k < origins.size(); ++k) {
    if (confirmed[k]) order_of_op_[k] |= kStrong;
  }
  // Loads that poll without saying volatile: decode_polls.cc.
  for (const auto& function : launch.program->functions) {
    for (const Op& op : function->code) {
      const bool polls = (op.flags & kPolls) != 0 && op.index < origins.size();
      if (polls && origins[op.index].instruction->opcode == ptx::Opcode::kLd)
        order_of_op_[op.index] |= kStrong | kAcquire;
    }
  }
}

void RaceChecker::begin_block(Block& block) {
  if (!block.race_order) block.race_order = std::make_unique<BlockOrder>();
  BlockOrder& order = *block.race_order;
  // What an earlier block left in its shared memory is older than this meeting, and need not be cleared.
  order.together = ++now_;
  order.acquire = 0;
  order.warps.assign(launch_->warps_per_block, {});
  order.known.clear();
  for (auto& barrier : order.barriers) {
    barrier.joined.clear();
    barrier.fence = 0;
  }
  order.copying.assign((launch_->all_shared_bytes() + 3) / 4, 0);
  if (order.epoch != epoch_) order.shared.clear();
  order.epoch = epoch_;
  order.shared.resize((launch_->all_shared_bytes() + 3) / 4);
}

RaceCell& RaceChecker::global_cell(std::uint64_t address) {
  const std::uint64_t cell = address / 4, page = cell / kPageCells;
  CachedPage& cached = recent_[page % kRecentPages];
  if (cached.page != page) {
    auto& cells = pages_[page];
    if (!cells) cells = std::make_unique<RaceCell[]>(kPageCells);
    cached = {page, cells.get()};
  }
  return cached.cells[cell % kPageCells];
}

bool RaceChecker::released(const RaceAccess& earlier, bool same_block, std::uint32_t acquire) const {
  if (acquire <= earlier.time) return false;
  const auto of_block = releases_.find(earlier.block);
  if (of_block == releases_.end()) return false;
  const std::uint16_t warp = earlier.thread / kLanes;
  const bool was_read = !is_write(earlier.kind);
  return std::any_of(of_block->second.begin(), of_block->second.end(), [&](const Release& release) {
    const std::uint32_t covered = was_read ? release.reads : release.fence;
    return (!same_block || release.warp == warp) && covered > earlier.time && release.time < acquire;
  });
}

bool RaceChecker::ordered(const RaceAccess& earlier, const Warp& warp, std::uint32_t lane) const {
  if (earlier.time < launch_start_) return true;
  const BlockOrder& order = *warp.block->race_order;
  if (earlier.block != block_number(warp)) return released(earlier, false, order.acquire);
  if (order.together > earlier.time) return true;
  const std::uint32_t other_warp = earlier.thread / kLanes, other_lane = earlier.thread % kLanes;
  const BlockOrder::OfWarp& mine = order.warps[warp.number];
  if (other_warp == warp.number) {
    if (other_lane == lane || mine.together > earlier.time) return true;
    if (!mine.lanes.empty() && mine.lanes[lane * kLanes + other_lane] > earlier.time) return true;
  } else if (!order.known.empty() &&
             order.known[warp.number * order.warps.size() + other_warp] > earlier.time) {
    return true;
  }
  return released(earlier, true, mine.acquire);
}

void RaceChecker::synchronise_with_others(Warp& warp, std::uint8_t order) {
  BlockOrder& block = *warp.block->race_order;
  BlockOrder::OfWarp& mine = block.warps[warp.number];
  if ((order & (kReleaseNow | kReleaseAfterFence)) != 0) {
    if ((order & kReleaseNow) != 0) mine.fence = ++now_;
    auto& all = releases_[block_number(warp)];
    const std::uint32_t time = ++now_;
    const Release release{mine.fence, time, time, static_cast<std::uint16_t>(warp.number)};
    if (!all.empty() && all.back().warp == release.warp && all.back().time > last_acquire_) {
      all.back() = release;  // nobody looked in between
    } else {
      all.push_back(release);
    }
    if (all.size() > kMostReleases) {
      // Two of one warp become one that claims more than they did together: later work, at the earlier time.
      for (std::size_t k = 0; k < all.size(); ++k) {
        const auto later = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(k) + 1, all.end(),
                                        [&](const Release& other) { return other.warp == all[k].warp; });
        if (later == all.end()) continue;
        later->time = all[k].time;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(k));
        break;
      }
    }
  }
  if ((order & kAcquire) != 0) mine.acquire = block.acquire = last_acquire_ = ++now_;
}

/// Of lanes that load one place which nobody wrote or read since `settled`, its cells keep the first and the
/// last: the others need not be followed.
std::uint32_t RaceChecker::kept_readers(BlockOrder& block, bool is_shared, std::uint32_t lanes,
                                        const std::uint64_t* addresses, std::uint32_t size_bytes,
                                        std::uint32_t settled) {
  const std::uint64_t begin = addresses[__builtin_ctz(lanes)];
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    if (addresses[__builtin_ctz(left)] != begin) return lanes;
  }
  for (std::uint64_t at = begin & ~3ull; at < begin + size_bytes; at += 4) {
    const RaceCell& cell = is_shared ? block.shared[at / 4] : global_cell(at);
    if (cell.write.time >= settled || cell.read.time >= settled) return lanes;
  }
  return (lanes & (0u - lanes)) | (0x8000'0000u >> __builtin_clz(lanes));
}

void RaceChecker::access(Warp& warp, const Op& op, bool is_shared, std::uint32_t lanes,
                         const std::uint64_t* addresses, char* const* pointers, std::uint32_t size_bytes,
                         Access access, const char* values) {
  const std::uint8_t order = order_of_op_[op.index];
  if (order != 0) synchronise_with_others(warp, order);
  const bool writes = access != Access::kLoad;
  RaceAccess self;
  self.time = now_;
  self.block = block_number(warp);
  self.op = op.index;
  self.kind = static_cast<std::uint8_t>(static_cast<std::uint8_t>(access) |
                                        ((order & kStrong) != 0 ? kStrongAccess : 0));
  BlockOrder& block = *warp.block->race_order;
  std::vector<RaceCell>& shared = block.shared;
  // What is older than this needs no closer look: shared memory is the block's own.
  const std::uint32_t settled = is_shared ? std::max(launch_start_, block.together) : launch_start_;
  // Lanes mostly meet accesses of one other warp at one time, which are ordered for all of them or for none.
  RaceAccess asked;
  bool answer = true;
  auto is_ordered = [&](const RaceAccess& earlier, std::uint32_t lane) {
    if (earlier.block == self.block && earlier.thread / kLanes == warp.number)
      return ordered(earlier, warp, lane);
    if (earlier.time != asked.time || earlier.block != asked.block ||
        earlier.thread / kLanes != asked.thread / kLanes || is_write(earlier.kind) != is_write(asked.kind)) {
      asked = earlier;
      answer = ordered(earlier, warp, lane);
    }
    return answer;
  };
  if (!writes && lanes != 0) lanes = kept_readers(block, is_shared, lanes, addresses, size_bytes, settled);
  const bool copies = launch_->program->origins[op.index].instruction->opcode == ptx::Opcode::kCp;
  std::uint32_t done = 0;  // lanes of this operation that come before
  for (; lanes != 0; done |= lanes & -lanes, lanes &= lanes - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(lanes));
    self.thread = static_cast<std::uint16_t>(warp.number * kLanes + lane);
    const std::uint64_t begin = addresses[lane], end = begin + size_bytes;
    bool told = false;
    auto tell = [&](const RaceAccess& earlier) {
      if (!told) report(warp, op, lane, is_shared, begin, size_bytes, earlier, access);
      told = true;
    };
    auto collides = [&](const RaceAccess& earlier, std::uint8_t bytes) {
      return earlier.time >= settled && (earlier.bytes & bytes) != 0 && !both_strong(earlier, order) &&
             !is_ordered(earlier, lane);
    };
    for (std::uint64_t at = begin & ~3ull; at < end; at += 4) {
      const std::uint32_t from = at < begin ? static_cast<std::uint32_t>(begin - at) : 0;
      const std::uint32_t to = end - at < 4 ? static_cast<std::uint32_t>(end - at) : 4;
      self.bytes = static_cast<std::uint8_t>((1u << to) - (1u << from));
      RaceCell& cell = is_shared ? shared[at / 4] : global_cell(at);
      if (is_shared && block.copying[at / 4] != 0 && !copies && is_write(cell.write.kind)) tell(cell.write);
      const bool after_write = collides(cell.write, self.bytes);
      if (!writes) {
        if (after_write) tell(cell.write);
        if (cell.read.time < settled || (cell.read.block == self.block && cell.read.thread == self.thread) ||
            is_ordered(cell.read, lane)) {
          cell.read = self;
        } else {
          cell.other_read = self;
        }
        continue;
      }
      bool same_value = false;
      if (after_write && values != nullptr) {
        const std::uint64_t offset = at + from - begin;
        // A lane of this very operation has not stored yet.
        const std::uint32_t other = cell.write.thread % kLanes;
        const bool now = cell.write.op == self.op && cell.write.block == self.block &&
                         cell.write.thread / kLanes == warp.number && (done >> other & 1u) != 0 &&
                         addresses[other] <= at + from && at + to <= addresses[other] + size_bytes;
        const char* present =
            now ? values + other * size_bytes + (at + from - addresses[other]) : pointers[lane] + offset;
        same_value = std::memcmp(values + lane * size_bytes + offset, present, to - from) == 0;
      }
      if (after_write && !same_value) tell(cell.write);
      // Writing what is there already changes nothing for those who read it.
      if (!same_value) {
        if (collides(cell.read, self.bytes)) {
          tell(cell.read);
        } else if (collides(cell.other_read, self.bytes)) {
          tell(cell.other_read);
        }
        cell.read = cell.other_read = RaceAccess{};
      }
      // An atomic on what its own thread has just written plainly tells nobody else of that write.
      const bool hides = access == Access::kAtomic && cell.write.time >= settled &&
                         cell.write.kind == static_cast<std::uint8_t>(Access::kStore) &&
                         cell.write.block == self.block && cell.write.thread == self.thread;
      if (!hides) cell.write = self;
    }
  }
}

void RaceChecker::warp_sync(Warp& warp, std::uint32_t lanes, const std::uint32_t* members) {
  BlockOrder::OfWarp& mine = warp.block->race_order->warps[warp.number];
  ++now_;
  if (lanes == warp.alive) {
    bool all = true;
    for (std::uint32_t left = lanes; left != 0; left &= left - 1)
      all = all && (members[__builtin_ctz(left)] & lanes) == lanes;
    if (all) {
      mine.together = now_;
      return;
    }
  }
  if (mine.lanes.empty()) mine.lanes.assign(kLanes * kLanes, mine.together);
  const std::vector<std::uint32_t> before = mine.lanes;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    for (std::uint32_t others = members[lane] & lanes; others != 0; others &= others - 1) {
      const auto other = static_cast<std::uint32_t>(__builtin_ctz(others));
      for (std::uint32_t k = 0; k < kLanes; ++k)
        raise(mine.lanes[lane * kLanes + k], std::max(before[other * kLanes + k], mine.together));
      mine.lanes[lane * kLanes + other] = now_;
    }
  }
}

void RaceChecker::fence(Warp& warp) {
  warp.block->race_order->warps[warp.number].fence = ++now_;
}

void RaceChecker::arrive(Warp& warp, std::uint32_t barrier) {
  BlockOrder& order = *warp.block->race_order;
  const std::size_t count = order.warps.size();
  std::vector<std::uint32_t>& joined = order.barriers[barrier].joined;
  joined.resize(count, 0);
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint32_t knows = order.known.empty() ? 0 : order.known[warp.number * count + k];
    raise(joined[k], std::max(knows, order.together));
  }
  joined[warp.number] = ++now_;
  raise(order.barriers[barrier].fence, order.warps[warp.number].fence);
}

void RaceChecker::release(Block& block, std::uint32_t barrier, bool whole,
                          const std::vector<std::uint32_t>& waiting_warps) {
  BlockOrder& order = *block.race_order;
  std::vector<std::uint32_t>& joined = order.barriers[barrier].joined;
  ++now_;
  if (whole) {
    order.together = now_;
  } else {
    const std::size_t count = order.warps.size();
    order.known.resize(count * count, 0);
    for (const std::uint32_t warp : waiting_warps) {
      for (std::size_t k = 0; k < count; ++k) raise(order.known[warp * count + k], joined[k]);
      order.warps[warp].together = now_;
    }
  }
  // Every thread's fence, the barrier, then one thread's flag: that release covers what all of them wrote.
  for (const std::uint32_t warp : waiting_warps)
    raise(order.warps[warp].fence, order.barriers[barrier].fence);
  order.barriers[barrier].fence = 0;
  joined.clear();
}

void RaceChecker::report(Warp& warp, const Op& op, std::uint32_t lane, bool is_shared, std::uint64_t address,
                         std::uint32_t size_bytes, const RaceAccess& earlier, Access access) {
  const FindingKind kind = access == Access::kLoad  ? FindingKind::kReadAfterWrite
                           : is_write(earlier.kind) ? FindingKind::kWriteAfterWrite
                                                    : FindingKind::kWriteAfterRead;
  Finding& finding = warp.worker->report(warp, op, lane, kind, 1);
  if (!finding.access.empty()) return;
  finding.access = verb(access);
  finding.space = is_shared ? "shared" : "global";
  finding.address = address;
  finding.size_bytes = size_bytes;
  if (!is_shared) warp.worker->name_allocation(finding, address);
  const Program& program = *launch_->program;
  const LineOfProgram& line = program.lines[program.origins[earlier.op].told_line];
  finding.other_where = {line.file, line.line};
  const bool copied = program.origins[earlier.op].instruction->opcode == ptx::Opcode::kCp;
  finding.other_access = copied ? "copy" : verb(static_cast<Access>(earlier.kind & ~kStrongAccess));
  const Dim3& grid = launch_->request->grid;
  finding.other_block[0] = earlier.block % grid.x;
  finding.other_block[1] = earlier.block / grid.x % grid.y;
  finding.other_block[2] = earlier.block / grid.x / grid.y;
  const Dim3& size = launch_->request->block;
  finding.other_thread[0] = earlier.thread % size.x;
  finding.other_thread[1] = earlier.thread / size.x % size.y;
  finding.other_thread[2] = earlier.thread / size.x / size.y;
  finding.message = "nothing orders the two: no barrier, warp synchronisation, or fence with an atomic";
}

}  // namespace drillpress::lockstep
