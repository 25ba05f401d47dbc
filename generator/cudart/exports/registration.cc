// What nvcc's start-up code calls: fat binaries, kernels and variables are noted, nothing is parsed yet.
#include "cudart/exports/api.h"
#include "cudart/process_end.h"

using namespace drillpress::cudart;

namespace {

Program& program_of(void** handle) {
  return *reinterpret_cast<Program*>(handle);
}

}  // namespace

CUDART_EXPORT void** __cudaRegisterFatBinary(void* wrapper) {
  Context& all = context();
  const std::lock_guard lock(all.mutex);
  watch_process_end();
  return reinterpret_cast<void**>(&all.registry.add_program(static_cast<const FatbinWrapper*>(wrapper)));
}

CUDART_EXPORT void __cudaRegisterFatBinaryEnd(void**) {}

/// Runs at exit, when destructors may still free memory: the module stays loaded, as the process is about to
/// end.
CUDART_EXPORT void __cudaUnregisterFatBinary(void**) {}

CUDART_EXPORT void __cudaRegisterFunction(void** handle, const char* host_address, char*, const char* name,
                                          int, void*, void*, void*, void*, int*) {
  Context& all = context();
  const std::lock_guard lock(all.mutex);
  all.registry.add_function(program_of(handle), host_address, name);
}

CUDART_EXPORT void __cudaRegisterVar(void** handle, char* host_address, char*, const char* name, int,
                                     std::size_t size_bytes, int, int) {
  Context& all = context();
  const std::lock_guard lock(all.mutex);
  all.registry.add_variable(host_address,
                            {&program_of(handle), name, size_bytes, false, nullptr, std::nullopt});
}

CUDART_EXPORT void __cudaRegisterManagedVar(void** handle, void** host_slot, char*, const char* name, int,
                                            std::size_t size_bytes, int, int) {
  Context& all = context();
  const std::lock_guard lock(all.mutex);
  all.registry.add_variable(host_slot,
                            {&program_of(handle), name, size_bytes, true, host_slot, std::nullopt});
}

/// Called before the host first touches a managed variable. The answer 0 would make the program call again.
CUDART_EXPORT char __cudaInitModule(void** handle) {
  device_call([&](Context& all) -> Error {
    for (Variable* variable : all.registry.managed_variables(program_of(handle))) {
      if (const Error error = all.resolve(*variable)) return error;
    }
    return cudaSuccess;
  });
  return 1;
}
