// The slow paths of memory accesses: finding the allocation, recording what is wrong, counting irregular
// patterns.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

/// A block that makes this many wrong accesses is stopped: it is out of control.
constexpr std::uint32_t kMostFaultyAccesses = 4096;

std::string plural(std::uint64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

std::string owner(const Region& region) {
  const std::string size = plural(region.end - region.begin, "byte");
  return region.name.empty() ? fmt::format("the allocation of {}", size)
                             : fmt::format("the variable {} of {}", region.name, size);
}

/// What an address is that lies outside of all device memory.
std::string no_device_memory(std::uint64_t address) {
  if (address < 4096) return "a null pointer";
  switch (address & ~((1ull << kSpaceShift) - 1)) {
    case 0:
      return "no address of device memory; one of the host?";
    case kSharedWindow:
      return "an address of shared memory, used as one of global memory";
    case kLocalWindow:
      return "an address of local memory, used as one of global memory";
    default:
      return "no address at all";
  }
}

/// Records a wrong access; the first one also becomes the launch's fault.
void refuse(Warp& warp, const Op& op, std::uint32_t lane, FindingKind kind, Access access, ptx::Space space,
            std::uint64_t address, std::uint32_t size_bytes, const Region* nearest, std::string message,
            std::string remark = "") {
  Finding& finding = warp.worker->report(warp, op, lane, kind, 1);
  if (finding.access.empty()) {
    finding.access = verb(access);
    finding.space = space_name(space);
    finding.address = address;
    finding.size_bytes = size_bytes;
    finding.message = message;
    finding.remark = std::move(remark);
    if (nearest != nullptr) {
      finding.allocation = nearest->begin;
      finding.allocation_bytes = nearest->end - nearest->begin;
      finding.allocation_name = nearest->name;
      finding.distance_bytes = address < nearest->begin ? static_cast<std::int64_t>(address - nearest->begin)
                               : address + size_bytes > nearest->end
                                   ? static_cast<std::int64_t>(address - nearest->end)
                                   : 0;
    }
  }
  const FaultKind fault =
      kind == FindingKind::kMisaligned ? FaultKind::kMisalignedAddress : FaultKind::kIllegalAddress;
  Block& block = *warp.block;
  ++block.faulty_accesses;
  const bool stop =
      !warp.worker->launch->options->checks.any() || block.faulty_accesses >= kMostFaultyAccesses;
  if (block.fault.kind == FaultKind::kNone || stop) {
    const Event event = warp.event;
    if (block.fault.kind == FaultKind::kNone) warp.fail(op, fault, lane, std::move(message));
    warp.event = stop ? Event::kFault : event;
  }
}

}  // namespace

std::string_view verb(Access access) {
  switch (access) {
    case Access::kLoad:
      return "load";
    case Access::kStore:
      return "store";
    default:
      return "atomic";
  }
}

std::string_view space_name(ptx::Space space) {
  switch (space) {
    case ptx::Space::kShared:
      return "shared";
    case ptx::Space::kLocal:
      return "local";
    case ptx::Space::kConst:
      return "constant";
    case ptx::Space::kParam:
      return "parameter";
    default:
      return "global";
  }
}

void Worker::name_allocation(Finding& finding, std::uint64_t address) const {
  const Region* region = launch->memory->region_at(address);
  if (region == nullptr) return;
  finding.allocation = region->begin;
  finding.allocation_bytes = region->end - region->begin;
  finding.allocation_name = region->name;
}

char* Worker::global_pointer(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address,
                             std::uint32_t size_bytes, Access access) {
  const Region* region = launch->memory->region_at(address);
  const auto space =
      static_cast<ptx::Space>(op.space) == ptx::Space::kConst ? ptx::Space::kConst : ptx::Space::kGlobal;
  const bool inside = region != nullptr && region->end - address >= size_bytes;
  if (inside && region->live && (access == Access::kLoad || !region->read_only)) {
    if (address % size_bytes != 0) {
      refuse(warp, op, lane, FindingKind::kMisaligned, access, space, address, size_bytes, region,
             fmt::format("{} of {} at address {:#x}, which is not a multiple of {}", verb(access),
                         plural(size_bytes, "byte"), address, size_bytes));
      return nullptr;
    }
    regions[op.index & 63u] = {region->begin, region->end - region->begin, region->to_host};
    return reinterpret_cast<char*>(address + static_cast<std::uint64_t>(region->to_host));
  }
  const Region* nearest = region != nullptr ? region : launch->memory->nearest_region(address);
  FindingKind kind = FindingKind::kOutOfBounds;
  std::string message, remark;
  if (region != nullptr && !region->live) {
    kind = FindingKind::kUseAfterFree;
    message = fmt::format("{} of {} in {}, which has been freed", verb(access), plural(size_bytes, "byte"),
                          owner(*region));
  } else if (inside) {
    kind = FindingKind::kReadOnlyStore;
    message = fmt::format("{} of {} to {}, which is constant", verb(access), plural(size_bytes, "byte"),
                          owner(*region));
  } else if (nearest == nullptr || !launch->memory->in_window(address)) {
    remark = launch->memory->in_window(address) ? "and no memory is allocated" : no_device_memory(address);
    nearest = nullptr;
    message = fmt::format("{} of {} at address {:#x}: {}", verb(access), plural(size_bytes, "byte"), address,
                          remark);
  } else if (address < nearest->begin) {
    message = fmt::format("{} of {} that begins {} before {}", verb(access), plural(size_bytes, "byte"),
                          plural(nearest->begin - address, "byte"), owner(*nearest));
  } else {
    message = fmt::format("{} of {} that begins {} {} {}", verb(access), plural(size_bytes, "byte"),
                          address < nearest->end ? plural(nearest->end - address, "byte")
                                                 : plural(address - nearest->end, "byte"),
                          address < nearest->end ? "before the end of" : "after the end of", owner(*nearest));
  }
  refuse(warp, op, lane, kind, access, space, address, size_bytes, nearest, std::move(message),
         std::move(remark));
  return nullptr;
}

char* Worker::outside(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address,
                      std::uint32_t size_bytes, Access access, std::uint8_t space,
                      std::uint64_t space_bytes) {
  const auto where = static_cast<ptx::Space>(space);
  if (address % size_bytes != 0) {
    refuse(warp, op, lane, FindingKind::kMisaligned, access, where, address, size_bytes, nullptr,
           fmt::format("{} of {} at {} address {:#x}, which is not a multiple of {}", verb(access),
                       plural(size_bytes, "byte"), space_name(where), address, size_bytes));
    return nullptr;
  }
  refuse(warp, op, lane, FindingKind::kOutOfBounds, access, where, address, size_bytes, nullptr,
         fmt::format("{} of {} at {} address {:#x}, where there are only {}", verb(access),
                     plural(size_bytes, "byte"), space_name(where), address, plural(space_bytes, "byte")),
         fmt::format("where the {} has {}", where == ptx::Space::kShared ? "block" : "thread",
                     plural(space_bytes, "byte")));
  return nullptr;
}

bool Worker::stores_changed() {
  std::uint64_t stores = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (launch->program->origins[k].op_class == OpClass::kStore) stores += counts[k].executed;
  }
  polled_instructions = 0;
  return std::exchange(stores_seen, stores) != stores;
}

void Worker::watch(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address,
                   std::uint32_t size_bytes) {
  const Options& options = *launch->options;
  if (address >= options.watch_end || address + size_bytes <= options.watch_begin) return;
  BlockStore& entry = watched[launch->program->origins[op.index].line];
  ++entry.store.count;
  if (entry.store.count > 1 && entry.order > warp.block->order) return;
  entry.order = warp.block->order;
  entry.sequence = ++sequence;
  entry.store.address = address;
  entry.store.size_bytes = size_bytes;
  std::copy(std::begin(warp.block->index), std::end(warp.block->index), entry.store.block);
  warp.thread(lane, entry.store.thread);
}

Finding& Worker::report(Warp& warp, const Op& op, std::uint32_t lane, FindingKind kind, std::uint64_t times) {
  const Origin& origin = launch->program->origins[op.index];
  auto [entry, is_new] = findings.try_emplace({origin.told_line, kind});
  Finding& finding = entry->second.finding;
  if (!is_new && entry->second.order <= warp.block->order) {
    finding.count += times;
    return finding;
  }
  const std::uint64_t before = is_new ? 0 : finding.count;
  finding = Finding{};
  entry->second.order = warp.block->order;
  finding.kind = kind;
  finding.count = before + times;
  finding.ptx_line = origin.instruction->ptx_line;
  std::copy(std::begin(warp.block->index), std::end(warp.block->index), finding.block);
  warp.thread(lane, finding.thread);
  return finding;
}

std::uint32_t count_sectors(const std::uint64_t* addresses, std::uint32_t mask, std::uint32_t size_bytes) {
  // Aligned accesses of up to 32 bytes lie in one sector; mostly the sectors rise with the lanes.
  std::array<std::uint64_t, kLanes> sectors;
  std::uint32_t n = 0;
  bool rising = true;
  for (; mask != 0; mask &= mask - 1) {
    const std::uint64_t first = addresses[__builtin_ctz(mask)];
    for (std::uint64_t sector = first >> 5; sector <= (first + size_bytes - 1) >> 5; ++sector) {
      if (n > 0 && sector == sectors[n - 1]) continue;
      rising = rising && (n == 0 || sector > sectors[n - 1]);
      if (n < kLanes) sectors[n++] = sector;
    }
  }
  if (rising) return n;
  std::sort(sectors.begin(), sectors.begin() + n);
  return static_cast<std::uint32_t>(std::unique(sectors.begin(), sectors.begin() + n) - sectors.begin());
}

std::uint32_t count_passes(const std::uint64_t* addresses, std::uint32_t mask) {
  // Only lanes of one bucket can name the same address; mostly they all do, or each has a bucket of its own.
  std::array<std::uint32_t, 64> buckets{};
  for (std::uint32_t left = mask; left != 0; left &= left - 1) {
    const std::uint64_t word = addresses[__builtin_ctz(left)] >> 2;
    buckets[(word ^ word >> 6) % buckets.size()] |= left & -left;
  }
  std::uint32_t most = mask != 0;
  for (const std::uint32_t bucket : buckets) {
    for (std::uint32_t left = bucket; (left & (left - 1)) != 0;) {
      const std::uint64_t address = addresses[__builtin_ctz(left)];
      std::uint32_t same = 0, passes = 0;
      for (std::uint32_t others = left; others != 0; others &= others - 1) {
        if (addresses[__builtin_ctz(others)] != address) continue;
        same |= others & -others;
        ++passes;
      }
      left &= ~same;
      most = std::max(most, passes);
    }
  }
  return most;
}

std::uint32_t count_wavefronts(const std::uint64_t* addresses, std::uint32_t mask, std::uint32_t size_bytes) {
  const std::uint32_t words = std::max(1u, size_bytes / 4);
  const std::uint32_t group = kLanes / words;  // lanes served together
  std::uint32_t total = 0;
  for (std::uint32_t first = 0; first < kLanes; first += group) {
    const std::uint32_t lanes = mask & (group == kLanes ? kFullMask : ((1u << group) - 1) << first);
    if (lanes == 0) continue;
    // Mostly every bank serves one word.
    std::array<std::uint32_t, 32> word_of_bank;
    std::uint32_t asked_banks = 0;
    bool conflict = false;
    for (std::uint32_t left = lanes; left != 0 && !conflict; left &= left - 1) {
      const std::uint64_t address = addresses[__builtin_ctz(left)];
      for (std::uint32_t k = 0; k < words; ++k) {
        const auto word = static_cast<std::uint32_t>((address >> 2) + k);
        const std::uint32_t bank = word & 31u;
        if ((asked_banks >> bank & 1u) == 0) word_of_bank[bank] = word;
        asked_banks |= 1u << bank;
        conflict = conflict || word_of_bank[bank] != word;
      }
    }
    if (!conflict) {
      ++total;
      continue;
    }
    // Per bank, the distinct words asked for so far.
    std::array<std::array<std::uint32_t, kLanes>, 32> asked;
    std::array<std::uint8_t, 32> used{};
    std::uint32_t most = 1;
    for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
      const std::uint64_t address = addresses[__builtin_ctz(left)];
      for (std::uint32_t k = 0; k < words; ++k) {
        const auto word = static_cast<std::uint32_t>((address >> 2) + k);
        const std::uint32_t bank = word & 31u;
        auto* begin = asked[bank].data();
        auto* end = begin + used[bank];
        if (std::find(begin, end, word) != end) continue;
        *end = word;
        most = std::max<std::uint32_t>(most, ++used[bank]);
      }
    }
    total += most;
  }
  return total;
}

}  // namespace drillpress::lockstep
