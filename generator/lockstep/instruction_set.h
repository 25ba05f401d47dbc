// The handlers as compiled for one instruction set of the host, and the choice among them.
#pragma once

#include <cstdint>
#include <string_view>

#include "lockstep/warp.h"

namespace drillpress::lockstep {

/// One row of instructions.def.
struct InstructionRow {
  std::string_view pattern;
  std::string_view operands;
  std::string_view handler;
  OpClass op_class;
  std::uint8_t operations;
  std::uint32_t ptx_version;  ///< 90: 9.0
  std::uint32_t target;       ///< sm
};
/// All rows, in the order of the file.
extern const InstructionRow kInstructionRows[];
extern const std::uint32_t kInstructionRowCount;

struct InstructionSet {
  const char* name;
  const Handler* handlers;  ///< one per row
  /// Runs the warp's current split until an event, or for `limit` operations; gives how many it ran.
  std::uint64_t (*run)(Warp& warp, std::uint64_t limit);
  Handler unsupported;
};
/// The best one that this host has; with DRILLPRESS_INSTRUCTION_SET=baseline in the environment the one that
/// every host has, for tests.
const InstructionSet& instruction_set();

}  // namespace drillpress::lockstep
