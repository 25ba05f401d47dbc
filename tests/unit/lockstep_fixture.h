// A device for tests, and kernels made of a few lines of PTX run over arrays of inputs and outputs.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "lockstep/engine.h"

namespace drillpress::lockstep::test {

/// The one device of the test program, with default options.
inline Device& device() {
  static std::unique_ptr<Device> the_device = [] {
    auto created = Device::create(DeviceProperties{});
    if (!created) throw std::runtime_error(created.error());
    return std::move(created.value());
  }();
  return *the_device;
}

/// Options back to their defaults when the test ends.
class OptionsScope {
 public:
  OptionsScope() { device().options() = Options{}; }
  ~OptionsScope() { device().options() = Options{}; }
  OptionsScope(const OptionsScope&) = delete;
  OptionsScope& operator=(const OptionsScope&) = delete;
  Options* operator->() { return &device().options(); }
};

inline std::string with_header(const std::string& body) {
  return ".version 9.0\n.target sm_90\n.address_size 64\n" + body;
}

/// A loaded module that goes away with the test.
class LoadedPtx {
 public:
  explicit LoadedPtx(const std::string& body) {
    auto loaded = device().load_module(with_header(body));
    if (!loaded) FAIL(loaded.error());
    id_ = loaded.value();
  }
  ~LoadedPtx() { device().unload_module(id_); }
  LoadedPtx(const LoadedPtx&) = delete;
  LoadedPtx& operator=(const LoadedPtx&) = delete;
  ModuleId id() const { return id_; }
  const Kernel& kernel(const std::string& name) const {
    const Kernel* found = device().find_kernel(id_, name);
    if (found == nullptr) FAIL("no kernel " + name);
    return *found;
  }

 private:
  ModuleId id_ = 0;
};

/// Device memory with the elements of a vector.
template <typename T>
class Buffer {
 public:
  explicit Buffer(std::vector<T> initial) : count_(initial.size()) {
    auto allocated =
        device().memory().allocate(std::max<std::size_t>(1, count_ * sizeof(T)), MemoryKind::kDevice);
    REQUIRE(allocated.error == MemoryError::kNone);
    address_ = allocated.address;
    if (count_ != 0)
      REQUIRE(device().memory().copy_in(address_, initial.data(), count_ * sizeof(T)) == MemoryError::kNone);
  }
  explicit Buffer(std::size_t count, T value = T{}) : Buffer(std::vector<T>(count, value)) {}
  ~Buffer() { device().memory().free(address_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  DeviceAddress address() const { return address_; }
  std::size_t count() const { return count_; }
  std::vector<T> read() const {
    std::vector<T> values(count_);
    if (count_ != 0)
      REQUIRE(device().memory().copy_out(values.data(), address_, count_ * sizeof(T)) == MemoryError::kNone);
    return values;
  }

 private:
  DeviceAddress address_ = 0;
  std::size_t count_ = 0;
};

/// Launches with values as arguments, each as wide as its type.
template <typename... Arguments>
LaunchResult launch(const Kernel& kernel, Dim3 grid, Dim3 block, std::uint32_t dynamic_shared_bytes,
                    Arguments... arguments) {
  const void* pointers[] = {&arguments..., nullptr};
  LaunchRequest request;
  request.kernel = &kernel;
  request.grid = grid;
  request.block = block;
  request.dynamic_shared_bytes = dynamic_shared_bytes;
  request.arguments = pointers;
  return device().launch(request);
}

/// A kernel of one warp of 32 threads. `body` finds %tid.x in %t, and in %in and %out the addresses of this
/// thread's first input and output: inputs are 32 bytes a thread (four 8-byte slots), outputs too. It may use
/// %r<40>, %rd<40>, %f<40>, %fd<40>, %h<40> (b16) and %p<10>.
inline std::string warp_kernel(const std::string& body, const std::string& outside = "") {
  return outside + R"(
.visible .entry k(.param .u64 in, .param .u64 out) {
  .reg .b32 %r<40>; .reg .b64 %rd<40>; .reg .f32 %f<40>; .reg .f64 %fd<40>; .reg .b16 %h<40>; .reg .pred %p<10>;
  .reg .b32 %t; .reg .b64 %in, %out, %slot;
  ld.param.u64 %in, [in];
  ld.param.u64 %out, [out];
  mov.u32 %t, %tid.x;
  mul.wide.u32 %slot, %t, 32;
  add.s64 %in, %in, %slot;
  add.s64 %out, %out, %slot;
)" + body +
         "\n  ret;\n}\n";
}

/// Four 8-byte slots of each thread.
struct Slots {
  std::uint64_t at[4] = {0, 0, 0, 0};
};

/// Runs warp_kernel(body) on 32 threads and gives their outputs; poisoned before. The launch must succeed
/// unless `result` is wanted.
inline std::vector<Slots> run_warp(const std::string& body, std::vector<Slots> inputs,
                                   const std::string& outside = "", LaunchResult* result = nullptr) {
  inputs.resize(32);
  LoadedPtx module(warp_kernel(body, outside));
  Buffer<Slots> in(inputs);
  Slots poison;
  for (std::uint64_t& slot : poison.at) slot = 0xdeadbeefdeadbeefull;
  Buffer<Slots> out(32, poison);
  LaunchResult outcome = launch(module.kernel("k"), {1, 1, 1}, {32, 1, 1}, 0, in.address(), out.address());
  if (result == nullptr) {
    INFO(outcome.fault.message);
    REQUIRE(outcome.ok());
    REQUIRE(outcome.findings.empty());
  } else {
    *result = std::move(outcome);
  }
  return out.read();
}

}  // namespace drillpress::lockstep::test
