// What one host thread needs while it runs blocks of a launch, and the slow paths that handlers call.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "lockstep/device_memory.h"
#include "lockstep/touched.h"
#include "lockstep/warp.h"

namespace drillpress::lockstep {

class Module;
class RaceChecker;

/// A region as the fast paths test it: `address - begin <= bytes - size`.
struct CachedRegion {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
  std::int64_t to_host = 0;
};

/// What one core writes often lies this far from what another uses: two cache lines, which are fetched in
/// pairs.
constexpr std::size_t kSharingBytes = 128;

/// What all workers of a launch share. Only the atomics change while it runs.
struct Launch {
  const LaunchRequest* request = nullptr;
  const Options* options = nullptr;
  const DeviceProperties* properties = nullptr;
  const Program* program = nullptr;
  DeviceMemory* memory = nullptr;
  std::vector<char> parameters;
  std::uint64_t blocks = 0;
  std::uint32_t block_threads = 0;
  std::uint32_t warps_per_block = 0;
  std::uint32_t shared_bytes = 0;  ///< the kernel's own
  std::uint32_t stack_bytes = 0;
  bool count = false;
  bool exclusive = false;          ///< one worker: global atomics need no atomic instructions
  std::uint64_t grid_barrier = 0;  ///< device address that %envreg1/2 name, for cooperative launches
  std::chrono::steady_clock::time_point deadline;
  bool has_deadline = false;
  std::uint64_t serial = 0;     ///< of the launch: %gridid
  std::uint64_t heap_left = 0;  ///< bytes that device malloc may still give; such launches have one worker
  std::uint64_t blocks_at_once = 1;  ///< that a worker takes
  std::atomic<std::uint64_t> first_fault{
      ~0ull};  ///< order of the first faulty block so far: later ones need not run
  std::atomic<bool> out_of_time{false};
  std::atomic<bool> out_of_instructions{false};

  /// Shared memory that the system keeps for itself comes after the kernel's, only where a kernel asks where
  /// it is.
  std::uint32_t reserved_shared_offset() const { return (shared_bytes + 15) / 16 * 16; }
  std::uint32_t all_shared_bytes() const {
    return program->reserves_shared ? reserved_shared_offset() + kReservedSharedBytes : shared_bytes;
  }

  /// A permutation of 0 … count-1 that depends on the seed.
  std::uint64_t permutation(std::uint64_t place, std::uint64_t count) const;
  RaceChecker* race = nullptr;  ///< of a launch with racecheck
  bool observed() const {
    return race != nullptr || options->checks.initcheck || options->trace.line != 0 ||
           options->watch_begin != options->watch_end;
  }

  alignas(kSharingBytes) std::atomic<std::uint64_t> next_block{0};  ///< place in the schedule
  std::atomic<std::uint64_t> instructions{0};                       ///< executed, when they are limited
};

enum class Access : std::uint8_t { kLoad, kStore, kAtomic };

/// A finding of one block, before those of all blocks are merged in block order.
struct BlockFinding {
  Finding finding;
  std::uint64_t order = 0;  ///< of the block that found it first
};
struct BlockStore {
  WatchedStore store;
  std::uint64_t order = 0;
  std::uint64_t sequence = 0;
};

struct Worker {
  Launch* launch = nullptr;
  std::vector<OpCounts> counts;  ///< by Op::index
  CachedRegion regions[64];  ///< by the low bits of Op::index: an instruction mostly stays in one allocation
  std::map<std::tuple<std::uint32_t, FindingKind>, BlockFinding> findings;  ///< by line of the program
  std::map<std::uint32_t, BlockStore> watched;
  std::uint32_t looks = 0;  ///< at the clock
  std::uint64_t sequence = 0;
  std::uint64_t clock = 0;                ///< what %clock reads: advances with each read
  std::uint64_t polled_instructions = 0;  ///< since anything but polling happened
  std::uint64_t stores_seen = 0;          ///< by stores_changed()
  bool observed = false;                  ///< accesses go through observe()
  RaceChecker* race = nullptr;            ///< racecheck, when it is on
  std::vector<TracedAccess> traced;
  TouchedBytes touched;  ///< of observed launches

  /// The host pointer of one lane's global access, or nullptr after recording why not. Refreshes the cache.
  char* global_pointer(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address,
                       std::uint32_t size_bytes, Access access);
  /// Same for the other spaces; `address` is within the space.
  char* outside(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address, std::uint32_t size_bytes,
                Access access, std::uint8_t space, std::uint64_t space_bytes);
  /// Whether anybody stored anything since the last call; starts polled_instructions again.
  bool stores_changed();
  /// What is to be known of an access that is allowed, before it is made: `addresses` are within the space,
  /// `pointers` where the host finds them. For stores `values` may hold the bytes to be written, `size_bytes`
  /// per lane (indexed by lane).
  void observe(Warp& warp, const Op& op, std::uint32_t space, std::uint32_t lanes,
               const std::uint64_t* addresses, char* const* pointers, std::uint32_t size_bytes, Access access,
               const char* values);
  /// Fills in the allocation that contains the address.
  void name_allocation(Finding& finding, std::uint64_t address) const;
  void watch(Warp& warp, const Op& op, std::uint32_t lane, std::uint64_t address, std::uint32_t size_bytes);
  /// Adds to the finding of this line and kind; fills kernel, place, block and thread.
  Finding& report(Warp& warp, const Op& op, std::uint32_t lane, FindingKind kind, std::uint64_t count);

 private:
  void trace(const Op& op, std::uint32_t space, std::uint32_t lanes, const std::uint64_t* addresses,
             std::uint32_t size_bytes, Access access);
  void check_initialised(Warp& warp, const Op& op, bool is_shared, std::uint32_t lanes,
                         const std::uint64_t* addresses, std::uint32_t size_bytes, Access access);
  void check_lane_initialised(Warp& warp, const Op& op, bool is_shared, std::uint32_t lane,
                              std::uint64_t address, std::uint32_t size_bytes, Access access);
};

std::string_view verb(Access access);  ///< "load", "store" or "atomic"
std::string_view space_name(ptx::Space space);

/// Distinct 32-byte blocks among the bytes that the lanes name.
std::uint32_t count_sectors(const std::uint64_t* addresses, std::uint32_t mask, std::uint32_t size_bytes);
/// Passes over the banks of shared memory; see Counters.
std::uint32_t count_wavefronts(const std::uint64_t* addresses, std::uint32_t mask, std::uint32_t size_bytes);

/// The largest number of lanes that name one address.
std::uint32_t count_passes(const std::uint64_t* addresses, std::uint32_t mask);

/// "form (PTX line n, file:line)" of an operation.
std::string describe(const Launch& launch, const Op& op);

}  // namespace drillpress::lockstep
