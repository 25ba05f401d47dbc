// Instructions as PTX text.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "ptx/printer.h"

namespace drillpress::ptx {
namespace {

std::string render_operand(const Function& function, const Operand& operand);

std::string render_operands(const Function& function, const std::vector<Operand>& operands) {
  std::string out;
  for (const Operand& operand : operands) {
    out += out.empty() ? "" : ", ";
    out += render_operand(function, operand);
  }
  return out;
}

std::string render_immediate(const Operand& operand) {
  if (!operand.is_float) return fmt::format("{}", static_cast<std::int64_t>(operand.bits));
  return operand.float_bits == 32 ? fmt::format("0f{:08X}", operand.bits)
                                  : fmt::format("0d{:016X}", operand.bits);
}

std::string render_address(const Function& function, const Operand& operand) {
  std::string out = "[";
  if (operand.has_register) {
    out += function.registers[operand.reg].name;
  } else {
    out += operand.symbol;
  }
  if (out.size() == 1) {
    out += fmt::format("{}", operand.offset);
  } else if (operand.offset != 0) {
    out += fmt::format("+{}", operand.offset);
  }
  if (!operand.elements.empty()) out += ", " + render_operands(function, operand.elements);
  return out + "]";
}

std::string render_single(const Function& function, const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kRegister:
      return (operand.negated              ? "!"
              : operand.arithmetic_negated ? "-"
                                           : "") +
             function.registers[operand.reg].name + (operand.selector.empty() ? "" : "." + operand.selector);
    case Operand::Kind::kImmediate:
      return render_immediate(operand);
    case Operand::Kind::kAddress:
      return render_address(function, operand);
    case Operand::Kind::kSymbol:
      return operand.offset == 0 ? operand.symbol : fmt::format("{}+{}", operand.symbol, operand.offset);
    case Operand::Kind::kLabel:
      return operand.symbol.empty() ? function.labels[operand.label].name : operand.symbol;
    case Operand::Kind::kSpecial:
      return operand.symbol;
    case Operand::Kind::kVector:
      return "{" + render_operands(function, operand.elements) + "}";
    case Operand::Kind::kSink:
      return "_";
  }
  return {};
}

std::string render_operand(const Function& function, const Operand& operand) {
  std::string out = render_single(function, operand);
  if (operand.reg2) out += "|" + function.registers[*operand.reg2].name;
  return out;
}

std::string render_call(const Function& function, const Instruction& call) {
  std::string out;
  if (!call.call_returns.empty()) out += "(" + render_operands(function, call.call_returns) + "), ";
  out += render_operands(function, call.operands);
  if (!call.call_arguments.empty() || !call.call_prototype.empty()) {
    out += ", (" + render_operands(function, call.call_arguments) + ")";
  }
  if (!call.call_prototype.empty()) out += ", " + call.call_prototype;
  return out;
}

}  // namespace

std::string render_instruction(const Function& function, const Instruction& instruction) {
  std::string out;
  if (instruction.guarded) {
    out += instruction.guard_negated ? "@!" : "@";
    out += function.registers[instruction.guard].name + " ";
  }
  out += name(instruction.opcode);
  for (const Modifier modifier : instruction.modifiers) {
    out += '.';
    out += text(modifier);
  }
  const std::string operands = instruction.opcode == Opcode::kCall
                                   ? render_call(function, instruction)
                                   : render_operands(function, instruction.operands);
  if (!operands.empty()) out += " " + operands;
  return out + ";";
}

}  // namespace drillpress::ptx
