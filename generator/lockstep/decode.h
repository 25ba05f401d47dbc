// From a parsed kernel to a Program: operands to rows, labels to places, code in the order that makes lanes
// meet again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lockstep/engine.h"
#include "lockstep/program.h"

namespace drillpress::lockstep {

/// Device addresses of the module's variables.
using SymbolTable = std::unordered_map<std::string, DeviceAddress>;

/// What a decoder needs to know about the module.
struct ModuleView {
  const ptx::Module* module = nullptr;
  const SymbolTable* symbols = nullptr;
  std::unordered_map<std::string, std::uint32_t> functions;  ///< definitions by name
};
ModuleView make_view(const ptx::Module& module, const SymbolTable& symbols);

/// The functions that the kernel can reach, itself first: by calls, and all with a body if it calls
/// indirectly.
std::vector<std::uint32_t> reachable_functions(const ModuleView& view, std::uint32_t kernel);
/// Shared variables that those functions name, one after the other; dynamic shared memory comes after them.
SharedLayout layout_shared(const ModuleView& view, const std::vector<std::uint32_t>& functions);
/// Offsets of parameters in a kernel's parameter block.
std::vector<Parameter> layout_parameters(const std::vector<ptx::Variable>& variables,
                                         std::uint32_t& size_bytes);

std::unique_ptr<Program> decode_program(const ModuleView& view, std::uint32_t kernel);

/// The order of basic blocks in which every block comes after those that lead to it, save along loops, and
/// every loop is contiguous (a weak topological order: F. Bourdoncle, "Efficient chaotic iteration strategies
/// with widenings", 1993). Block 0 is the entry. Blocks that cannot be reached are left out.
std::vector<std::uint32_t> order_blocks(const std::vector<std::vector<std::uint32_t>>& successors);

/// The basic blocks of a function.
struct FlowGraph {
  const std::vector<std::uint32_t>& starts;  ///< by block: its first instruction; the last block has none
  const std::vector<std::vector<std::uint32_t>>& successors;
};
/// The loads that poll, as indices of instructions, sorted: neither volatile nor ordered, but in a loop that
/// reads the same address in every turn because of a fence or a cache operator, or that does nothing else.
std::vector<std::uint32_t> polling_loads(const ptx::Function& function, const FlowGraph& graph,
                                         const std::vector<std::uint32_t>& order);

}  // namespace drillpress::lockstep
