#include <algorithm>
#include <bit>
#include <cstring>

#include "lockstep/decode_function.h"
#include "lockstep/decode_suffixes.h"
#include "lockstep/forms.h"

namespace drillpress::lockstep {
namespace {

using Kind = ptx::Operand::Kind;
using ptx::Modifier;
using ptx::Space;

struct SpecialName {
  const char* name;
  Special special;
};
constexpr SpecialName kSpecialNames[] = {
    {"%tid.x", Special::kTidX},
    {"%tid.y", Special::kTidY},
    {"%tid.z", Special::kTidZ},
    {"%ntid.x", Special::kNtidX},
    {"%ntid.y", Special::kNtidY},
    {"%ntid.z", Special::kNtidZ},
    {"%ctaid.x", Special::kCtaidX},
    {"%ctaid.y", Special::kCtaidY},
    {"%ctaid.z", Special::kCtaidZ},
    {"%nctaid.x", Special::kNctaidX},
    {"%nctaid.y", Special::kNctaidY},
    {"%nctaid.z", Special::kNctaidZ},
    {"%laneid", Special::kLaneId},
    {"%warpid", Special::kWarpId},
    {"%nwarpid", Special::kNwarpId},
    {"%smid", Special::kSmId},
    {"%nsmid", Special::kNsmId},
    {"%gridid", Special::kGridId},
    {"%lanemask_eq", Special::kLanemaskEq},
    {"%lanemask_le", Special::kLanemaskLe},
    {"%lanemask_lt", Special::kLanemaskLt},
    {"%lanemask_ge", Special::kLanemaskGe},
    {"%lanemask_gt", Special::kLanemaskGt},
    {"%total_smem_size", Special::kTotalSmemSize},
    {"%aggr_smem_size", Special::kTotalSmemSize},
    {"%dynamic_smem_size", Special::kDynamicSmemSize},
    // Where multi-warp tiles of cooperative groups keep their state.
    {"%reserved_smem_offset_1", Special::kReservedSmem},
    {"%envreg1", Special::kEnvreg1},
    {"%envreg2", Special::kEnvreg2},
    // Without clusters, each block is a cluster of its own.
    {"%clusterid.x", Special::kCtaidX},
    {"%clusterid.y", Special::kCtaidY},
    {"%clusterid.z", Special::kCtaidZ},
    {"%nclusterid.x", Special::kNctaidX},
    {"%nclusterid.y", Special::kNctaidY},
    {"%nclusterid.z", Special::kNctaidZ},
    {"%cluster_ctaid.x", Special::kZero},
    {"%cluster_ctaid.y", Special::kZero},
    {"%cluster_ctaid.z", Special::kZero},
    {"%cluster_nctaid.x", Special::kOne},
    {"%cluster_nctaid.y", Special::kOne},
    {"%cluster_nctaid.z", Special::kOne},
    {"%cluster_ctarank", Special::kZero},
    {"%cluster_nctarank", Special::kOne},
    {"%tid.w", Special::kZero},
    {"%ctaid.w", Special::kZero},
};

std::uint32_t modifier_flags(const ptx::Instruction& instruction) {
  std::uint32_t flags = 0;
  bool boolean = false;
  for (const Modifier modifier : instruction.modifiers) {
    switch (modifier) {
      case Modifier::kFtz:
        flags |= kFtz;
        break;
      case Modifier::kSat:
        flags |= kSat;
        break;
      case Modifier::kCc:
        flags |= kCarryOut;
        break;
      case Modifier::kRelu:
        flags |= kRelu;
        break;
      case Modifier::kNaN:
        flags |= kNaNPropagate;
        break;
      case Modifier::kXorsign:
        flags |= kXorSign;
        break;
      case Modifier::kAbs:
        flags |= kAbs;
        break;
      case Modifier::kApprox:
        flags |= kApprox;
        break;
      case Modifier::kSatfinite:
        flags |= kSatFinite;
        break;
      case Modifier::kRz:
        flags |= 1u << kRoundShift;
        break;
      case Modifier::kRm:
        flags |= 2u << kRoundShift;
        break;
      case Modifier::kRp:
        flags |= 3u << kRoundShift;
        break;
      case Modifier::kRni:
        flags |= kRoundInteger;
        break;
      case Modifier::kRzi:
        flags |= kRoundInteger | 1u << kRoundShift;
        break;
      case Modifier::kRmi:
        flags |= kRoundInteger | 2u << kRoundShift;
        break;
      case Modifier::kRpi:
        flags |= kRoundInteger | 3u << kRoundShift;
        break;
      default:
        break;
    }
  }
  const bool compares = instruction.opcode == ptx::Opcode::kSetp || instruction.opcode == ptx::Opcode::kSet;
  if (compares) {
    for (const Modifier modifier : instruction.modifiers) {
      const std::uint32_t operation = modifier == Modifier::kAnd   ? 1
                                      : modifier == Modifier::kOr  ? 2
                                      : modifier == Modifier::kXor ? 3
                                                                   : 0;
      if (operation != 0 && !boolean) flags |= operation << kBooleanShift, boolean = true;
    }
    const std::size_t n = instruction.modifiers.size();
    if (instruction.opcode == ptx::Opcode::kSet && n >= 2 && instruction.modifiers[n - 2] == Modifier::kF32) {
      flags |= kFloatResult;
    }
  }
  if (instruction.opcode == ptx::Opcode::kLop3) {
    if (instruction.modifiers.contains(Modifier::kAnd)) flags |= 1u << kBooleanShift;
    if (instruction.modifiers.contains(Modifier::kOr)) flags |= 2u << kBooleanShift;
  }
  return flags;
}

}  // namespace

std::uint32_t FunctionDecoder::row_width(ptx::RegisterId id) const {
  const std::uint32_t bytes = ptx::size_bytes(source_.registers[id].type);
  return bytes <= 4 ? 4 : bytes;
}

bool FunctionDecoder::is_predicate(const ptx::Operand& operand) const {
  return operand.kind == Kind::kRegister && source_.registers[operand.reg].type == ptx::Type::kPred;
}

RowRef FunctionDecoder::constant(std::uint64_t value, std::uint32_t width) {
  const auto [entry, is_new] = constants_.try_emplace({value, width});
  if (!is_new) return entry->second;
  const std::size_t at = out_.pool.size();
  out_.pool.resize(at + static_cast<std::size_t>(width) * kLanes);
  for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
    std::memcpy(out_.pool.data() + at + static_cast<std::size_t>(lane) * width, &value, std::min(width, 8u));
  }
  entry->second = static_cast<RowRef>(at) | kPoolRow;
  return entry->second;
}

bool FunctionDecoder::special(const std::string& name, std::uint32_t width, RowRef& out) {
  const auto* found = std::find_if(std::begin(kSpecialNames), std::end(kSpecialNames),
                                   [&](const SpecialName& s) { return name == s.name; });
  if (name == "%warpsize" || name == "WARP_SZ") {
    out = constant(kLanes, width);
    return true;
  }
  if (found == std::end(kSpecialNames) || width > 8) return false;
  program_.reserves_shared |= found->special == Special::kReservedSmem;
  const auto [entry, is_new] = specials_.try_emplace({found->special, width == 8});
  if (is_new) {
    entry->second = out_.register_bytes;
    out_.register_bytes += width * kLanes;
    out_.specials.push_back({found->special, width == 8, entry->second});
  }
  out = entry->second;
  return true;
}

bool FunctionDecoder::symbol(const std::string& name, Place& out) const {
  const auto local = locals_.find(name);
  if (local != locals_.end()) {
    out = local->second;
    return true;
  }
  const auto shared = program_.shared.offsets.find(name);
  if (shared != program_.shared.offsets.end()) {
    out = {Space::kShared, shared->second, false};
    return true;
  }
  const auto global = view_.symbols->find(name);
  if (global != view_.symbols->end()) {
    out = {Space::kGlobal, global->second, false};
    return true;
  }
  const auto function = view_.functions.find(name);
  if (function != view_.functions.end()) {
    out = {Space::kGlobal, kCodeWindow + 16 * (std::uint64_t{function->second} + 1), false};
    return true;
  }
  return false;
}

bool FunctionDecoder::row(const ptx::Operand& operand, std::uint32_t width, RowRef& out) {
  if (operand.arithmetic_negated) return false;
  switch (operand.kind) {
    case Kind::kRegister:
      if (is_predicate(operand) || row_width(operand.reg) != width) return false;
      out = rows_[operand.reg];
      return true;
    case Kind::kImmediate: {
      std::uint64_t bits = operand.bits;
      if (operand.is_float && operand.float_bits == 64 && width == 4) {
        bits = std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(bits)));
      } else if (operand.is_float && operand.float_bits == 32 && width == 8) {
        bits = std::bit_cast<std::uint64_t>(
            static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits))));
      }
      if (width == 16) return false;
      out = constant(width == 4 ? bits & 0xffffffffu : bits, width);
      return true;
    }
    case Kind::kSpecial:
      return special(operand.symbol, width, out);
    case Kind::kSymbol: {
      Place place;
      if (!symbol(operand.symbol, place) || place.frame_relative) return false;
      out = constant(place.address + static_cast<std::uint64_t>(operand.offset), width);
      return true;
    }
    default:
      return false;
  }
}

bool FunctionDecoder::destination(const ptx::Operand& operand, std::uint32_t width, RowRef& out) {
  if (operand.kind == Kind::kSink) {
    out = 0;
    return true;
  }
  return operand.kind == Kind::kRegister && row(operand, width, out);
}

bool FunctionDecoder::predicate_source(const ptx::Operand& operand, std::uint16_t& p, bool& negated) {
  if (operand.kind == Kind::kImmediate) {
    p = kTruePredicate;
    negated = operand.bits == 0;
    return true;
  }
  if (operand.kind == Kind::kSpecial && operand.symbol == "%is_explicit_cluster") {
    p = kTruePredicate;
    negated = true;  // launches in clusters are refused
    return true;
  }
  if (!is_predicate(operand)) return false;
  p = static_cast<std::uint16_t>(rows_[operand.reg]);
  negated = operand.negated;
  return true;
}

/// `p`, `p|q`, `_|q`; a row|p pair keeps its row in op.d and its predicate here.
bool FunctionDecoder::predicate_destination(const ptx::Operand& operand, Op& op) {
  if (operand.kind == Kind::kRegister) {
    if (!is_predicate(operand)) return false;
    op.p = static_cast<std::uint16_t>(rows_[operand.reg]);
  } else if (operand.kind != Kind::kSink) {
    return false;
  }
  if (operand.reg2) {
    op.q = static_cast<std::uint16_t>(rows_[*operand.reg2]);
    op.flags |= kHasSecond;
  }
  return true;
}

bool FunctionDecoder::address(const ptx::Operand& operand, Op& op) {
  if (operand.kind != Kind::kAddress || !operand.elements.empty()) return false;
  op.immediate = operand.offset;
  if (operand.has_register) {
    const std::uint32_t width = row_width(operand.reg);
    if (width > 8 || source_.registers[operand.reg].type == ptx::Type::kPred) return false;
    op.a = rows_[operand.reg];
    if (width == 8) op.flags |= kWideAddress;
    return true;
  }
  op.a = constant(0, 8);
  op.flags |= kWideAddress;
  if (operand.symbol.empty()) return true;
  Place place;
  if (!symbol(operand.symbol, place)) return false;
  op.immediate += static_cast<std::int64_t>(place.address);
  if (place.frame_relative) op.flags |= kFrameRelative;
  return true;
}

void FunctionDecoder::set_space(const ptx::Instruction& instruction, const ptx::Operand& where, Op& op) {
  const Space space = written_space(instruction);
  op.space = static_cast<std::uint8_t>(space);
  Place place;
  if (space == Space::kGeneric && !where.has_register && symbol(where.symbol, place)) {
    op.immediate += static_cast<std::int64_t>(window_of(place.space));
  }
}

bool FunctionDecoder::decode_operands(const ptx::Instruction& instruction, const InstructionRow& row,
                                      Op& op) {
  op.flags = modifier_flags(instruction);
  const std::string_view letters = row.operands;
  if (letters.empty()) return instruction.operands.empty();
  if (instruction.opcode == ptx::Opcode::kSet && instruction.modifiers.size() >= 2) {
    // What set writes for true on half precision: 1 as a number, 16 or 32 ones.
    const ptx::Type result = ptx::type_of(instruction.modifiers[instruction.modifiers.size() - 2]);
    const bool is_half = result == ptx::Type::kF16 || result == ptx::Type::kF16x2;
    const bool is_bfloat = result == ptx::Type::kBF16 || result == ptx::Type::kBF16x2;
    op.immediate = is_bfloat ? 3 : is_half ? 1 : ptx::size_bytes(result) == 4 ? 2 : 0;
  }
  if (letters.front() != '@') return decode_plain(instruction, letters, op);
  const std::string_view kind = letters.substr(1);
  if (kind == "load") return decode_memory(instruction, op, false);
  if (kind == "store") return decode_memory(instruction, op, true);
  if (kind == "mov") return decode_mov(instruction, op);
  if (kind == "cvta") return decode_cvta(instruction, op, false);
  if (kind == "cvta_to") return decode_cvta(instruction, op, true);
  if (kind == "cvt") return decode_cvt(instruction, op);
  if (kind == "isspacep") return decode_isspacep(instruction, op);
  if (kind == "branch" || kind == "branch_indexed") return decode_branch(instruction, op);
  if (kind == "call") return decode_call(instruction, op);
  if (kind == "barrier") return decode_barrier(instruction, op, false);
  if (kind == "barrier_red") return decode_barrier(instruction, op, true);
  if (kind == "atom") return decode_atomic(instruction, op);
  if (kind == "ignore") return true;
  if (kind == "policy") return !instruction.operands.empty() && destination(instruction.operands[0], 8, op.d);
  if (kind == "video") return decode_video(instruction, op);
  if (kind.rfind("matrix_", 0) == 0) return decode_matrix(instruction, kind, op);
  if (kind.rfind("async_", 0) == 0) return decode_async(instruction, kind, op);
  if (kind.rfind("mbarrier_", 0) == 0) return decode_mbarrier(instruction, kind, op);
  return decode_warp(instruction, kind, op);
}

bool FunctionDecoder::decode_plain(const ptx::Instruction& instruction, std::string_view letters, Op& op) {
  const auto& operands = instruction.operands;
  if (operands.size() != letters.size()) return false;
  RowRef* const sources[] = {&op.a, &op.b, &op.c, &op.e};
  std::size_t next = 0;
  bool have_predicate = false;
  for (std::size_t k = 0; k < letters.size(); ++k) {
    const ptx::Operand& operand = operands[k];
    switch (letters[k]) {
      case 'P':
        if (!predicate_destination(operand, op)) return false;
        break;
      case 'L':
        if (!operand.reg2 || !destination(operand, 4, op.d)) return false;
        op.p = static_cast<std::uint16_t>(rows_[*operand.reg2]);
        break;
      case 'p':
        if (!have_predicate) {
          if (!predicate_source(operand, op.pa, op.pa_negated)) return false;
          have_predicate = true;
        } else {
          // Second predicate source of and.pred and its like.
          std::uint16_t p = 0;
          bool negated = false;
          if (!predicate_source(operand, p, negated)) return false;
          op.target = p;
          op.immediate = negated ? kFullMask : 0;
        }
        break;
      case 'I':
        if (operand.kind != Kind::kImmediate) return false;
        op.immediate = static_cast<std::int64_t>(operand.bits);
        break;
      default: {
        const std::uint32_t width = letters[k] == '8' ? 8 : letters[k] == '6' ? 16 : 4;
        if (k == 0) {
          if (!destination(operand, width, op.d)) return false;
        } else if (next == 4 || !row(operand, width, *sources[next++])) {
          return false;
        }
      }
    }
  }
  return true;
}

/// cvt d, a{, b}: registers may be wider than the types of integers.
bool FunctionDecoder::decode_cvt(const ptx::Instruction& instruction, Op& op) {
  const auto& operands = instruction.operands;
  const std::size_t n = instruction.modifiers.size();
  if (operands.size() < 2 || operands.size() > 3 || n < 2) return false;
  const ptx::Type from = ptx::type_of(instruction.modifiers[n - 1]),
                  to = ptx::type_of(instruction.modifiers[n - 2]);
  auto lane_width = [](ptx::Type type) { return ptx::size_bytes(type) == 8 ? 8u : 4u; };
  std::uint32_t to_width = lane_width(to), from_width = lane_width(from);
  auto widen = [this](const ptx::Operand& operand, std::uint32_t width) {
    const bool is_row = operand.kind == Kind::kRegister && !is_predicate(operand);
    return is_row ? std::max(width, row_width(operand.reg)) : width;
  };
  const std::uint32_t written = widen(operands[0], to_width), read = widen(operands[1], from_width);
  if (written > to_width) op.flags |= kWideRow;
  if (read > from_width) op.flags |= kWideAddress;
  if (instruction.modifiers.contains(Modifier::kTF32)) {
    op.immediate = instruction.modifiers.contains(Modifier::kRn)   ? 1
                   : instruction.modifiers.contains(Modifier::kRz) ? 2
                                                                   : 0;
  }
  if (!destination(operands[0], written, op.d) || !row(operands[1], read, op.a)) return false;
  const bool pairs = to == ptx::Type::kF16x2 || to == ptx::Type::kBF16x2;
  if (pairs != (operands.size() == 3)) return false;
  return !pairs || row(operands[2], 4, op.b);
}

/// vadd4 and its like: op.immediate has who is signed (1: the result, 2: a, 4: b) and whether .add sums (8).
bool FunctionDecoder::decode_video(const ptx::Instruction& instruction, Op& op) {
  std::int64_t bit = 1;
  for (const Modifier modifier : instruction.modifiers) {
    if (ptx::type_of(modifier) == ptx::Type::kNone) continue;
    if (is_signed(ptx::type_of(modifier))) op.immediate |= bit;
    bit *= 2;
  }
  if (instruction.modifiers.contains(Modifier::kAdd)) op.immediate |= 8;
  return decode_plain(instruction, "4444", op);
}

}  // namespace drillpress::lockstep
