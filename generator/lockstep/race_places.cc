#include "lockstep/race_places.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace drillpress::lockstep {
namespace {

using ptx::Opcode;
using ptx::Operand;

/// What an address is made of: function, register, symbol and offset.
using Place = std::tuple<std::uint32_t, bool, ptx::RegisterId, std::string, std::int64_t>;

/// Follows registers that are written in one place to the variable or register that they were made of.
class Places {
 public:
  explicit Places(const std::vector<Origin>& origins) {
    for (const Origin& origin : origins) {
      const auto& operands = origin.instruction->operands;
      if (operands.empty() || operands[0].kind != Operand::Kind::kRegister) continue;
      const auto [at, is_new] = writers_.try_emplace({origin.function, operands[0].reg}, origin.instruction);
      if (!is_new && at->second != origin.instruction) at->second = nullptr;
    }
  }

  Place of(const Origin& origin) const {
    for (const Operand& operand : origin.instruction->operands) {
      if (operand.kind != Operand::Kind::kAddress) continue;
      if (!operand.has_register) return {origin.function, false, 0, operand.symbol, operand.offset};
      return follow(origin.function, operand.reg, operand.offset);
    }
    return {};
  }

 private:
  Place follow(std::uint32_t function, ptx::RegisterId reg, std::int64_t offset) const {
    for (int steps = 0; steps < 8; ++steps) {
      const auto at = writers_.find({function, reg});
      if (at == writers_.end() || at->second == nullptr || at->second->guarded) break;
      const ptx::Instruction& writer = *at->second;
      const bool moves = writer.opcode == Opcode::kMov || writer.opcode == Opcode::kCvta;
      const bool adds = writer.opcode == Opcode::kAdd && writer.operands.size() == 3 &&
                        writer.operands[2].kind == Operand::Kind::kImmediate;
      if ((!moves && !adds) || writer.operands.size() < 2) break;
      const Operand& from = writer.operands[1];
      if (moves && from.kind == Operand::Kind::kSymbol)
        return {function, false, 0, from.symbol, offset + from.offset};
      if (from.kind != Operand::Kind::kRegister) break;
      if (adds) offset += static_cast<std::int64_t>(writer.operands[2].bits);
      reg = from.reg;
    }
    return {function, true, reg, "", offset};
  }

  std::map<std::pair<std::uint32_t, ptx::RegisterId>, const ptx::Instruction*> writers_;
};

}  // namespace

std::vector<bool> reads_before_exchanges(const std::vector<Origin>& origins) {
  std::vector<bool> confirmed(origins.size(), false);
  const auto exchanges = [](const Origin& origin) {
    return origin.instruction->opcode == Opcode::kAtom &&
           origin.instruction->modifiers.contains(ptx::Modifier::kCas);
  };
  std::vector<const Origin*> found;
  for (const Origin& origin : origins) {
    if (exchanges(origin)) found.push_back(&origin);
  }
  if (found.empty()) return confirmed;
  const Places places(origins);
  std::set<Place> exchanged;
  for (const Origin* origin : found) exchanged.insert(places.of(*origin));
  for (std::size_t k = 0; k < origins.size(); ++k) {
    confirmed[k] =
        origins[k].instruction->opcode == Opcode::kLd && exchanged.count(places.of(origins[k])) != 0;
  }
  return confirmed;
}

}  // namespace drillpress::lockstep
