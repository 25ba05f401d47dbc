// The public face of the lockstep engine: one virtual device that holds memory and modules and runs PTX
// kernels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lockstep/report.h"

namespace drillpress::lockstep {

/// An address as device code sees it. Host-visible kinds (managed, pinned, registered) have the same number
/// on the host.
using DeviceAddress = std::uint64_t;

/// What the device is. Only `address_space_bytes` changes how the engine works; the rest is what it tells
/// programs and the limits it enforces at launch.
struct DeviceProperties {
  std::string name = "Drillpress lockstep engine";
  std::uint32_t compute_major = 9, compute_minor = 0;
  std::uint32_t multiprocessors = 132;
  std::uint32_t warp_size = 32;
  std::uint32_t max_threads_per_block = 1024;
  std::uint32_t max_block[3] = {1024, 1024, 64};
  std::uint32_t max_grid[3] = {0x7fffffff, 65535, 65535};
  std::uint32_t max_threads_per_multiprocessor = 2048;
  std::uint32_t max_blocks_per_multiprocessor = 32;
  std::uint32_t registers_per_multiprocessor = 65536;
  std::uint32_t shared_bytes_per_block = 48 * 1024;  ///< without opting in
  std::uint32_t shared_bytes_per_block_optin =
      227 * 1024;  ///< with LaunchRequest::dynamic_shared_limit_bytes raised
  std::uint32_t shared_bytes_per_multiprocessor = 228 * 1024;
  std::uint32_t constant_bytes = 64 * 1024;
  std::uint32_t l2_bytes = 50 * 1024 * 1024;
  std::uint64_t address_space_bytes = 64ull << 30;  ///< reserved, not used, memory; the device's total memory
  std::uint64_t heap_bytes = 8ull << 20;            ///< what device-side malloc may use
  std::uint32_t stack_bytes = 64 * 1024;            ///< per thread, for recursive and indirect calls
};

/// Which mistakes of kernels are reported. With none of them on, the first illegal access stops its block.
struct Checks {
  bool memcheck = true;
  bool synccheck = true;
  bool racecheck = false;  ///< accesses that nothing orders; such launches run on one host thread
  bool initcheck = false;  ///< reads of what nobody wrote; such launches run on one host thread
  bool any() const { return memcheck || synccheck || racecheck || initcheck; }
};

/// Which accesses a launch writes down, for pictures: those of one warp that source lines ending in
/// `file_suffix:line` make (any file if it is empty).
struct TraceRequest {
  std::string file_suffix;
  std::uint32_t line = 0;  ///< 0: nothing is traced
  std::uint64_t block = 0;
  std::uint32_t warp = 0;
  std::uint32_t most = 64;  ///< requests written down per launch
};

/// How kernels are run and observed. The engine reads no environment variable: its caller fills this in.
struct Options {
  Checks checks;
  bool counters = true;       ///< fill LaunchResult::counters and lines
  std::uint32_t threads = 0;  ///< host threads; 0: one per core. Results do not depend on it (see README.md)
  enum class Schedule : std::uint8_t { kForward, kReverse, kRandom };
  Schedule schedule = Schedule::kForward;  ///< order of blocks, and of warps within a block
  std::uint64_t seed = 0;                  ///< of kRandom
  std::uint64_t instruction_limit = 0;     ///< warp instructions a launch may execute; 0: no limit
  std::uint64_t timeout_ms = 0;            ///< wall time a launch may take; 0: no limit
  /// Report who stored into [watch_begin, watch_end): LaunchResult::watched_stores. Empty range: nobody.
  DeviceAddress watch_begin = 0, watch_end = 0;
  TraceRequest trace;  ///< LaunchResult::trace
};

enum class MemoryKind : std::uint8_t {
  kDevice,      ///< a host dereference faults
  kManaged,     ///< same address on both sides
  kPinned,      ///< allocated for the host, visible to the device at the same address
  kRegistered,  ///< memory of the program itself, made visible to the device
  kSymbol,      ///< a __device__, __constant__ or __managed__ variable of a module
};

enum class MemoryError : std::uint8_t {
  kNone,
  kOutOfMemory,     ///< no room left in the address space
  kInvalidValue,    ///< size 0, or a range that leaves its allocation
  kInvalidAddress,  ///< not the start of a live allocation (free), or in no live allocation (copy, memset)
  kAlreadyRegistered,
};

/// One allocation, live or freed. Addresses are 256-byte aligned and the same in every run of the same
/// program.
struct Allocation {
  DeviceAddress address = 0;
  std::uint64_t size_bytes = 0;
  MemoryKind kind = MemoryKind::kDevice;
  bool live = true;
  std::uint64_t serial = 0;  ///< 1, 2, … in the order of allocation
  std::string name;          ///< of a symbol; else empty
};

/// The device's memory. All functions are safe to call from several host threads; none may be called while a
/// launch that uses the memory runs, except from the launch itself.
class Memory {
 public:
  virtual ~Memory() = default;
  struct Allocated {
    DeviceAddress address = 0;
    MemoryError error = MemoryError::kNone;
  };
  /// kDevice, kManaged or kPinned. The bytes read as zero.
  virtual Allocated allocate(std::uint64_t size_bytes, MemoryKind kind) = 0;
  /// `address` must be the start of a live allocation of one of those kinds. Freed addresses are not reused
  /// until the address space is exhausted, so that a use after free is seen.
  virtual MemoryError free(DeviceAddress address) = 0;
  /// Makes the host range visible to the device at the same address, until unregistered.
  virtual MemoryError register_host(void* begin, std::uint64_t size_bytes) = 0;
  virtual MemoryError unregister_host(void* begin) = 0;

  /// The allocation (live, or else freed) that contains the address.
  virtual std::optional<Allocation> find(DeviceAddress address) const = 0;
  /// Every live allocation in address order (leak reports).
  virtual std::vector<Allocation> live_allocations() const = 0;
  virtual std::uint64_t free_bytes() const = 0;
  virtual std::uint64_t total_bytes() const = 0;
  /// Whether the address lies in the device's window, allocated or not: never the program's own memory.
  virtual bool in_window(DeviceAddress address) const = 0;

  /// Where the host may read and write `size_bytes` device bytes, or nullptr when they are not all within one
  /// live allocation. Valid until that allocation is freed. This is the way for copies: memcpy through it.
  virtual void* host_pointer(DeviceAddress address, std::uint64_t size_bytes) = 0;

  /// Begins to keep, per byte, whether anybody wrote it (Checks::initcheck); what is allocated by then counts
  /// as written. Copies and fills through this interface keep it; who writes through `host_pointer` says so
  /// with one of the two below. Managed, pinned and registered memory always counts as written.
  virtual void track_initialised() = 0;
  virtual void mark_initialised(DeviceAddress address, std::uint64_t size_bytes) = 0;
  /// The destination's bytes are as initialised as the source's; a source outside device memory is.
  virtual void copy_initialised(DeviceAddress destination, DeviceAddress source,
                                std::uint64_t size_bytes) = 0;

  virtual MemoryError copy_in(DeviceAddress destination, const void* source, std::uint64_t size_bytes) = 0;
  virtual MemoryError copy_out(void* destination, DeviceAddress source, std::uint64_t size_bytes) = 0;
  virtual MemoryError copy(DeviceAddress destination, DeviceAddress source, std::uint64_t size_bytes) = 0;
  /// Repeats the low `element_bytes` (1, 2 or 4) bytes of `value` over `count` elements.
  virtual MemoryError fill(DeviceAddress destination, std::uint32_t value, std::uint32_t element_bytes,
                           std::uint64_t count) = 0;
};

using ModuleId = std::uint32_t;  ///< 0 is no module

struct KernelParameter {
  std::uint32_t offset_bytes;  ///< in the parameter block
  std::uint32_t size_bytes;
};

/// A kernel (or device function) that can be launched. Lives as long as its module.
struct Kernel {
  ModuleId module = 0;
  std::uint32_t function = 0;  ///< index in the module's functions
  std::string name;            ///< mangled, as in PTX
  std::vector<KernelParameter> parameters;
  std::uint32_t parameter_bytes = 0;
  std::uint32_t static_shared_bytes = 0;
  std::uint32_t constant_bytes = 0;  ///< of the module
  std::uint32_t local_bytes = 0;     ///< declared by the kernel itself
  std::uint32_t max_threads = 0;     ///< product of .maxntid or .reqntid, else the device's limit
  std::uint32_t registers = 0;  ///< virtual 32-bit registers in PTX: an upper bound, not what ptxas allocates
  std::uint32_t ptx_version = 0;  ///< 90 for 9.0
  std::uint32_t target = 0;       ///< 90 for sm_90
};

struct Symbol {
  DeviceAddress address = 0;
  std::uint64_t size_bytes = 0;
  bool is_constant = false;
  bool is_managed = false;
};

struct Dim3 {
  std::uint32_t x = 1, y = 1, z = 1;
};

struct LaunchRequest {
  const Kernel* kernel = nullptr;
  Dim3 grid, block;
  std::uint32_t dynamic_shared_bytes = 0;
  /// The limit in force for the kernel (cudaFuncAttributeMaxDynamicSharedMemorySize); at most the device's
  /// opt-in.
  std::uint32_t dynamic_shared_limit_bytes = 48 * 1024;
  /// One pointer per kernel parameter, each to `size_bytes` bytes; copied before the launch starts.
  const void* const* arguments = nullptr;
  bool cooperative = false;
  bool profiled = true;  ///< false: this launch is not counted even if Options::counters is on
};

/// The device. One per process: it holds the fixed address window. Not copyable; not thread-safe except
/// Memory.
class Device {
 public:
  /// Fails when not even a small window can be reserved; the message says what limit is in the way.
  static base::Result<std::unique_ptr<Device>> create(const DeviceProperties& properties);
  virtual ~Device() = default;

  virtual const DeviceProperties& properties() const = 0;
  /// What malloc in device code may use from now on, and how deep recursive and indirect calls may go.
  virtual void set_heap_bytes(std::uint64_t bytes) = 0;
  virtual void set_stack_bytes(std::uint32_t bytes) = 0;
  virtual Options& options() = 0;
  virtual Memory& memory() = 0;
  /// What is not as it should be although the device works: a smaller address space than asked for, or
  /// addresses that differ between runs. One sentence each; empty as a rule.
  virtual const std::vector<std::string>& notices() const = 0;

  /// Parses the PTX, places its variables and makes its kernels known. Functions are decoded when first
  /// launched. The failure lists every fault of the parser with its line.
  virtual base::Result<ModuleId> load_module(std::string_view ptx) = 0;
  /// The same for the translation units of a program built with relocatable device code, joined into one
  /// module.
  virtual base::Result<ModuleId> load_linked(const std::vector<std::string>& units) = 0;
  virtual void unload_module(ModuleId module) = 0;
  /// nullptr: there is no such entry.
  virtual const Kernel* find_kernel(ModuleId module, std::string_view name) const = 0;
  virtual std::vector<const Kernel*> kernels(ModuleId module) const = 0;
  virtual std::optional<Symbol> find_symbol(ModuleId module, std::string_view name) const = 0;
  /// Each instruction of the kernel and of the functions it can reach that the engine cannot execute, as
  /// "form (PTX line n, file:line)". A launch fails only when it reaches one.
  virtual std::vector<std::string> unsupported_instructions(const Kernel& kernel) = 0;

  /// Blocks of the kernel that fit on one multiprocessor by threads, blocks and shared memory (registers are
  /// unknown before ptxas): the co-residency limit for cooperative launches.
  virtual std::uint32_t resident_blocks(const Kernel& kernel, std::uint32_t block_threads,
                                        std::uint32_t dynamic_shared_bytes) const = 0;

  /// Runs the kernel to its end. Device printf goes to standard output, in block order, before this returns.
  virtual LaunchResult launch(const LaunchRequest& request) = 0;
};

}  // namespace drillpress::lockstep
