#include "ptx/print_variable.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "ptx/variables.h"

namespace drillpress::ptx {
namespace {

std::string address(const Variable::Relocation& relocation) {
  std::string out = relocation.generic ? "generic(" + relocation.symbol + ")" : relocation.symbol;
  if (relocation.addend != 0) out += fmt::format("+{}", relocation.addend);
  return out;
}

// The element at byte `at` of a relocation: whole, or the bytes of the address that a mask picks.
std::string address_element(const Variable::Relocation& relocation, std::uint64_t at,
                            std::uint32_t element_bytes) {
  const bool whole = relocation.size_bytes == element_bytes && relocation.first_byte == 0;
  if (whole && (element_bytes == 4 || element_bytes == 8)) return address(relocation);
  const std::uint64_t ones = ~std::uint64_t{0} >> (64 - element_bytes * 8);
  const std::uint64_t shift = (relocation.first_byte + (at - relocation.offset)) * 8;
  return fmt::format("{:#x}({})", ones << shift, address(relocation));
}

std::string number_element(const Variable& variable, std::uint64_t at, std::uint32_t element_bytes) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < std::min(element_bytes, 8U); ++i) {
    bits |= std::uint64_t{variable.initializer[at + i]} << (i * 8);
  }
  if (variable.type == Type::kF32) return fmt::format("0f{:08X}", bits);
  if (variable.type == Type::kF64) return fmt::format("0d{:016X}", bits);
  const bool sign_extended = element_bytes == 16 && variable.initializer[at + 15] == 0xFF;
  return sign_extended ? fmt::format("{}", static_cast<std::int64_t>(bits)) : fmt::format("{}", bits);
}

std::string value(const Variable& variable) {
  const std::uint32_t element_bytes = size_bytes(variable.type);
  const bool is_scalar = variable.size_bytes == element_bytes;
  std::string out = is_scalar ? "" : "{";
  auto relocation = variable.relocations.begin();
  for (std::uint64_t at = 0; at < variable.initializer.size(); at += element_bytes) {
    while (relocation != variable.relocations.end() && relocation->offset + relocation->size_bytes <= at)
      ++relocation;
    const bool is_address = relocation != variable.relocations.end() && relocation->offset <= at;
    out += at == 0 ? "" : ", ";
    out += is_address ? address_element(*relocation, at, element_bytes)
                      : number_element(variable, at, element_bytes);
  }
  return out + (is_scalar ? "" : "}");
}

// Splits `%r12` into `%r` and true if its number is `expected`, written without leading zeros.
bool continues(std::string_view name, std::string_view prefix, std::size_t expected) {
  return name.substr(0, prefix.size()) == prefix && name.substr(prefix.size()) == std::to_string(expected);
}

}  // namespace

std::string render_declarator(const Variable& variable) {
  std::string out = fmt::format(".{}", text(variable.space));
  if (variable.is_managed) out += " .attribute(.managed)";
  out += fmt::format(" .align {} .{} ", variable.alignment, text(variable.type));
  if (variable.is_pointer) {
    out += ".ptr ";
    if (variable.pointer_space != Space::kGeneric) out += fmt::format(".{} ", text(variable.pointer_space));
    if (variable.pointer_alignment != 0) out += fmt::format(".align {} ", variable.pointer_alignment);
  }
  out += variable.name;
  const std::uint64_t element_bytes = size_bytes(variable.type);
  if (variable.size_bytes == 0) {
    out += "[]";
  } else if (variable.size_bytes != element_bytes) {
    out += fmt::format("[{}]", variable.size_bytes / element_bytes);
  }
  return out;
}

std::string render_definition(const Variable& variable) {
  std::string out = variable.is_extern    ? ".extern "
                    : variable.is_weak    ? ".weak "
                    : variable.is_visible ? ".visible "
                                          : "";
  out += render_declarator(variable);
  if (!variable.initializer.empty()) out += " = " + value(variable);
  return out + ";";
}

std::string render_registers(const Function& function) {
  const auto is_register = [](const Variable& v) { return v.space == Space::kRegister && v.name != "_"; };
  // Register parameters are declared by the header, and are the first of the function's registers.
  std::size_t at = static_cast<std::size_t>(
      std::count_if(function.returns.begin(), function.returns.end(), is_register) +
      std::count_if(function.parameters.begin(), function.parameters.end(), is_register));
  std::string out;
  const std::vector<Register>& registers = function.registers;
  while (at < registers.size()) {
    const std::string_view name = registers[at].name;
    const std::string_view prefix = name.substr(0, name.size() - 1);
    const bool begins_range =
        name.size() > 2 && name.back() == '0' && !(prefix.back() >= '0' && prefix.back() <= '9');
    std::size_t count = begins_range ? 1 : 0;
    while (count != 0 && at + count < registers.size() && registers[at + count].type == registers[at].type &&
           continues(registers[at + count].name, prefix, count)) {
      ++count;
    }
    if (count > 1) {
      out += fmt::format("\t.reg .{} {}<{}>;\n", text(registers[at].type), prefix, count);
      at += count;
    } else {
      out += fmt::format("\t.reg .{} {};\n", text(registers[at].type), name);
      ++at;
    }
  }
  return out;
}

}  // namespace drillpress::ptx
