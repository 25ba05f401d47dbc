// The beginning of a block: which one it is, in which order its warps run, and their empty state.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "lockstep/race.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

__extension__ typedef unsigned __int128 Wide;

std::uint64_t permuted(const Launch& launch, std::uint64_t place) {
  switch (launch.options->schedule) {
    case Options::Schedule::kReverse:
      return launch.blocks - 1 - place;
    case Options::Schedule::kRandom:
      return launch.permutation(place, launch.blocks);
    default:
      return place;
  }
}

}  // namespace

std::uint64_t Launch::permutation(std::uint64_t place, std::uint64_t size) const {
  // place × a + b mod size with a coprime to size: a different full cycle for every seed.
  std::uint64_t state = options->seed;
  auto next = [&state] {
    state += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
  };
  const std::uint64_t b = next() % size;
  std::uint64_t a = next() % size;
  auto divisor = [](std::uint64_t x, std::uint64_t y) {
    while (y != 0) x = std::exchange(y, x % y);
    return x;
  };
  while (divisor(a, size) != 1) a = (a + 1) % size;
  return static_cast<std::uint64_t>((static_cast<Wide>(place) * a + b) % size);
}

Block::Block() = default;
Block::~Block() = default;

void Block::begin(Worker& by, std::uint64_t place) {
  const Launch& launch = *by.launch;
  worker = &by;
  by.polled_instructions = 0;
  order = place;
  linear = permuted(launch, place);
  const Dim3& grid = launch.request->grid;
  index[0] = static_cast<std::uint32_t>(linear % grid.x);
  index[1] = static_cast<std::uint32_t>(linear / grid.x % grid.y);
  index[2] = static_cast<std::uint32_t>(linear / grid.x / grid.y);
  alive_threads = launch.block_threads;
  fault = Fault{};
  output.clear();
  faulty_accesses = 0;
  for (Barrier& barrier : barriers) barrier = Barrier{};
  shared.assign(launch.all_shared_bytes(), 0);
  if (launch.options->checks.initcheck) {
    shared_written.assign(launch.shared_bytes, 0);
    // The system's part begins as zeros, on which cooperative groups rely.
    shared_written.resize(shared.size(), 1);
  }
  if (by.race != nullptr) by.race->begin_block(*this);
  const DecodedFunction& kernel = *launch.program->functions[0];
  const std::size_t predicate_bytes = (kernel.predicate_count * 4 + 63) / 64 * 64;
  const std::size_t frame_bytes = kernel.register_bytes + predicate_bytes;
  registers.assign(frame_bytes * launch.warps_per_block + 64, 0);
  char* rows = registers.data();
  rows += (64 - reinterpret_cast<std::uintptr_t>(rows) % 64) % 64;
  const std::size_t stack = static_cast<std::size_t>(launch.stack_bytes) * kLanes;
  if (local_bytes != stack * launch.warps_per_block) {
    local_bytes = stack * launch.warps_per_block;
    local.reset(static_cast<char*>(std::calloc(std::max<std::size_t>(local_bytes, 1), 1)));
  }
  warps.resize(launch.warps_per_block);
  warp_order.resize(launch.warps_per_block);
  for (std::uint32_t n = 0; n < launch.warps_per_block; ++n) {
    switch (launch.options->schedule) {
      case Options::Schedule::kReverse:
        warp_order[n] = launch.warps_per_block - 1 - n;
        break;
      case Options::Schedule::kRandom:
        warp_order[n] = static_cast<std::uint32_t>(launch.permutation(n, launch.warps_per_block));
        break;
      default:
        warp_order[n] = n;
    }
    Warp& warp = warps[n];
    const std::uint32_t threads = std::min(kLanes, launch.block_threads - n * kLanes);
    warp.number = n;
    warp.existing = threads == kLanes ? kFullMask : (1u << threads) - 1;
    warp.alive = warp.existing;
    warp.worker = &by;
    warp.block = this;
    warp.counts = by.counts.data();
    warp.local = local.get() + stack * n;
    warp.frames.clear();
    warp.free_frames.clear();
    warp.async.clear(shared.data(), by.race != nullptr ? race_order->copying.data() : nullptr);
    warp.cluster_arrived = warp.cluster_passed = 0;
    warp.root = Frame{};
    warp.root.function = &kernel;
    warp.root.lanes = warp.alive;
    warp.root.registers = rows + frame_bytes * n;
    warp.root.predicates = reinterpret_cast<std::uint32_t*>(warp.root.registers + kernel.register_bytes);
    warp.prepare(warp.root);
    Split all;
    all.mask = warp.alive;
    all.frame = &warp.root;
    warp.splits.assign(1, all);
  }
}
}  // namespace drillpress::lockstep
