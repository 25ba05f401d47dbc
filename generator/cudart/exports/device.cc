// The one virtual device: what it is, its limits and flags, synchronisation, profiling ranges, errors.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "cudart/exports/api.h"

using namespace drillpress::cudart;

namespace {

constexpr int kRuntimeVersion = 13000;
constexpr const char* kBusId = "0000:00:00.0";

constexpr int kStackLimit = 0, kHeapLimit = 2;      ///< cudaLimit
constexpr std::size_t kMostStackBytes = 512 << 10;  ///< local memory of a thread

struct Limit {
  int number;
  std::size_t initial;
};
/// cudaLimit with the values that the hardware's driver starts with; the heap is the device's (see
/// DRILLPRESS_DEVICE).
constexpr Limit kLimits[] = {{0, 1024}, {1, 1 << 20}, {2, 8 << 20}, {3, 2}, {4, 2048}, {5, 64}, {6, 0}};

const Limit* find_limit(int number) {
  for (const Limit& limit : kLimits) {
    if (limit.number == number) return &limit;
  }
  return nullptr;
}

Error only_device(int device) {
  return device == 0 ? cudaSuccess : cudaErrorInvalidDevice;
}

}  // namespace

CUDART_EXPORT Error cudaGetDeviceCount(int* count) {
  if (!count) return leave(cudaErrorInvalidValue);
  *count = 1;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaGetDevice(int* device) {
  if (!device) return leave(cudaErrorInvalidValue);
  *device = 0;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaSetDevice(int device) {
  return plain_call([&](Context& all) -> Error {
    if (device != 0) return cudaErrorInvalidDevice;
    if (all.sticky != cudaSuccess) return all.sticky;
    return all.device() ? cudaSuccess : cudaErrorInitializationError;
  });
}

CUDART_EXPORT Error cudaInitDevice(int device, unsigned, unsigned) {
  return cudaSetDevice(device);
}

CUDART_EXPORT Error cudaSetValidDevices(int* devices, int count) {
  for (int i = 0; devices && i < count; ++i) {
    if (devices[i] != 0) return leave(cudaErrorInvalidDevice);
  }
  return cudaSuccess;
}

CUDART_EXPORT Error cudaChooseDevice(int* device, const void*) {
  return cudaGetDevice(device);
}

CUDART_EXPORT Error cudaGetDeviceProperties(DevicePropertiesAbi* properties, int device) {
  return plain_call([&](Context& all) -> Error {
    if (!properties) return cudaErrorInvalidValue;
    if (device != 0) return cudaErrorInvalidDevice;
    *properties = describe_device(all.options().device);
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaDeviceGetAttribute(int* value, int attribute, int device) {
  return plain_call([&](Context& all) -> Error {
    if (device != 0) return cudaErrorInvalidDevice;
    const auto answer = device_attribute(attribute, describe_device(all.options().device));
    if (!value || !answer) return cudaErrorInvalidValue;
    *value = *answer;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaDeviceGetPCIBusId(char* text, int length, int device) {
  if (device != 0) return leave(cudaErrorInvalidDevice);
  if (!text || length < static_cast<int>(std::strlen(kBusId)) + 1) return leave(cudaErrorInvalidValue);
  std::snprintf(text, static_cast<std::size_t>(length), "%s", kBusId);
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceGetByPCIBusId(int* device, const char* text) {
  if (!device || !text) return leave(cudaErrorInvalidValue);
  if (std::strcmp(text, kBusId) != 0) return leave(cudaErrorInvalidDevice);
  *device = 0;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceSynchronize() {
  return synchronizing_call([](Context& all) { return forbid_in_capture(all); });
}

CUDART_EXPORT Error cudaDeviceReset() {
  return synchronizing_call([](Context& all) -> Error {
    all.reset();
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaDeviceGetLimit(std::size_t* value, int number) {
  return plain_call([&](Context& all) -> Error {
    const Limit* limit = find_limit(number);
    if (!value) return cudaErrorInvalidValue;
    if (!limit) return cudaErrorUnsupportedLimit;
    const auto set = all.limits.find(number);
    *value = set != all.limits.end() ? set->second
             : number == kHeapLimit  ? all.options().device.heap_bytes
                                     : limit->initial;
    return cudaSuccess;
  });
}

/// Remembered and told again. The heap of malloc in device code and the stack of recursive calls follow; a
/// stack never gets smaller than the device's own, for PTX needs more of it than machine code.
CUDART_EXPORT Error cudaDeviceSetLimit(int number, std::size_t value) {
  return device_call([&](Context& all) -> Error {
    if (!find_limit(number)) return cudaErrorUnsupportedLimit;
    const auto& device = all.options().device;
    if (number == kHeapLimit && value > device.address_space_bytes) {
      say("note: cudaDeviceSetLimit: a heap of " + std::to_string(value) +
          " bytes is larger than the device's memory");
      return cudaErrorMemoryAllocation;
    }
    if (number == kStackLimit && value > kMostStackBytes) {
      say("note: cudaDeviceSetLimit: a thread can have a stack of at most " +
          std::to_string(kMostStackBytes) + " bytes");
      return cudaErrorInvalidValue;
    }
    if (number == kHeapLimit) all.device()->set_heap_bytes(value);
    if (number == kStackLimit)
      all.device()->set_stack_bytes(std::max(static_cast<std::uint32_t>(value), device.stack_bytes));
    all.limits[number] = value;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaDeviceSetCacheConfig(int config) {
  return leave(config >= 0 && config <= 3 ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaDeviceGetCacheConfig(int* config) {
  if (!config) return leave(cudaErrorInvalidValue);
  *config = 0;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceSetSharedMemConfig(int) {
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceGetSharedMemConfig(int* config) {
  if (!config) return leave(cudaErrorInvalidValue);
  *config = 1;  // banks of four bytes, the only kind there is
  return cudaSuccess;
}

CUDART_EXPORT Error cudaSetDeviceFlags(unsigned flags) {
  return plain_call([&](Context& all) -> Error {
    all.device_flags = flags;
    return flags & ~0xffU ? cudaErrorInvalidValue : cudaSuccess;
  });
}

CUDART_EXPORT Error cudaGetDeviceFlags(unsigned* flags) {
  return plain_call([&](Context& all) -> Error {
    if (!flags) return cudaErrorInvalidValue;
    *flags = all.device_flags | 8U;  // cudaDeviceMapHost is always on
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaDeviceCanAccessPeer(int* can, int device, int peer) {
  if (!can) return leave(cudaErrorInvalidValue);
  if (device != 0 || peer != 0) return leave(cudaErrorInvalidDevice);
  *can = 0;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDeviceEnablePeerAccess(int, unsigned) {
  return leave(cudaErrorInvalidDevice);
}
CUDART_EXPORT Error cudaDeviceDisablePeerAccess(int peer) {
  return leave(peer == 0 ? cudaErrorPeerAccessNotEnabled : cudaErrorInvalidDevice);
}

CUDART_EXPORT Error cudaDeviceGetP2PAttribute(int*, int, int source, int destination) {
  const Error error = only_device(source) ? only_device(source) : only_device(destination);
  return leave(error ? error : cudaErrorInvalidDevice);  // a device has no peer in itself
}

CUDART_EXPORT Error cudaCtxResetPersistingL2Cache() {
  return cudaSuccess;
}

CUDART_EXPORT Error cudaRuntimeGetVersion(int* version) {
  if (!version) return leave(cudaErrorInvalidValue);
  *version = kRuntimeVersion;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaDriverGetVersion(int* version) {
  return cudaRuntimeGetVersion(version);
}

/// Launches from here to cudaProfilerStop are marked in the counters file.
CUDART_EXPORT Error cudaProfilerStart() {
  return plain_call([](Context& all) -> Error {
    all.profiling = true;
    return cudaSuccess;
  });
}

CUDART_EXPORT Error cudaProfilerStop() {
  return plain_call([](Context& all) -> Error {
    all.profiling = false;
    return cudaSuccess;
  });
}

/// Does not wait: the failure of a kernel that nobody has waited for is not in it, as on the hardware.
CUDART_EXPORT Error cudaGetLastError() {
  const Error error = last_error;
  const Context& all = context();
  last_error = all.sticky;  // a failed context answers with its failure for ever
  return error != cudaSuccess ? error : all.sticky;
}

CUDART_EXPORT Error cudaPeekAtLastError() {
  return last_error != cudaSuccess ? last_error : context().sticky;
}

/// A value, not an action: programs make one before they ask for an array, and are refused there.
CUDART_EXPORT abi::ChannelFormat cudaCreateChannelDesc(int x, int y, int z, int w, int kind) {
  return {x, y, z, w, kind};
}

CUDART_EXPORT const char* cudaGetErrorName(int error) {
  return error_name(error);
}
CUDART_EXPORT const char* cudaGetErrorString(int error) {
  return error_text(error);
}
