#include "lockstep/instruction_set.h"

#include <cstdlib>
#include <string_view>

namespace drillpress::lockstep {
namespace {
using enum OpClass;
}  // namespace

const InstructionRow kInstructionRows[] = {
#define INSTRUCTION(pattern, operands, handler, op_class, operations, ptx_version, target) \
  {pattern, operands, #handler, op_class, operations, ptx_version, target},
#include "lockstep/instructions.def"
#undef INSTRUCTION
};
const std::uint32_t kInstructionRowCount = sizeof kInstructionRows / sizeof *kInstructionRows;

namespace baseline {
extern const InstructionSet kInstructionSet;
}
#ifdef DRILLPRESS_LOCKSTEP_HAS_AVX2
namespace avx2 {
extern const InstructionSet kInstructionSet;
}
#endif

namespace {
const InstructionSet& best_instruction_set() {
#ifdef DRILLPRESS_LOCKSTEP_HAS_AVX2
  const char* wanted = std::getenv("DRILLPRESS_INSTRUCTION_SET");
  if (wanted != nullptr && std::string_view(wanted) == "baseline") return baseline::kInstructionSet;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("popcnt")) {
    return avx2::kInstructionSet;
  }
#endif
  return baseline::kInstructionSet;
}
}  // namespace

const InstructionSet& instruction_set() {
  static const InstructionSet& set = best_instruction_set();
  return set;
}

}  // namespace drillpress::lockstep
