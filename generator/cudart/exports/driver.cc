// What would lead to the driver below the runtime: its entry points, and the log of its errors.
#include <cstdio>

#include "cudart/exports/api.h"

using namespace drillpress::cudart;

namespace {

enum EntryPointStatus : int { kFound = 0, kNotFound = 1 };

}  // namespace

/// There is no driver, so that no entry point is found; programs that ask can go on without.
CUDART_EXPORT Error cudaGetDriverEntryPointByVersion(const char* name, void** function, unsigned,
                                                     unsigned long long flags, int* status) {
  return plain_call([&](Context&) -> Error {
    if (!name || !function || flags > 2) return cudaErrorInvalidValue;
    *function = nullptr;
    if (status) *status = kNotFound;
    say(std::string("note: the driver function ") + name + " is not there: there is no driver");
    return status ? cudaSuccess : cudaErrorSymbolNotFound;
  });
}

CUDART_EXPORT Error cudaGetDriverEntryPoint(const char* name, void** function, unsigned long long flags,
                                            int* status) {
  return cudaGetDriverEntryPointByVersion(name, function, 0, flags, status);
}

// The log of the driver is empty: what goes wrong is said on standard error when it happens.

CUDART_EXPORT Error cudaLogsRegisterCallback(void* callback, void*, void** handle) {
  if (!callback || !handle) return leave(cudaErrorInvalidValue);
  *handle = callback;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaLogsUnregisterCallback(void* handle) {
  return leave(handle ? cudaSuccess : cudaErrorInvalidValue);
}

CUDART_EXPORT Error cudaLogsCurrent(unsigned* iterator, unsigned flags) {
  if (!iterator || flags != 0) return leave(cudaErrorInvalidValue);
  *iterator = 0;
  return cudaSuccess;
}

CUDART_EXPORT Error cudaLogsDumpToFile(unsigned*, const char* path, unsigned flags) {
  return plain_call([&](Context&) -> Error {
    if (!path || flags != 0) return cudaErrorInvalidValue;
    return write_wherever(path, "").ok() ? cudaSuccess : cudaErrorOperatingSystem;
  });
}

CUDART_EXPORT Error cudaLogsDumpToMemory(unsigned*, char* buffer, std::size_t* size, unsigned flags) {
  if (!buffer || !size || flags != 0) return leave(cudaErrorInvalidValue);
  if (*size != 0) *buffer = '\0';
  *size = 0;
  return cudaSuccess;
}
