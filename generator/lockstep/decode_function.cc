#include "lockstep/decode_function.h"

#include <fmt/core.h>

#include <algorithm>

#include "lockstep/forms.h"

namespace drillpress::lockstep {
namespace {

constexpr std::uint32_t kSinkRowBytes = 16 * kLanes;  ///< where destinations `_` are written

std::uint32_t lane_bytes(ptx::Type type) {
  const std::uint32_t bytes = ptx::size_bytes(type);
  return bytes <= 4 ? 4 : bytes;
}

bool ends_block(const ptx::Instruction& instruction) {
  switch (instruction.opcode) {
    case ptx::Opcode::kBra:
    case ptx::Opcode::kBrx:
    case ptx::Opcode::kRet:
    case ptx::Opcode::kExit:
    case ptx::Opcode::kTrap:
      return true;
    default:
      return false;
  }
}

std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  const std::uint64_t a = std::max<std::uint64_t>(alignment, 1);
  return (value + a - 1) / a * a;
}

/// Source files that are NVIDIA's: a finding there is shown where the user called them.
bool is_toolkit_file(const std::string& path) {
  for (const char* part : {"/cuda/", "/cuda-", "/cccl/", "/targets/x86_64-linux/include/", "/nvidia/"}) {
    if (path.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

FunctionDecoder::FunctionDecoder(const ModuleView& view, Program& program, std::uint32_t module_index)
    : view_(view),
      program_(program),
      source_(view.module->functions[module_index]),
      out_(*program.functions.emplace_back(std::make_unique<DecodedFunction>())) {
  program.by_module_index[module_index] = static_cast<std::uint32_t>(program.functions.size() - 1);
  out_.source = &source_;
  out_.module_index = module_index;
}

void FunctionDecoder::decode() {
  assign_registers();
  assign_locals();
  find_blocks();
  const std::vector<std::uint32_t> order = order_blocks(successors_);
  polling_loads_ = polling_loads(source_, {block_starts_, successors_}, order);
  emit_blocks(order);
  for (const auto& [operation, block] : jumps_) out_.code[operation].target = block_places_[block];
  for (const auto& table : table_blocks_) {
    auto& places = out_.branch_tables.emplace_back();
    for (const std::uint32_t block : table) places.push_back(block_places_[block]);
  }
}

void FunctionDecoder::assign_registers() {
  std::uint32_t bytes = kSinkRowBytes;
  std::uint32_t predicates = kFirstPredicate;
  for (const ptx::Register& reg : source_.registers) {
    if (reg.type == ptx::Type::kPred) {
      rows_.push_back(predicates++);
      continue;
    }
    rows_.push_back(bytes);
    bytes += lane_bytes(reg.type) * kLanes;
  }
  out_.register_bytes = bytes;
  out_.predicate_count = predicates;
  uses_.assign(source_.registers.size(), 0);
  auto count = [this](const ptx::Operand& operand, auto& self) -> void {
    const bool names_register = operand.kind == ptx::Operand::Kind::kRegister || operand.has_register;
    if (names_register) ++uses_[operand.reg];
    if (operand.reg2) ++uses_[*operand.reg2];
    for (const ptx::Operand& element : operand.elements) self(element, self);
  };
  for (const ptx::Instruction& instruction : source_.instructions) {
    if (instruction.guarded) ++uses_[instruction.guard];
    for (const auto* operands :
         {&instruction.operands, &instruction.call_returns, &instruction.call_arguments}) {
      for (const ptx::Operand& operand : *operands) count(operand, count);
    }
  }
}

void FunctionDecoder::assign_locals() {
  std::uint64_t bytes = 0;
  auto place = [&](const ptx::Variable& variable) {
    bytes = align_up(bytes, std::max(variable.alignment, 1u));
    const auto at = static_cast<std::uint32_t>(bytes);
    locals_[variable.name] = {ptx::Space::kLocal, at, true};
    bytes += variable.size_bytes;
    return Parameter{at, static_cast<std::uint32_t>(variable.size_bytes)};
  };
  if (source_.is_entry) {
    std::uint32_t size = 0;
    out_.parameters = layout_parameters(source_.parameters, size);
    for (std::size_t k = 0; k < source_.parameters.size(); ++k) {
      locals_[source_.parameters[k].name] = {ptx::Space::kParam, out_.parameters[k].offset, false};
    }
  } else {
    for (const ptx::Variable& variable : source_.parameters) out_.parameters.push_back(place(variable));
    for (const ptx::Variable& variable : source_.returns) out_.returns.push_back(place(variable));
  }
  for (const ptx::Variable& variable : source_.variables) {
    if (variable.space == ptx::Space::kLocal || variable.space == ptx::Space::kParam) place(variable);
  }
  out_.local_bytes = static_cast<std::uint32_t>(align_up(bytes, 16));
}

void FunctionDecoder::find_blocks() {
  const auto& code = source_.instructions;
  // One more than there are instructions: what runs off the end returns.
  std::vector<bool> leader(code.size() + 1, false);
  leader[0] = true;
  leader[code.size()] = true;
  for (const ptx::Label& label : source_.labels)
    leader[std::min<std::size_t>(label.target, code.size())] = true;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (ends_block(code[i])) leader[i + 1] = true;
  }
  for (std::uint32_t i = 0; i <= code.size(); ++i) {
    if (leader[i]) block_starts_.push_back(i);
    block_of_.push_back(static_cast<std::uint32_t>(block_starts_.size() - 1));
  }
  successors_.resize(block_starts_.size());
  for (std::uint32_t block = 0; block + 1 < block_starts_.size(); ++block) {
    const ptx::Instruction& last = code[block_starts_[block + 1] - 1];
    auto& next = successors_[block];
    const bool may_fall_through = !ends_block(last) || last.guarded;
    if (may_fall_through) next.push_back(block + 1);
    if (last.opcode == ptx::Opcode::kBra && !last.operands.empty()) {
      next.push_back(block_of_label(last.operands[0].label));
    }
    if (last.opcode == ptx::Opcode::kBrx && last.operands.size() > 1) {
      for (const ptx::LabelId label : source_.branch_targets[last.operands[1].label].labels) {
        next.push_back(block_of_label(label));
      }
    }
  }
}

std::uint32_t FunctionDecoder::block_of_label(ptx::LabelId label) const {
  return block_of_[std::min<std::size_t>(source_.labels[label].target, source_.instructions.size())];
}

void FunctionDecoder::emit_blocks(const std::vector<std::uint32_t>& order) {
  static const ptx::Instruction kEnd = [] {
    ptx::Instruction end;
    end.opcode = ptx::Opcode::kRet;
    return end;
  }();
  const auto end_block = static_cast<std::uint32_t>(block_starts_.size() - 1);
  block_places_.assign(block_starts_.size(), 0);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint32_t block = order[k];
    block_places_[block] = static_cast<std::uint32_t>(out_.code.size());
    if (block == end_block) {
      emit(source_.instructions.empty() ? kEnd : source_.instructions.back(), internal_row("return"));
    } else {
      const std::uint32_t begin = block_starts_[block], end = block_starts_[block + 1];
      for (std::uint32_t i = begin; i < end; ++i) emit_instruction(source_.instructions[i]);
      const ptx::Instruction& last = source_.instructions[end - 1];
      const bool may_fall_through = !ends_block(last) || last.guarded;
      if (may_fall_through && (k + 1 == order.size() || order[k + 1] != block + 1))
        emit_jump(last, block + 1);
    }
    out_.code[block_places_[block]].leader = true;
  }
  // The inner loop looks at the operation after the last one to see whether a block begins there.
  out_.code.emplace_back();
}

void FunctionDecoder::emit_jump(const ptx::Instruction& near, std::uint32_t block) {
  emit(near, internal_row("jump"));
  jumps_.emplace_back(static_cast<std::uint32_t>(out_.code.size() - 1), block);
}

std::uint32_t FunctionDecoder::line_index(const ptx::Instruction& instruction) {
  const ptx::Module& module = *view_.module;
  ptx::Location location = instruction.location;
  auto path = [&](std::uint32_t number) -> const std::string* {
    for (const ptx::SourceFile& file : module.files) {
      if (file.number == number) return &file.path;
    }
    return nullptr;
  };
  const std::string* file = path(location.file);
  for (int depth = 0; depth < 64 && file != nullptr && is_toolkit_file(*file) && location.inlined_at >= 0;
       ++depth) {
    location = module.inline_sites[static_cast<std::size_t>(location.inlined_at)].location;
    file = path(location.file);
  }
  LineOfProgram line;
  if (file != nullptr && location.line != 0) line = {*file, location.line};
  for (std::size_t k = program_.lines.size(); k-- > 0;) {
    if (program_.lines[k].line == line.line && program_.lines[k].file == line.file)
      return static_cast<std::uint32_t>(k);
  }
  program_.lines.push_back(std::move(line));
  return static_cast<std::uint32_t>(program_.lines.size() - 1);
}

/// The loops that nvcc makes of memcpy and memset have line 0. The branch that skips such a loop has the line
/// of the call; without one the instruction before the loop is near.
const ptx::Instruction& FunctionDecoder::with_line(const ptx::Instruction& instruction) const {
  const auto& all = source_.instructions;
  if (instruction.location.line != 0 || instruction.location.file == 0) return instruction;
  const ptx::Instruction* nearest = nullptr;
  for (std::size_t k = static_cast<std::size_t>(&instruction - all.data()); k-- > 0;) {
    if (all[k].location.line == 0) continue;
    if (nearest == nullptr) nearest = &all[k];
    if (all[k].opcode != ptx::Opcode::kBra || !all[k].guarded) continue;
    const std::size_t target = source_.labels[all[k].operands[0].label].target;
    const bool skips_loop = target > 0 && &all[target - 1] >= &instruction && all[target - 1].guarded &&
                            all[target - 1].opcode == ptx::Opcode::kBra && all[target - 1].location.line == 0;
    return skips_loop ? all[k] : *nearest;
  }
  return nearest != nullptr ? *nearest : instruction;
}

bool FunctionDecoder::is_in_library(const ptx::Instruction& instruction) const {
  // A program without -lineinfo tells by the mangled names of the library's kernels.
  if (source_.name.starts_with("_ZN3cub") || source_.name.starts_with("_ZN6thrust")) return true;
  for (const ptx::SourceFile& file : view_.module->files) {
    if (file.number != instruction.location.file) continue;
    return is_toolkit_file(file.path) &&
           (file.path.find("/cub/") != std::string::npos || file.path.find("/thrust/") != std::string::npos);
  }
  return false;
}

Op& FunctionDecoder::emit(const ptx::Instruction& instruction, std::uint32_t row) {
  Op op;
  op.handler = instruction_set().handlers[row];
  op.index = static_cast<std::uint32_t>(program_.origins.size());
  Origin origin;
  origin.instruction = &instruction;
  origin.function = out_.module_index;
  origin.line = line_index(instruction);
  const ptx::Instruction& told = with_line(instruction);
  origin.told_line = &told == &instruction ? origin.line : line_index(told);
  origin.in_library = is_in_library(instruction);
  origin.op_class = kInstructionRows[row].op_class;
  origin.operations = kInstructionRows[row].operations;
  program_.origins.push_back(origin);
  out_.code.push_back(op);
  return out_.code.back();
}

void FunctionDecoder::refuse(const ptx::Instruction& instruction, const std::string& why) {
  static const std::uint32_t row = internal_row("unsupported");
  // The row replaces whatever was decoded so far; the guard stays.
  Op& op = out_.code.back();
  const Op guard = op;
  op = Op{};
  op.handler = instruction_set().handlers[row];
  op.index = guard.index;
  op.guard = guard.guard;
  op.guard_flip = guard.guard_flip;
  program_.origins.back().op_class = OpClass::kOther;
  const LineOfProgram& line = program_.lines[program_.origins.back().line];
  program_.unsupported.push_back(fmt::format(
      "{} (PTX line {}{}){}", form_of(instruction), instruction.ptx_line,
      line.file.empty() ? "" : fmt::format(", {}:{}", line.file, line.line), why.empty() ? "" : ": " + why));
}

bool FunctionDecoder::is_polling_load(const ptx::Instruction& load) const {
  const auto index = static_cast<std::uint32_t>(&load - source_.instructions.data());
  return std::binary_search(polling_loads_.begin(), polling_loads_.end(), index);
}

void FunctionDecoder::note_order_dependence(const ptx::Instruction& instruction) {
  using ptx::Modifier;
  const auto& m = instruction.modifiers;
  switch (instruction.opcode) {
    case ptx::Opcode::kLd:
      if (m.contains(Modifier::kVolatile) || m.contains(Modifier::kRelaxed) ||
          m.contains(Modifier::kAcquire) || m.contains(Modifier::kMmio) || is_polling_load(instruction)) {
        program_.order_dependent |= !m.contains(Modifier::kShared) && !m.contains(Modifier::kSharedCta);
        out_.code.back().flags |= kPolls;
      }
      break;
    case ptx::Opcode::kAtom:
    case ptx::Opcode::kRed: {
      if (m.contains(Modifier::kShared) || m.contains(Modifier::kSharedCta)) {
        if (out_.code.back().flags & kResultUsed) out_.code.back().flags |= kPolls;
        break;
      }
      bool is_float = false;
      for (const ptx::Modifier modifier : m) {
        const std::string_view text = ptx::text(modifier);
        is_float = is_float || text == "f32" || text == "f64" || text == "f16" || text == "f16x2" ||
                   text == "bf16" || text == "bf16x2";
      }
      const bool result = (out_.code.back().flags & kResultUsed) != 0;
      if (result) out_.code.back().flags |= kPolls;
      // Sums, minima and bit operations of integers commute; everything else shows who came first.
      program_.order_dependent |= result || is_float || m.contains(Modifier::kExch) ||
                                  m.contains(Modifier::kCas) || m.contains(Modifier::kInc) ||
                                  m.contains(Modifier::kDec);
      break;
    }
    case ptx::Opcode::kNanosleep:
      out_.code.back().flags |= kPolls;
      break;
    default:
      break;
  }
}

void FunctionDecoder::emit_instruction(const ptx::Instruction& instruction) {
  const std::optional<std::uint32_t> row = find_row(instruction);
  emit(instruction, row ? *row : internal_row("unsupported"));
  Op& op = out_.code.back();
  if (instruction.guarded) {
    op.guard = static_cast<std::uint16_t>(rows_[instruction.guard]);
    op.guard_flip = instruction.guard_negated ? kFullMask : 0u;
  }
  if (!row) return refuse(instruction, "");
  if (!decode_operands(instruction, kInstructionRows[*row], op))
    return refuse(instruction, "operands of another kind");
  note_order_dependence(instruction);
}

}  // namespace drillpress::lockstep
