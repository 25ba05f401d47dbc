// What a launch reports: its outcome, the findings of the checkers, and counters for the launch and for each
// source line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drillpress::lockstep {

/// Why a launch did not end well. Each maps to one CUDA error; kNone is success.
enum class FaultKind : std::uint8_t {
  kNone,
  kIllegalAddress,          ///< cudaErrorIllegalAddress
  kMisalignedAddress,       ///< cudaErrorMisalignedAddress
  kTrap,                    ///< cudaErrorLaunchFailure: `trap`, or __builtin_trap
  kAssert,                  ///< cudaErrorAssert
  kUnsupportedInstruction,  ///< the engine cannot execute it; the message names form, PTX line and source
                            ///< line
  kInvalidConfiguration,    ///< cudaErrorInvalidConfiguration: dimensions, threads, shared memory
  kInvalidValue,            ///< cudaErrorInvalidValue: no kernel, missing arguments
  kCooperativeTooLarge,     ///< cudaErrorCooperativeLaunchTooLarge
  kOutOfResources,          ///< cudaErrorLaunchOutOfResources: more threads than .maxntid allows
  kStackOverflow,           ///< cudaErrorLaunchFailure: the call stack of a thread is exhausted
  kInvalidPc,               ///< cudaErrorInvalidPc: a call or branch to no function
  kDeadlock,                ///< every thread waits for one that will not come
  kInstructionLimit,
  kTimeout,  ///< cudaErrorLaunchTimeout
};
std::string_view name(FaultKind kind);  ///< "illegal_address", …

/// A place in the program's source. Empty file: the module carries no line information.
struct SourceLine {
  std::string file;
  std::uint32_t line = 0;
};

enum class FindingKind : std::uint8_t {
  kOutOfBounds,        ///< memcheck.out_of_bounds
  kUseAfterFree,       ///< memcheck.use_after_free
  kMisaligned,         ///< memcheck.misaligned
  kInvalidFree,        ///< memcheck.invalid_free: device-side free of what malloc did not give
  kReadOnlyStore,      ///< memcheck.read_only_store: a store to constant memory
  kDivergentBarrier,   ///< synccheck.divergent_barrier: threads of a warp meet at different bar.sync
  kBarrierNotReached,  ///< synccheck.barrier_not_reached: a barrier that some threads never reach
  kInvalidMask,        ///< synccheck.invalid_mask: a thread outside the mask it names
  kMismatchedSync,     ///< synccheck.mismatched_sync: the lanes of one mask wait at different instructions
  kReadAfterWrite,     ///< racecheck.read_after_write: a read that nothing orders after another's write
  kWriteAfterWrite,    ///< racecheck.write_after_write
  kWriteAfterRead,     ///< racecheck.write_after_read
  kUninitialisedRead,  ///< initcheck.uninitialised_read: a read of bytes that nobody wrote
};
std::string_view name(FindingKind kind);  ///< "memcheck.out_of_bounds", …

/// Deduplicated by (kernel, source line, kind); block, thread, address and message are those of the first in
/// block order.
struct Finding {
  FindingKind kind;
  std::string kernel;
  SourceLine where;  ///< the user's line, not that of NVIDIA's header it was inlined from
  std::uint32_t ptx_line = 0;
  std::uint32_t block[3] = {0, 0, 0};
  std::uint32_t thread[3] = {0, 0, 0};
  std::string access;  ///< "load", "store", "atomic" or "" (synccheck)
  std::string space;   ///< "global", "shared", "local", "constant" or ""
  std::uint32_t size_bytes = 0;
  std::uint64_t address = 0;
  std::uint64_t allocation = 0;  ///< start of the nearest allocation, 0: there is none
  std::uint64_t allocation_bytes = 0;
  std::string allocation_name;      ///< of a variable of the program; "" for memory that was allocated
  std::int64_t distance_bytes = 0;  ///< from that allocation: negative before its start, else past its end
  std::string remark;   ///< memcheck: where an address is that is near no allocation, "a null pointer"; or ""
  std::string message;  ///< one line for people
  std::uint64_t count = 1;  ///< lanes (synccheck: warps) it happened to
  /// racecheck: the access it collides with.
  SourceLine other_where;
  std::uint32_t other_block[3] = {0, 0, 0};
  std::uint32_t other_thread[3] = {0, 0, 0};
  std::string other_access;  ///< "load", "store", "atomic" or "copy" (cp.async); "" for other checkers
};

/// Counted on PTX, not on machine code. A request is one warp-level instruction with at least one active
/// lane; a sector is a distinct 32-byte block among the bytes its active lanes name; a wavefront is one pass
/// over the 32 four-byte banks of shared memory: per request the largest number of distinct words any bank
/// serves (8-byte accesses are processed by half-warps, 16-byte accesses by quarter-warps, and the passes add
/// up). `branches` counts every transfer of control, returns among them. `bytes_…` are those of all
/// spaces, `global_bytes_…` of global memory; atomics move bytes that neither counts. `atomic_passes` is
/// contention: per atomic request the largest number of lanes that name one address. Operations are
/// arithmetic: conversions, comparisons and moves are none. COUNTER(name)
#define DRILLPRESS_LOCKSTEP_COUNTERS(COUNTER) \
  COUNTER(warp_instructions)                  \
  COUNTER(lane_instructions)                  \
  COUNTER(global_load_requests)               \
  COUNTER(global_load_sectors)                \
  COUNTER(global_store_requests)              \
  COUNTER(global_store_sectors)               \
  COUNTER(shared_load_requests)               \
  COUNTER(shared_load_wavefronts)             \
  COUNTER(shared_store_requests)              \
  COUNTER(shared_store_wavefronts)            \
  COUNTER(local_load_requests)                \
  COUNTER(local_store_requests)               \
  COUNTER(constant_load_requests)             \
  COUNTER(atomics)                            \
  COUNTER(atomic_lanes)                       \
  COUNTER(atomic_passes)                      \
  COUNTER(branches)                           \
  COUNTER(divergent_branches)                 \
  COUNTER(barriers)                           \
  COUNTER(fp16_operations)                    \
  COUNTER(fp32_operations)                    \
  COUNTER(fp64_operations)                    \
  COUNTER(tensor_operations)                  \
  COUNTER(integer_operations)                 \
  COUNTER(special_operations)                 \
  COUNTER(bytes_loaded)                       \
  COUNTER(bytes_stored)                       \
  COUNTER(global_bytes_loaded)                \
  COUNTER(global_bytes_stored)

struct Counters {
#define COUNTER(name) std::uint64_t name = 0;
  DRILLPRESS_LOCKSTEP_COUNTERS(COUNTER)
#undef COUNTER
  Counters& operator+=(const Counters& other);
};

struct LineCounters {
  SourceLine where;
  Counters counters;
};

/// A store into the watched range.
struct WatchedStore {
  SourceLine where;
  std::uint32_t block[3] = {0, 0, 0};
  std::uint32_t thread[3] = {0, 0, 0};
  std::uint64_t address = 0;
  std::uint32_t size_bytes = 0;
  std::uint64_t count = 0;  ///< lanes that stored from this line
  bool last = false;        ///< this line made the last store of all (in block order)
};

/// One request of a traced source line (Options::trace).
struct TracedAccess {
  SourceLine where;
  std::uint32_t ptx_line = 0;
  std::string access;  ///< "load", "store" or "atomic"
  std::string space;   ///< "global", "shared" or "local"
  std::uint32_t size_bytes = 0;
  std::uint32_t mask = 0;            ///< active lanes
  std::uint64_t addresses[32] = {};  ///< of the active lanes; shared: within the block's shared memory
};

struct Fault {
  FaultKind kind = FaultKind::kNone;
  std::string message;  ///< one sentence for people: what, which kernel, block and thread, where
  SourceLine where;
  std::uint32_t ptx_line = 0;
  std::uint32_t block[3] = {0, 0, 0};
  std::uint32_t thread[3] = {0, 0, 0};
};

struct LaunchResult {
  Fault fault;                      ///< the first in block order
  std::vector<Finding> findings;    ///< by file, line, kind
  Counters counters;                ///< zeros unless counted
  std::vector<LineCounters> lines;  ///< by file and line
  /// Bytes of global memory that the launch touched at least once; known where accesses are observed
  /// (racecheck, initcheck, traces, watchpoints).
  std::optional<std::uint64_t> global_unique_bytes;
  std::vector<WatchedStore> watched_stores;
  std::vector<TracedAccess> trace;  ///< in the order of execution
  bool counted = false;
  std::uint32_t host_threads = 0;  ///< how many ran it (never part of a record)
  bool ok() const { return fault.kind == FaultKind::kNone; }
};

}  // namespace drillpress::lockstep
