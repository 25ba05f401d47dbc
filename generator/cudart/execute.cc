// Runs operations: kernels through the engine, copies and fills through its memory.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/demangle.h"
#include "cudart/context.h"

namespace drillpress::cudart {
namespace {

using base::demangle;
using lockstep::FaultKind;
using lockstep::Finding;

/// Everything from the first to the last byte that rows and slices span; nothing on overflow.
std::optional<std::uint64_t> span_bytes(std::uint64_t width, std::uint64_t height, std::uint64_t depth,
                                        std::uint64_t pitch, std::uint64_t slice) {
  std::uint64_t rows = 0, slices = 0, total = 0;
  if (__builtin_mul_overflow(height - 1, pitch, &rows) || __builtin_mul_overflow(depth - 1, slice, &slices)) {
    return std::nullopt;
  }
  if (__builtin_add_overflow(rows, slices, &total) || __builtin_add_overflow(total, width, &total))
    return std::nullopt;
  return total;
}

struct Place {
  char* bytes = nullptr;  ///< where the host can read and write them; null: nowhere
  bool device_only = false;
  bool device_visible = false;
};

/// Where a range of the program's or the device's memory is. A range that leaves its allocation is nowhere.
Place find_place(Context& context, const void* pointer, std::uint64_t bytes, const char* what) {
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  lockstep::Memory& memory = context.memory();
  const auto allocation = memory.find(address);
  if (!allocation && !memory.in_window(address)) {
    return {const_cast<char*>(static_cast<const char*>(pointer)), false, false};
  }
  Place place;
  place.device_visible = true;
  if (allocation && allocation->live) {
    place.device_only = allocation->kind == lockstep::MemoryKind::kDevice;
    place.bytes = static_cast<char*>(memory.host_pointer(address, bytes));
    // Host memory of which a part was registered: the program's own pages, whatever lies beyond the
    // registered ones.
    if (!place.bytes && !memory.in_window(address)) place.bytes = reinterpret_cast<char*>(address);
  }
  if (!place.bytes) {
    const std::string where = !allocation         ? "outside every allocation"
                              : !allocation->live ? "in freed memory"
                                                  : fmt::format("in an allocation of {} bytes at {:#x}",
                                                                allocation->size_bytes, allocation->address);
    say(fmt::format("note: {}: {} bytes at {:#x} are not all device memory ({})", what, bytes, address,
                    where));
  }
  return place;
}

bool direction_fits(abi::CopyKind kind, const Place& destination, const Place& source) {
  switch (kind) {
    case abi::kHostToHost:
      return !destination.device_only && !source.device_only;
    case abi::kHostToDevice:
      return destination.device_visible && !source.device_only;
    case abi::kDeviceToHost:
      return !destination.device_only && source.device_visible;
    case abi::kDeviceToDevice:
      return destination.device_visible && source.device_visible;
    case abi::kDefault:
      return true;
  }
  return false;
}

bool wanted(const RuntimeOptions& options, const Finding& finding) {
  const lockstep::Checks& checks = options.engine.checks;
  const std::string_view kind = lockstep::name(finding.kind);
  return kind.starts_with("memcheck")    ? checks.memcheck
         : kind.starts_with("synccheck") ? checks.synccheck
         : kind.starts_with("racecheck") ? checks.racecheck
                                         : checks.initcheck;
}

/// The same fault at the same line in a later launch adds to the count of the first.
void add_finding(Context& context, const Finding& finding) {
  for (Finding& known : context.report.findings) {
    if (known.kind == finding.kind && known.kernel == finding.kernel &&
        known.where.file == finding.where.file && known.where.line == finding.where.line) {
      known.count += finding.count;
      return;
    }
  }
  context.report.findings.push_back(finding);
  say(describe(finding));
}

void add_launch(Context& context, const lockstep::LaunchRequest& request,
                const lockstep::LaunchResult& result) {
  if (!result.counted) return;
  LaunchRecord record;
  record.kernel = request.kernel->name;
  record.grid = request.grid;
  record.block = request.block;
  record.static_shared_bytes = request.kernel->static_shared_bytes;
  record.dynamic_shared_bytes = request.dynamic_shared_bytes;
  record.cooperative = request.cooperative;
  record.profiled = context.profiling;
  record.fault = result.fault.kind;
  record.counters = result.counters;
  record.global_unique_bytes = result.global_unique_bytes;
  record.lines = result.lines;
  record.trace = result.trace;
  context.report.launches.push_back(std::move(record));
}

/// Faults of the call itself: the kernel did not start, and the context goes on.
bool is_configuration_fault(FaultKind kind) {
  return kind == FaultKind::kInvalidConfiguration || kind == FaultKind::kInvalidValue ||
         kind == FaultKind::kCooperativeTooLarge || kind == FaultKind::kOutOfResources;
}

/// Faults that a memcheck finding of the same launch has described already.
bool is_access_fault(FaultKind kind) {
  return kind == FaultKind::kIllegalAddress || kind == FaultKind::kMisalignedAddress;
}

Error take_fault(Context& context, const std::string& kernel, const lockstep::LaunchResult& result) {
  const lockstep::Fault& fault = result.fault;
  const Error error = to_error(fault.kind);
  if (is_configuration_fault(fault.kind)) {
    say(fmt::format("note: launch of {} failed: {}", demangle(kernel), fault.message));
    return error;
  }
  if (fault.kind == FaultKind::kUnsupportedInstruction) {
    context.refuse("kernel " + demangle(kernel), fault.message);
  } else {
    context.report.faults.push_back({kernel, fault});
    const bool explained =
        is_access_fault(fault.kind) && context.options().engine.checks.memcheck && !result.findings.empty();
    if (!explained) say(describe(context.report.faults.back()));
  }
  context.fail(error);  // told by the next call: a launch does not wait for its kernel
  return cudaSuccess;
}

struct Runner {
  Context& context;
  Error operator()(const KernelOperation& operation) const { return run_kernel(context, operation); }
  Error operator()(const CopyOperation& operation) const { return run_copy(context, operation); }
  Error operator()(const FillOperation& operation) const { return run_fill(context, operation); }
  Error operator()(const HostOperation& operation) const {
    operation.call.function(operation.call.data);
    return cudaSuccess;
  }
  Error operator()(const EventOperation& operation) const {
    if (!context.events.find(operation.event)) return cudaErrorInvalidResourceHandle;
    operation.event->recorded_at_ns = context.clock_ns;
    return cudaSuccess;
  }
  Error operator()(const WaitOperation&) const { return cudaSuccess; }
  Error operator()(const EmptyOperation&) const { return cudaSuccess; }
  Error operator()(const AllocateOperation& operation) const { return run_allocation(context, operation); }
  Error operator()(const FreeOperation& operation) const {
    return release_memory(context, operation.pointer, false);
  }
  // Only graphs have these, and run their bodies themselves.
  Error operator()(const ChildOperation&) const { return cudaErrorInvalidValue; }
  Error operator()(const ConditionalOperation&) const { return cudaErrorInvalidValue; }
};

}  // namespace

Error submit(Context& context, void* handle, Operation operation) {
  Stream* stream = context.find_stream(handle);
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (stream->capture) {
    if (stream->capture->invalidated) return cudaErrorStreamCaptureInvalidated;
    stream->frontier = {&stream->capture->graph->add(std::move(operation), stream->frontier)};
    return cudaSuccess;
  }
  // The legacy stream would wait for streams that record, save those that opted out of waiting for it.
  if (stream == &context.default_stream && context.invalidate_blocking_captures()) {
    return cudaErrorStreamCaptureImplicit;
  }
  return run_operation(context, operation);
}

Error run_operation(Context& context, const Operation& operation) {
  context.clock_ns += 1000;
  return std::visit(Runner{context}, operation);
}

std::uint32_t dynamic_shared_limit(Context& context, const Function& function) {
  if (function.dynamic_shared_limit_set) return function.dynamic_shared_limit_bytes;
  const std::uint32_t limit = context.options().device.shared_bytes_per_block;
  const std::uint32_t taken = function.kernel ? function.kernel->static_shared_bytes : 0;
  return limit > taken ? limit - taken : 0;
}

Error prepare_launch(Context& context, Function& function, lockstep::Dim3 grid, lockstep::Dim3 block,
                     void** arguments, std::uint64_t dynamic_shared_bytes, bool cooperative,
                     KernelOperation& operation) {
  if (const Error error = context.resolve(function)) return error;
  const auto& device = context.options().device;
  const bool empty =
      grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0;
  const bool grid_too_large =
      grid.x > device.max_grid[0] || grid.y > device.max_grid[1] || grid.z > device.max_grid[2];
  const bool block_too_large =
      block.x > device.max_block[0] || block.y > device.max_block[1] || block.z > device.max_block[2] ||
      static_cast<std::uint64_t>(block.x) * block.y * block.z > device.max_threads_per_block;
  const std::string launch =
      fmt::format("note: launch of {}<<<({},{},{}),({},{},{})>>>", demangle(function.name), grid.x, grid.y,
                  grid.z, block.x, block.y, block.z);
  if (empty || grid_too_large || block_too_large) {
    say(fmt::format("{}: {}", launch,
                    empty            ? "a dimension is zero"
                    : grid_too_large ? "the grid is larger than the device allows"
                                     : fmt::format("a block may have at most {} threads, {} by {} by {}",
                                                   device.max_threads_per_block, device.max_block[0],
                                                   device.max_block[1], device.max_block[2])));
    return cudaErrorInvalidConfiguration;
  }
  const std::uint32_t limit = dynamic_shared_limit(context, function);
  if (dynamic_shared_bytes > limit) {
    say(fmt::format(
        "{}: {} bytes of dynamic shared memory exceed the limit of {}; raise it with cudaFuncSetAttribute("
        "kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes)",
        launch, dynamic_shared_bytes, limit));
    return cudaErrorInvalidValue;
  }
  const auto& parameters = function.kernel->parameters;
  if (!arguments && !parameters.empty()) return cudaErrorInvalidValue;
  operation = {&function, grid, block, dynamic_shared_bytes, cooperative, {}, {}};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto* bytes = static_cast<const std::uint8_t*>(arguments[i]);
    if (!bytes) return cudaErrorInvalidValue;
    operation.arguments.emplace_back(bytes, bytes + parameters[i].size_bytes);
  }
  return cudaSuccess;
}

Error run_kernel(Context& context, const KernelOperation& operation) {
  if (const Error error = context.resolve(*operation.function)) return error;
  std::vector<const void*> arguments;
  for (const auto& argument : operation.arguments) arguments.push_back(argument.data());
  const lockstep::Kernel& kernel = *operation.function->kernel;
  lockstep::LaunchRequest request;
  request.kernel = &kernel;
  request.grid = operation.grid;
  request.block = operation.block;
  request.dynamic_shared_bytes = static_cast<std::uint32_t>(operation.dynamic_shared_bytes);
  request.dynamic_shared_limit_bytes = dynamic_shared_limit(context, *operation.function);
  request.arguments = arguments.data();
  request.cooperative = operation.cooperative;
  const lockstep::LaunchResult result = context.device()->launch(request);

  add_launch(context, request, result);
  for (const Finding& finding : result.findings) {
    if (wanted(context.options(), finding)) add_finding(context, finding);
  }
  for (const lockstep::WatchedStore& store : result.watched_stores) say(describe(store, kernel.name));
  return result.ok() ? cudaSuccess : take_fault(context, kernel.name, result);
}

Error run_copy(Context& context, const CopyOperation& copy) {
  if (copy.width_bytes == 0 || copy.height == 0 || copy.depth == 0) return cudaSuccess;
  if (copy.kind < abi::kHostToHost || copy.kind > abi::kDefault) return cudaErrorInvalidMemcpyDirection;
  if (!copy.destination || !copy.source) return cudaErrorInvalidValue;
  const bool rows = copy.height > 1 || copy.depth > 1;
  if (rows && (copy.destination_pitch < copy.width_bytes || copy.source_pitch < copy.width_bytes)) {
    return cudaErrorInvalidPitchValue;
  }
  const auto to_bytes =
      span_bytes(copy.width_bytes, copy.height, copy.depth, copy.destination_pitch, copy.destination_slice);
  const auto from_bytes =
      span_bytes(copy.width_bytes, copy.height, copy.depth, copy.source_pitch, copy.source_slice);
  if (!to_bytes || !from_bytes) return cudaErrorInvalidValue;
  const Place to = find_place(context, copy.destination, *to_bytes, "destination of a copy");
  const Place from = find_place(context, copy.source, *from_bytes, "source of a copy");
  if (!to.bytes || !from.bytes || !direction_fits(copy.kind, to, from)) return cudaErrorInvalidValue;
  for (std::size_t z = 0; z < copy.depth; ++z) {
    for (std::size_t y = 0; y < copy.height; ++y) {
      const std::size_t to_row = z * copy.destination_slice + y * copy.destination_pitch;
      const std::size_t from_row = z * copy.source_slice + y * copy.source_pitch;
      std::memmove(to.bytes + to_row, from.bytes + from_row, copy.width_bytes);
      context.memory().copy_initialised(reinterpret_cast<std::uint64_t>(copy.destination) + to_row,
                                        reinterpret_cast<std::uint64_t>(copy.source) + from_row,
                                        copy.width_bytes);
    }
  }
  return cudaSuccess;
}

Error run_fill(Context& context, const FillOperation& fill) {
  if (fill.width == 0 || fill.height == 0 || fill.depth == 0) return cudaSuccess;
  if (fill.element_bytes != 1 && fill.element_bytes != 2 && fill.element_bytes != 4)
    return cudaErrorInvalidValue;
  std::uint64_t width_bytes = 0;
  if (__builtin_mul_overflow(fill.width, fill.element_bytes, &width_bytes)) return cudaErrorInvalidValue;
  if ((fill.height > 1 || fill.depth > 1) && fill.pitch < width_bytes) return cudaErrorInvalidPitchValue;
  const auto bytes = span_bytes(width_bytes, fill.height, fill.depth, fill.pitch, fill.slice);
  if (!bytes) return cudaErrorInvalidValue;
  const Place to = find_place(context, fill.destination, *bytes, "destination of a memset");
  if (!to.bytes || !to.device_visible) return cudaErrorInvalidValue;
  for (std::size_t z = 0; z < fill.depth; ++z) {
    for (std::size_t y = 0; y < fill.height; ++y) {
      const std::size_t offset = z * fill.slice + y * fill.pitch;
      char* row = to.bytes + offset;
      context.memory().mark_initialised(reinterpret_cast<std::uint64_t>(fill.destination) + offset,
                                        width_bytes);
      if (fill.element_bytes == 1) {
        std::memset(row, static_cast<int>(fill.value & 0xffU), fill.width);
      } else {
        for (std::size_t x = 0; x < fill.width; ++x) {
          std::memcpy(row + x * fill.element_bytes, &fill.value,
                      fill.element_bytes);  // little-endian: the low bytes
        }
      }
    }
  }
  return cudaSuccess;
}

Error to_error(lockstep::MemoryError error) {
  switch (error) {
    case lockstep::MemoryError::kNone:
      return cudaSuccess;
    case lockstep::MemoryError::kOutOfMemory:
      return cudaErrorMemoryAllocation;
    case lockstep::MemoryError::kInvalidValue:
    case lockstep::MemoryError::kInvalidAddress:
      return cudaErrorInvalidValue;
    case lockstep::MemoryError::kAlreadyRegistered:
      return cudaErrorHostMemoryAlreadyRegistered;
  }
  return cudaErrorUnknown;
}

Error to_error(FaultKind kind) {
  switch (kind) {
    case FaultKind::kNone:
      return cudaSuccess;
    case FaultKind::kIllegalAddress:
      return cudaErrorIllegalAddress;
    case FaultKind::kMisalignedAddress:
      return cudaErrorMisalignedAddress;
    case FaultKind::kTrap:
    case FaultKind::kStackOverflow:
      return cudaErrorLaunchFailure;
    case FaultKind::kAssert:
      return cudaErrorAssert;
    case FaultKind::kUnsupportedInstruction:
      return cudaErrorNotSupported;
    case FaultKind::kInvalidConfiguration:
      return cudaErrorInvalidConfiguration;
    case FaultKind::kInvalidValue:
      return cudaErrorInvalidValue;
    case FaultKind::kCooperativeTooLarge:
      return cudaErrorCooperativeLaunchTooLarge;
    case FaultKind::kOutOfResources:
      return cudaErrorLaunchOutOfResources;
    case FaultKind::kInvalidPc:
      return cudaErrorInvalidPc;
    case FaultKind::kDeadlock:  // the hardware would hang; the nearest thing it can say
    case FaultKind::kInstructionLimit:
    case FaultKind::kTimeout:
      return cudaErrorLaunchTimeout;
  }
  return cudaErrorUnknown;
}

}  // namespace drillpress::cudart
