#include "lockstep/handlers.h"
#include "lockstep/instruction_set.h"

namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA {

void unsupported(Warp& w, const Op& op, std::uint32_t mask);

namespace {

const Handler kHandlers[] = {
#define INSTRUCTION(pattern, operands, handler, op_class, operations, ptx_version, target) &handler,
#include "lockstep/instructions.def"
#undef INSTRUCTION
};

/// The inner loop. While several splits exist, it stops at every basic block, where splits may meet.
template <bool kSeveral>
std::uint64_t run_split(Warp& w, std::uint64_t limit) {
  const Op* code = w.frame->function->code.data();
  std::uint64_t done = 0;
  do {
    const Op& op = code[w.pc++];
    const std::uint32_t mask = w.mask & (w.predicates[op.guard] ^ op.guard_flip);
    ++done;
    if (mask != 0) {
      OpCounts& counts = w.counts[op.index];
      ++counts.executed;
      counts.lanes += static_cast<std::uint32_t>(__builtin_popcount(mask));
      op.handler(w, op, mask);
      if (w.event != Event::kNone) return done;
    }
    if (kSeveral && code[w.pc].leader) {
      w.event = Event::kReschedule;
      return done;
    }
  } while (done < limit);
  return done;
}

std::uint64_t run(Warp& w, std::uint64_t limit) {
  return w.splits.size() > 1 ? run_split<true>(w, limit) : run_split<false>(w, limit);
}

}  // namespace

extern const InstructionSet kInstructionSet;
const InstructionSet kInstructionSet = {
#define DRILLPRESS_TEXT(x) #x
#define DRILLPRESS_TEXT_OF(x) DRILLPRESS_TEXT(x)
    DRILLPRESS_TEXT_OF(DRILLPRESS_LOCKSTEP_ISA), kHandlers, &run, &unsupported};

}  // namespace drillpress::lockstep::DRILLPRESS_LOCKSTEP_ISA
