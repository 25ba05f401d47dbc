#include "cudart/operation.h"

namespace drillpress::cudart {
namespace {

char* at(const abi::PitchedPointer& base, const abi::Position& position) {
  return static_cast<char*>(base.pointer) + position.z * base.pitch * base.ysize + position.y * base.pitch +
         position.x;
}

}  // namespace

CopyOperation linear_copy(void* destination, const void* source, std::size_t bytes, int kind) {
  CopyOperation copy;
  copy.destination = destination;
  copy.source = source;
  copy.width_bytes = copy.destination_pitch = copy.source_pitch = bytes;
  copy.kind = static_cast<abi::CopyKind>(kind);
  return copy;
}

FillOperation linear_fill(void* destination, int value, std::size_t bytes) {
  FillOperation fill;
  fill.destination = destination;
  fill.value = static_cast<std::uint32_t>(value) & 0xffU;
  fill.width = fill.pitch = bytes;
  return fill;
}

CopyOperation pitched_copy(const abi::Copy3D& parameters) {
  CopyOperation copy;
  copy.destination = at(parameters.destination, parameters.destination_position);
  copy.source = at(parameters.source, parameters.source_position);
  copy.width_bytes = parameters.extent.width;
  copy.height = parameters.extent.height;
  copy.depth = parameters.extent.depth;
  copy.destination_pitch = parameters.destination.pitch;
  copy.source_pitch = parameters.source.pitch;
  copy.destination_slice = parameters.destination.pitch * parameters.destination.ysize;
  copy.source_slice = parameters.source.pitch * parameters.source.ysize;
  copy.kind = static_cast<abi::CopyKind>(parameters.kind);
  return copy;
}

}  // namespace drillpress::cudart
