// What a stream can be asked to do, as values: run at once, or kept in a graph and run later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "cudart/abi.h"
#include "cudart/errors.h"
#include "cudart/registry.h"

namespace drillpress::cudart {

struct Event;
struct Graph;

struct KernelOperation {
  Function* function = nullptr;
  lockstep::Dim3 grid, block;
  std::uint64_t dynamic_shared_bytes = 0;
  bool cooperative = false;
  std::vector<std::vector<std::uint8_t>> arguments;  ///< a copy of each, taken at the call
};

/// `depth` slices of `height` rows of `width_bytes`.
struct CopyOperation {
  void* destination = nullptr;
  const void* source = nullptr;
  std::size_t width_bytes = 0, height = 1, depth = 1;
  std::size_t destination_pitch = 0, source_pitch = 0;  ///< bytes from row to row
  std::size_t destination_slice = 0, source_slice = 0;  ///< bytes from slice to slice
  abi::CopyKind kind = abi::kDefault;
};

struct FillOperation {
  void* destination = nullptr;
  std::uint32_t value = 0;
  std::uint32_t element_bytes = 1;
  std::size_t width = 0;  ///< elements
  std::size_t height = 1, depth = 1;
  std::size_t pitch = 0, slice = 0;  ///< bytes
};

struct HostOperation {
  abi::HostNodeParameters call = {};
};

struct EventOperation {
  Event* event = nullptr;
};

/// A wait: streams run one operation after the other, so there is nothing left to wait for.
struct WaitOperation {
  Event* event = nullptr;
};

struct EmptyOperation {};

struct ChildOperation {
  std::shared_ptr<Graph> graph;
};

using Operation = std::variant<KernelOperation, CopyOperation, FillOperation, HostOperation, EventOperation,
                               WaitOperation, EmptyOperation, ChildOperation>;

/// A contiguous copy and fill.
CopyOperation linear_copy(void* destination, const void* source, std::size_t bytes, int kind);
FillOperation linear_fill(void* destination, int value, std::size_t bytes);
/// The same as cudaMemcpy3D's parameters; arrays are not among what an operation can name.
CopyOperation pitched_copy(const abi::Copy3D& parameters);

}  // namespace drillpress::cudart
