// Which plain loads wait for another thread. Volatile and ordered loads say so themselves; but people also
// poll with __ldcg or with a plain load and a fence: `while (*flag == 0) __threadfence();`. A load that reads
// the same address in every turn of a loop is left there by a compiler only because somebody else may write
// to it meanwhile.
#include <algorithm>

#include "lockstep/decode.h"

namespace drillpress::lockstep {
namespace {

using ptx::Modifier;
using ptx::Opcode;

/// A loop: a run of the ordered blocks, first the one that the last jumps back to.
struct Loop {
  std::size_t first, last;  ///< places in the order
};

std::vector<Loop> find_loops(const FlowGraph& graph, const std::vector<std::uint32_t>& order) {
  constexpr std::size_t kUnreached = ~std::size_t{0};
  std::vector<std::size_t> place(graph.successors.size(), kUnreached);
  for (std::size_t k = 0; k < order.size(); ++k) place[order[k]] = k;
  std::vector<Loop> loops;
  for (std::size_t k = 0; k < order.size(); ++k) {
    for (const std::uint32_t next : graph.successors[order[k]]) {
      if (place[next] <= k) loops.push_back({place[next], k});
    }
  }
  return loops;
}

/// A load of memory that other threads can write; without another word about how.
bool is_plain_load(const ptx::Instruction& instruction) {
  if (instruction.opcode != Opcode::kLd || instruction.operands.size() < 2) return false;
  for (const Modifier other : {Modifier::kNc, Modifier::kConst, Modifier::kLocal, Modifier::kParam,
                               Modifier::kParamEntry, Modifier::kParamFunc}) {
    if (instruction.modifiers.contains(other)) return false;
  }
  return true;
}

bool reads_past_caches(const ptx::Instruction& load) {
  return load.modifiers.contains(Modifier::kCg) || load.modifiers.contains(Modifier::kCv);
}

void add_destinations(const ptx::Operand& operand, std::vector<ptx::RegisterId>& out) {
  if (operand.kind == ptx::Operand::Kind::kRegister) out.push_back(operand.reg);
  if (operand.reg2) out.push_back(*operand.reg2);
  for (const ptx::Operand& element : operand.elements) add_destinations(element, out);
}

/// What a loop does, as far as its loads are concerned.
struct LoopBody {
  bool has_fence = false;
  bool only_reads = true;                ///< no store, atomic, call or barrier
  std::vector<std::uint32_t> loads;      ///< plain ones
  std::vector<ptx::RegisterId> changed;  ///< sorted
};

LoopBody look_at(const Loop& loop, const ptx::Function& function, const FlowGraph& graph,
                 const std::vector<std::uint32_t>& order) {
  LoopBody body;
  for (std::size_t k = loop.first; k <= loop.last; ++k) {
    if (order[k] + 1 >= graph.starts.size()) continue;  // the end, where nothing is
    for (std::uint32_t i = graph.starts[order[k]]; i < graph.starts[order[k] + 1]; ++i) {
      const ptx::Instruction& instruction = function.instructions[i];
      switch (instruction.opcode) {
        case Opcode::kMembar:
        case Opcode::kFence:
          body.has_fence = true;
          break;
        case Opcode::kSt:
        case Opcode::kAtom:
        case Opcode::kRed:
        case Opcode::kCall:
        case Opcode::kBar:
        case Opcode::kBarrier:
          body.only_reads = false;
          break;
        default:
          break;
      }
      if (is_plain_load(instruction)) body.loads.push_back(i);
      if (!instruction.operands.empty()) add_destinations(instruction.operands[0], body.changed);
      for (const ptx::Operand& result : instruction.call_returns) add_destinations(result, body.changed);
    }
  }
  std::sort(body.changed.begin(), body.changed.end());
  return body;
}

}  // namespace

std::vector<std::uint32_t> polling_loads(const ptx::Function& function, const FlowGraph& graph,
                                         const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> found;
  if (std::none_of(function.instructions.begin(), function.instructions.end(), is_plain_load)) return found;
  for (const Loop& loop : find_loops(graph, order)) {
    const LoopBody body = look_at(loop, function, graph, order);
    const bool is_nothing_else = loop.first == loop.last && body.only_reads;
    for (const std::uint32_t load : body.loads) {
      const ptx::Instruction& instruction = function.instructions[load];
      const ptx::Operand& address = instruction.operands[1];
      const bool moves =
          address.has_register && std::binary_search(body.changed.begin(), body.changed.end(), address.reg);
      if (!moves && (body.has_fence || is_nothing_else || reads_past_caches(instruction)))
        found.push_back(load);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace drillpress::lockstep
