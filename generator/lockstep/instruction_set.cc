#include "lockstep/instruction_set.h"

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

const InstructionSet& instruction_set() {
#ifdef DRILLPRESS_LOCKSTEP_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") &&
      __builtin_cpu_supports("popcnt")) {
    return avx2::kInstructionSet;
  }
#endif
  return baseline::kInstructionSet;
}

}  // namespace drillpress::lockstep
