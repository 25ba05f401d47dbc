#include <algorithm>
#include <functional>
#include <set>

#include "lockstep/decode_function.h"

namespace drillpress::lockstep {
namespace {

/// Every symbol that the instructions of a function name.
void collect_symbols(const ptx::Function& function, std::set<std::string>& out) {
  auto visit = [&out](const ptx::Operand& operand, auto& self) -> void {
    if (!operand.symbol.empty() && operand.kind != ptx::Operand::Kind::kSpecial) out.insert(operand.symbol);
    for (const ptx::Operand& element : operand.elements) self(element, self);
  };
  for (const ptx::Instruction& instruction : function.instructions) {
    for (const ptx::Operand& operand : instruction.operands) visit(operand, visit);
  }
}

std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  const std::uint64_t a = std::max<std::uint64_t>(alignment, 1);
  return (value + a - 1) / a * a;
}

bool calls_indirectly(const ptx::Function& function) {
  return std::any_of(function.instructions.begin(), function.instructions.end(),
                     [](const ptx::Instruction& i) {
                       return i.opcode == ptx::Opcode::kCall && !i.operands.empty() &&
                              i.operands[0].kind == ptx::Operand::Kind::kRegister;
                     });
}

/// Finds the bytes of stack that the deepest chain of calls needs, and whether calls may be recursive or
/// indirect.
void measure_stack(Program& program) {
  std::vector<int> state(program.functions.size(), 0);
  std::vector<std::uint32_t> depth(program.functions.size(), 0);
  bool unbounded = false;
  std::function<std::uint32_t(std::uint32_t)> visit = [&](std::uint32_t index) -> std::uint32_t {
    if (state[index] == 1) unbounded = true;
    if (state[index] != 0) return depth[index];
    state[index] = 1;
    std::uint32_t deepest = 0;
    for (const CallSite& site : program.functions[index]->calls) {
      if (site.kind == CallSite::Target::kIndirect) unbounded = true;
      if (site.kind == CallSite::Target::kFunction) deepest = std::max(deepest, visit(site.function));
    }
    state[index] = 2;
    depth[index] = program.functions[index]->local_bytes + deepest;
    return depth[index];
  };
  program.stack_bytes = visit(0);
  program.unbounded_calls = unbounded;
}

}  // namespace

ModuleView make_view(const ptx::Module& module, const SymbolTable& symbols) {
  ModuleView view;
  view.module = &module;
  view.symbols = &symbols;
  for (std::uint32_t k = 0; k < module.functions.size(); ++k) {
    if (!module.functions[k].is_declaration) view.functions[module.functions[k].name] = k;
  }
  for (const ptx::Alias& alias : module.aliases) {
    const auto target = view.functions.find(alias.function);
    if (target != view.functions.end()) view.functions[alias.name] = target->second;
  }
  return view;
}

std::vector<std::uint32_t> reachable_functions(const ModuleView& view, std::uint32_t kernel) {
  std::vector<std::uint32_t> found = {kernel};
  std::set<std::uint32_t> seen = {kernel};
  auto add = [&](std::uint32_t index) {
    if (seen.insert(index).second) found.push_back(index);
  };
  for (std::size_t k = 0; k < found.size(); ++k) {
    const ptx::Function& function = view.module->functions[found[k]];
    for (const ptx::Instruction& instruction : function.instructions) {
      if (instruction.opcode != ptx::Opcode::kCall || instruction.operands.empty()) continue;
      const auto callee = view.functions.find(instruction.operands[0].symbol);
      if (callee != view.functions.end()) add(callee->second);
    }
    if (!calls_indirectly(function)) continue;
    for (std::uint32_t index = 0; index < view.module->functions.size(); ++index) {
      const ptx::Function& candidate = view.module->functions[index];
      if (!candidate.is_entry && !candidate.is_declaration) add(index);
    }
  }
  return found;
}

SharedLayout layout_shared(const ModuleView& view, const std::vector<std::uint32_t>& functions) {
  std::set<std::string> named;
  for (const std::uint32_t index : functions) collect_symbols(view.module->functions[index], named);
  SharedLayout layout;
  std::vector<const ptx::Variable*> dynamic;
  std::uint64_t bytes = 0;
  auto place = [&](const ptx::Variable& variable) {
    if (variable.space != ptx::Space::kShared || named.count(variable.name) == 0) return;
    if (variable.size_bytes == 0) {
      dynamic.push_back(&variable);
      return;
    }
    bytes = align_up(bytes, variable.alignment);
    layout.offsets[variable.name] = static_cast<std::uint32_t>(bytes);
    bytes += variable.size_bytes;
  };
  for (const ptx::Variable& variable : view.module->globals) place(variable);
  for (const std::uint32_t index : functions) {
    for (const ptx::Variable& variable : view.module->functions[index].variables) place(variable);
  }
  // All unsized arrays are the same dynamic shared memory, aligned for the strictest of them.
  std::uint32_t alignment = 1;
  for (const ptx::Variable* variable : dynamic) alignment = std::max(alignment, variable->alignment);
  if (!dynamic.empty()) bytes = align_up(bytes, alignment);
  for (const ptx::Variable* variable : dynamic)
    layout.offsets[variable->name] = static_cast<std::uint32_t>(bytes);
  layout.static_bytes = static_cast<std::uint32_t>(bytes);
  return layout;
}

std::vector<Parameter> layout_parameters(const std::vector<ptx::Variable>& variables,
                                         std::uint32_t& size_bytes) {
  std::vector<Parameter> parameters;
  std::uint64_t bytes = 0;
  for (const ptx::Variable& variable : variables) {
    bytes = align_up(bytes, variable.alignment);
    parameters.push_back(
        {static_cast<std::uint32_t>(bytes), static_cast<std::uint32_t>(variable.size_bytes)});
    bytes += variable.size_bytes;
  }
  size_bytes = static_cast<std::uint32_t>(bytes);
  return parameters;
}

std::unique_ptr<Program> decode_program(const ModuleView& view, std::uint32_t kernel) {
  auto program = std::make_unique<Program>();
  const std::vector<std::uint32_t> functions = reachable_functions(view, kernel);
  program->shared = layout_shared(view, functions);
  std::vector<FunctionDecoder> decoders;
  decoders.reserve(functions.size());
  for (const std::uint32_t index : functions) decoders.emplace_back(view, *program, index);
  for (FunctionDecoder& decoder : decoders) decoder.decode();
  measure_stack(*program);
  return program;
}

CallSite::Target provided_function(const std::string& name) {
  if (name == "vprintf") return CallSite::Target::kPrintf;
  if (name == "__assertfail") return CallSite::Target::kAssert;
  if (name == "malloc") return CallSite::Target::kMalloc;
  if (name == "free") return CallSite::Target::kFree;
  return CallSite::Target::kUnknown;
}

}  // namespace drillpress::lockstep
