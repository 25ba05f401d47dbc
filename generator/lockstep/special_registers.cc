// The rows of the special registers that a frame's function reads, filled when the frame begins.
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

template <typename F>
void fill(char* row, bool wide, F value_of_lane) {
  if (wide) {
    auto* lanes = reinterpret_cast<std::uint64_t*>(row);
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) lanes[lane] = value_of_lane(lane);
  } else {
    auto* lanes = reinterpret_cast<std::uint32_t*>(row);
    for (std::uint32_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] = static_cast<std::uint32_t>(value_of_lane(lane));
  }
}

/// %tid: `dimension` 0, 1 or 2. One division a warp; lanes then count on.
void fill_thread_index(char* row, bool wide, std::uint32_t first, const Dim3& size, std::uint32_t dimension) {
  if (dimension == 0 && size.x % kLanes == 0) {
    const std::uint64_t base = first % size.x;
    return fill(row, wide, [base](std::uint32_t lane) { return base + lane; });
  }
  std::uint32_t index[3] = {first % size.x, first / size.x % size.y, first / size.x / size.y};
  fill(row, wide, [&](std::uint32_t) -> std::uint64_t {
    const std::uint32_t value = index[dimension];
    if (++index[0] == size.x) {
      index[0] = 0;
      if (++index[1] == size.y) index[1] = 0, ++index[2];
    }
    return value;
  });
}

}  // namespace

void Warp::prepare(Frame& f) {
  f.predicates[kTruePredicate] = kFullMask;
  const Launch& launch = *worker->launch;
  const LaunchRequest& request = *launch.request;
  for (const SpecialRow& row : f.function->specials) {
    char* at = f.registers + row.row;
    auto per_lane = [&](auto value_of_lane) { fill(at, row.wide, value_of_lane); };
    auto same = [&](std::uint64_t value) { fill(at, row.wide, [value](std::uint32_t) { return value; }); };
    auto thread_index = [&](std::uint32_t dimension) {
      fill_thread_index(at, row.wide, number * kLanes, request.block, dimension);
    };
    switch (row.special) {
      case Special::kTidX:
        thread_index(0);
        break;
      case Special::kTidY:
        thread_index(1);
        break;
      case Special::kTidZ:
        thread_index(2);
        break;
      case Special::kNtidX:
        same(request.block.x);
        break;
      case Special::kNtidY:
        same(request.block.y);
        break;
      case Special::kNtidZ:
        same(request.block.z);
        break;
      case Special::kCtaidX:
        same(block->index[0]);
        break;
      case Special::kCtaidY:
        same(block->index[1]);
        break;
      case Special::kCtaidZ:
        same(block->index[2]);
        break;
      case Special::kNctaidX:
        same(request.grid.x);
        break;
      case Special::kNctaidY:
        same(request.grid.y);
        break;
      case Special::kNctaidZ:
        same(request.grid.z);
        break;
      case Special::kLaneId:
        per_lane([](std::uint32_t lane) { return std::uint64_t{lane}; });
        break;
      case Special::kWarpId:
        same(number);
        break;
      case Special::kNwarpId:
        same(launch.warps_per_block);
        break;
      case Special::kSmId:
        same(block->linear % launch.properties->multiprocessors);
        break;
      case Special::kNsmId:
        same(launch.properties->multiprocessors);
        break;
      case Special::kGridId:
        same(launch.serial);
        break;
      case Special::kLanemaskEq:
        per_lane([](std::uint32_t lane) { return std::uint64_t{1} << lane; });
        break;
      case Special::kLanemaskLt:
        per_lane([](std::uint32_t lane) { return (std::uint64_t{1} << lane) - 1; });
        break;
      case Special::kLanemaskLe:
        per_lane([](std::uint32_t lane) { return (std::uint64_t{2} << lane) - 1; });
        break;
      case Special::kLanemaskGt:
        per_lane([](std::uint32_t lane) { return ~((std::uint64_t{2} << lane) - 1) & kFullMask; });
        break;
      case Special::kLanemaskGe:
        per_lane([](std::uint32_t lane) { return ~((std::uint64_t{1} << lane) - 1) & kFullMask; });
        break;
      case Special::kTotalSmemSize:
        same(launch.shared_bytes);
        break;
      case Special::kDynamicSmemSize:
        same(request.dynamic_shared_bytes);
        break;
      case Special::kReservedSmem:
        same(launch.reserved_shared_offset());
        break;
      case Special::kEnvreg1:
        same(launch.grid_barrier >> 32);
        break;
      case Special::kEnvreg2:
        same(launch.grid_barrier & 0xffffffffu);
        break;
      case Special::kZero:
        same(0);
        break;
      case Special::kOne:
        same(1);
        break;
    }
  }
}

}  // namespace drillpress::lockstep
