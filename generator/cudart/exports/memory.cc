// Allocation: device, managed, pinned and registered memory, pools, and what pointers are.
#include <algorithm>
#include <cstring>

#include "cudart/exports/api.h"

using namespace drillpress::cudart;
using drillpress::lockstep::MemoryKind;

namespace {

constexpr std::size_t kPitchAlignment = 512;  // as textureAlignment

void poison(Context& all, std::uint64_t address, std::size_t bytes) {
  const auto byte = all.options().poison;
  if (byte) std::memset(all.memory().host_pointer(address, bytes), *byte, bytes);
}

Error allocate(Context& all, void** pointer, std::size_t bytes, MemoryKind kind) {
  if (!pointer) return cudaErrorInvalidValue;
  *pointer = nullptr;
  if (bytes == 0) return cudaSuccess;
  const auto allocated = all.memory().allocate(bytes, kind);
  if (allocated.error != drillpress::lockstep::MemoryError::kNone) return to_error(allocated.error);
  *pointer = reinterpret_cast<void*>(allocated.address);
  poison(all, allocated.address, bytes);
  return cudaSuccess;
}

Error release(Context& all, void* pointer, bool host) {
  if (!pointer) return cudaSuccess;
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  const auto allocation = all.memory().find(address);
  const bool whole = allocation && allocation->live && allocation->address == address;
  const bool right_kind =
      whole && (host ? allocation->kind == MemoryKind::kPinned
                     : allocation->kind == MemoryKind::kDevice || allocation->kind == MemoryKind::kManaged);
  if (!right_kind) return cudaErrorInvalidValue;
  all.host_flags.erase(address);
  return to_error(all.memory().free(address));
}

/// Memory pools need no state of their own: the one pool of the device is its memory.
struct Pool {
  std::uint64_t release_threshold = 0;
};
Pool default_pool;

bool is_pool(const void* pool) {
  return pool == &default_pool;
}

}  // namespace

CUDART_EXPORT Error cudaMalloc(void** pointer, std::size_t bytes) {
  return device_call([&](Context& all) -> Error {
    if (const Error error = forbid_in_capture(all)) return error;
    return allocate(all, pointer, bytes, MemoryKind::kDevice);
  });
}

CUDART_EXPORT Error cudaFree(void* pointer) {
  return synchronizing_call([&](Context& all) -> Error {
    if (const Error error = forbid_in_capture(all)) return error;
    return release(all, pointer, false);
  });
}

CUDART_EXPORT Error cudaMallocAsync(void** pointer, std::size_t bytes, void* stream) {
  return device_call([&](Context& all) -> Error {
    const Stream* found = all.find_stream(stream);
    if (!found) return cudaErrorInvalidResourceHandle;
    if (found->capture) return all.refuse("cudaMallocAsync", "allocation nodes in graphs are not supported");
    return allocate(all, pointer, bytes, MemoryKind::kDevice);
  });
}

CUDART_EXPORT Error cudaMallocFromPoolAsync(void** pointer, std::size_t bytes, void* pool, void* stream) {
  if (!is_pool(pool)) return leave(cudaErrorInvalidValue);
  return cudaMallocAsync(pointer, bytes, stream);
}

CUDART_EXPORT Error cudaFreeAsync(void* pointer, void* stream) {
  return device_call([&](Context& all) -> Error {
    const Stream* found = all.find_stream(stream);
    if (!found) return cudaErrorInvalidResourceHandle;
    if (found->capture) return all.refuse("cudaFreeAsync", "allocation nodes in graphs are not supported");
    return release(all, pointer, false);
  });
}

CUDART_EXPORT Error cudaMallocManaged(void** pointer, std::size_t bytes, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (flags != 1 && flags != 2) return cudaErrorInvalidValue;  // cudaMemAttachGlobal, cudaMemAttachHost
    if (bytes == 0) return cudaErrorInvalidValue;
    return allocate(all, pointer, bytes, MemoryKind::kManaged);
  });
}

CUDART_EXPORT Error cudaHostAlloc(void** pointer, std::size_t bytes, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (flags & ~abi::kHostAllocMask) return cudaErrorInvalidValue;
    if (const Error error = allocate(all, pointer, bytes, MemoryKind::kPinned)) return error;
    all.host_flags[reinterpret_cast<std::uint64_t>(*pointer)] = flags | abi::kHostAllocMapped;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaMallocHost(void** pointer, std::size_t bytes) {
  return cudaHostAlloc(pointer, bytes, 0);
}

CUDART_EXPORT Error cudaFreeHost(void* pointer) {
  return synchronizing_call([&](Context& all) { return release(all, pointer, true); });
}

CUDART_EXPORT Error cudaHostRegister(void* pointer, std::size_t bytes, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (!pointer || bytes == 0 || (flags & ~abi::kHostRegisterMask)) return cudaErrorInvalidValue;
    const Error error = to_error(all.memory().register_host(pointer, bytes));
    if (error == cudaSuccess) all.host_flags[reinterpret_cast<std::uint64_t>(pointer)] = flags;
    return error;
  });
}

CUDART_EXPORT Error cudaHostUnregister(void* pointer) {
  return synchronizing_call([&](Context& all) -> Error {
    if (!pointer) return cudaErrorInvalidValue;
    if (to_error(all.memory().unregister_host(pointer)) != cudaSuccess)
      return cudaErrorHostMemoryNotRegistered;
    all.host_flags.erase(reinterpret_cast<std::uint64_t>(pointer));
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaHostGetDevicePointer(void** device, void* host, unsigned flags) {
  return device_call([&](Context& all) -> Error {
    if (!device || !host || flags != 0) return cudaErrorInvalidValue;
    const auto allocation = all.memory().find(reinterpret_cast<std::uint64_t>(host));
    const bool mapped =
        allocation && allocation->live &&
        (allocation->kind == MemoryKind::kPinned || allocation->kind == MemoryKind::kRegistered);
    if (!mapped) return cudaErrorInvalidValue;
    *device = host;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaHostGetFlags(unsigned* flags, void* host) {
  return device_call([&](Context& all) -> Error {
    const auto found = all.host_flags.find(reinterpret_cast<std::uint64_t>(host));
    if (!flags || found == all.host_flags.end()) return cudaErrorInvalidValue;
    *flags = found->second;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaMallocPitch(void** pointer, std::size_t* pitch, std::size_t width,
                                    std::size_t height) {
  return device_call([&](Context& all) -> Error {
    std::size_t bytes = 0;
    if (!pitch || width > SIZE_MAX - kPitchAlignment) return cudaErrorInvalidValue;
    *pitch = (width + kPitchAlignment - 1) / kPitchAlignment * kPitchAlignment;
    if (__builtin_mul_overflow(*pitch, height, &bytes)) return cudaErrorMemoryAllocation;
    return allocate(all, pointer, bytes, MemoryKind::kDevice);
  });
}

CUDART_EXPORT Error cudaMalloc3D(abi::PitchedPointer* pitched, abi::Extent extent) {
  if (!pitched) return leave(cudaErrorInvalidValue);
  std::size_t rows = 0;
  if (__builtin_mul_overflow(extent.height, extent.depth, &rows)) return leave(cudaErrorMemoryAllocation);
  pitched->xsize = extent.width;
  pitched->ysize = extent.height;
  return cudaMallocPitch(&pitched->pointer, &pitched->pitch, extent.width, rows);
}

CUDART_EXPORT Error cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total_bytes) {
  return device_call([&](Context& all) -> Error {
    if (!free_bytes || !total_bytes) return cudaErrorInvalidValue;
    *free_bytes = all.memory().free_bytes();
    *total_bytes = all.memory().total_bytes();
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaPointerGetAttributes(abi::PointerAttributes* attributes, const void* pointer) {
  return device_call([&](Context& all) -> Error {
    if (!attributes) return cudaErrorInvalidValue;
    *attributes = {};
    attributes->device = -2;  // no device knows the pointer
    attributes->host_pointer = const_cast<void*>(pointer);
    const auto allocation = all.memory().find(reinterpret_cast<std::uint64_t>(pointer));
    if (!allocation || !allocation->live) {
      if (!all.memory().in_window(reinterpret_cast<std::uint64_t>(pointer))) return cudaSuccess;
      attributes->host_pointer = nullptr;
      return cudaSuccess;
    }
    attributes->device = 0;
    attributes->device_pointer = const_cast<void*>(pointer);
    switch (allocation->kind) {
      case MemoryKind::kDevice:
      case MemoryKind::kSymbol:
        attributes->type = abi::kMemoryDevice;
        attributes->host_pointer = nullptr;
        break;
      case MemoryKind::kManaged:
        attributes->type = abi::kMemoryManaged;
        break;
      case MemoryKind::kPinned:
      case MemoryKind::kRegistered:
        attributes->type = abi::kMemoryHost;
        break;
    }
    return cudaSuccess;
  });
}

// Hints about where managed memory shall be: it is in one place, so that they change nothing.

CUDART_EXPORT Error cudaMemPrefetchAsync(const void* pointer, std::size_t bytes, abi::MemoryLocation,
                                         unsigned, void* stream) {
  return device_call([&](Context& all) -> Error {
    if (!all.find_stream(stream)) return cudaErrorInvalidResourceHandle;
    const auto allocation = all.memory().find(reinterpret_cast<std::uint64_t>(pointer));
    const bool managed =
        allocation && allocation->live &&
        (allocation->kind == MemoryKind::kManaged || allocation->kind == MemoryKind::kSymbol);
    if (!managed || !all.memory().host_pointer(reinterpret_cast<std::uint64_t>(pointer), bytes)) {
      return cudaErrorInvalidValue;
    }
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaMemAdvise(const void* pointer, std::size_t bytes, int, abi::MemoryLocation location) {
  return cudaMemPrefetchAsync(pointer, bytes, location, 0, nullptr);
}

CUDART_EXPORT Error cudaStreamAttachMemAsync(void* stream, void*, std::size_t, unsigned) {
  return device_call([&](Context& all) -> Error {
    return all.find_stream(stream) ? cudaSuccess : cudaErrorInvalidResourceHandle;
  });
}

CUDART_EXPORT Error cudaDeviceGetDefaultMemPool(void** pool, int device) {
  if (!pool) return leave(cudaErrorInvalidValue);
  if (device != 0) return leave(cudaErrorInvalidDevice);
  *pool = &default_pool;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceGetMemPool(void** pool, int device) {
  return cudaDeviceGetDefaultMemPool(pool, device);
}

CUDART_EXPORT Error cudaDeviceSetMemPool(int device, void* pool) {
  if (device != 0) return leave(cudaErrorInvalidDevice);
  return leave(is_pool(pool) ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaMemPoolCreate(void** pool, const abi::MemoryPoolProperties* properties) {
  if (!pool || !properties) return leave(cudaErrorInvalidValue);
  *pool = &default_pool;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaMemPoolDestroy(void* pool) {
  return leave(is_pool(pool) ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaMemPoolTrimTo(void* pool, std::size_t) {
  return leave(is_pool(pool) ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaMemPoolSetAccess(void* pool, const void*, std::size_t) {
  return leave(is_pool(pool) ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaMemPoolGetAttribute(void* pool, int attribute, void* value) {
  return device_call([&](Context& all) -> Error {
    if (!is_pool(pool) || !value) return cudaErrorInvalidValue;
    const std::uint64_t used = all.memory().total_bytes() - all.memory().free_bytes();
    switch (attribute) {
      case 1:  // reuse policies: on, as by default
      case 2:
      case 3:
        *static_cast<int*>(value) = 1;
        return cudaSuccess;
      case 4:
        *static_cast<std::uint64_t*>(value) = default_pool.release_threshold;
        return cudaSuccess;
      case 5:  // reserved and used, now and at most
      case 6:
      case 7:
      case 8:
        *static_cast<std::uint64_t*>(value) = used;
        return cudaSuccess;
      default:
        return cudaErrorInvalidValue;
    }
  });
}

CUDART_EXPORT Error cudaMemPoolSetAttribute(void* pool, int attribute, void* value) {
  if (!is_pool(pool) || !value || attribute < 1 || attribute > 8) return leave(cudaErrorInvalidValue);
  if (attribute == 4) default_pool.release_threshold = *static_cast<std::uint64_t*>(value);
  return cudaSuccess;
}
