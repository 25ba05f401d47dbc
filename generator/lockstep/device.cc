// The device: modules, launches and their checks.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <thread>

#include "lockstep/decode.h"
#include "lockstep/device_memory.h"
#include "lockstep/engine.h"
#include "lockstep/launch.h"
#include "lockstep/link.h"
#include "lockstep/race.h"
#include "ptx/parser.h"

namespace drillpress::lockstep {
namespace {

struct LoadedModule {
  ptx::Module ptx;
  SymbolTable addresses;
  std::map<std::string, Symbol, std::less<>> symbols;
  std::vector<DeviceAddress> placed;
  ModuleView view;
  std::map<std::string, std::unique_ptr<Kernel>, std::less<>> kernels;
  std::map<std::uint32_t, std::unique_ptr<Program>> programs;  ///< by function, once launched
};

std::uint32_t target_number(const std::string& target) {
  std::uint32_t number = 0;
  for (const char c : target) {
    if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number;
}

Fault configuration_fault(FaultKind kind, std::string message) {
  Fault fault;
  fault.kind = kind;
  fault.message = std::move(message);
  return fault;
}

class EngineDevice final : public Device {
 public:
  EngineDevice(const DeviceProperties& properties, std::unique_ptr<DeviceMemory> memory,
               std::vector<std::string> notices)
      : properties_(properties), memory_(std::move(memory)), notices_(std::move(notices)) {
    heap_left_ = properties_.heap_bytes;
  }

  const DeviceProperties& properties() const override { return properties_; }
  void set_heap_bytes(std::uint64_t bytes) override {
    const std::uint64_t used = properties_.heap_bytes - heap_left_;
    properties_.heap_bytes = bytes;
    heap_left_ = bytes > used ? bytes - used : 0;
  }
  void set_stack_bytes(std::uint32_t bytes) override { properties_.stack_bytes = bytes; }
  Options& options() override { return options_; }
  Memory& memory() override { return *memory_; }
  const std::vector<std::string>& notices() const override { return notices_; }

  base::Result<ModuleId> load_module(std::string_view text) override;
  base::Result<ModuleId> load_linked(const std::vector<std::string>& units) override;
  void unload_module(ModuleId module) override;
  const Kernel* find_kernel(ModuleId module, std::string_view name) const override;
  std::vector<const Kernel*> kernels(ModuleId module) const override;
  std::optional<Symbol> find_symbol(ModuleId module, std::string_view name) const override;
  std::vector<std::string> unsupported_instructions(const Kernel& kernel) override;
  std::uint32_t resident_blocks(const Kernel& kernel, std::uint32_t block_threads,
                                std::uint32_t dynamic_shared_bytes) const override;
  LaunchResult launch(const LaunchRequest& request) override;

 private:
  base::Result<ModuleId> place_module(ptx::Module ptx);
  bool place_variables(LoadedModule& module, std::string& problem);
  void initialise_variables(LoadedModule& module, std::string& problem);
  void describe_kernels(LoadedModule& module, ModuleId id);
  Program& program(const Kernel& kernel);
  Fault check_configuration(const LaunchRequest& request) const;

  DeviceProperties properties_;
  Options options_;
  std::unique_ptr<DeviceMemory> memory_;
  std::vector<std::string> notices_;
  std::map<ModuleId, std::unique_ptr<LoadedModule>> modules_;
  ModuleId last_module_ = 0;
  std::uint64_t launches_ = 0;
  std::uint64_t heap_left_ = 0;
  DeviceAddress grid_workspace_ = 0;
  std::unique_ptr<RaceChecker> race_;  ///< once racecheck was on
  WorkerThreads worker_threads_;
};

/// `unit`: "" or " 2 of 3", for the message.
base::Result<ptx::Module> parse_unit(std::string_view text, const std::string& unit) {
  auto parsed = ptx::parse_module(text);
  if (auto* errors = std::get_if<std::vector<ptx::ParseError>>(&parsed)) {
    std::string message = fmt::format("the PTX of the module{} cannot be read", unit);
    for (const ptx::ParseError& error : *errors) {
      message += fmt::format("\nPTX:{}:{}: {}", error.line, error.column, error.message);
    }
    return base::Failure{message};
  }
  return std::move(std::get<ptx::Module>(parsed));
}

base::Result<ModuleId> EngineDevice::load_module(std::string_view text) {
  auto parsed = parse_unit(text, "");
  return parsed ? place_module(std::move(parsed).value()) : base::Failure{parsed.error()};
}

base::Result<ModuleId> EngineDevice::load_linked(const std::vector<std::string>& units) {
  std::vector<ptx::Module> modules;
  for (std::size_t k = 0; k < units.size(); ++k) {
    auto parsed = parse_unit(units[k], fmt::format(" {} of {}", k + 1, units.size()));
    if (!parsed) return base::Failure{parsed.error()};
    modules.push_back(std::move(parsed).value());
  }
  if (modules.empty()) return base::Failure{"there is no PTX"};
  auto joined = link_modules(std::move(modules));
  return joined ? place_module(std::move(joined).value()) : base::Failure{joined.error()};
}

base::Result<ModuleId> EngineDevice::place_module(ptx::Module ptx) {
  auto module = std::make_unique<LoadedModule>();
  module->ptx = std::move(ptx);
  std::string problem;
  if (place_variables(*module, problem)) initialise_variables(*module, problem);
  if (!problem.empty()) {
    for (const DeviceAddress address : module->placed) memory_->free_symbol(address);
    return base::Failure{problem};
  }
  module->view = make_view(module->ptx, module->addresses);
  const ModuleId id = ++last_module_;
  describe_kernels(*module, id);
  modules_[id] = std::move(module);
  return id;
}

bool EngineDevice::place_variables(LoadedModule& module, std::string& problem) {
  auto place = [&](const ptx::Variable& variable) {
    const bool constant = variable.space == ptx::Space::kConst;
    if (!constant && variable.space != ptx::Space::kGlobal) return;
    if (variable.is_extern) return;
    const auto allocated = memory_->allocate_symbol(variable.name, variable.size_bytes, variable.alignment,
                                                    variable.is_managed, constant);
    if (allocated.error != MemoryError::kNone) {
      problem = fmt::format("no room in device memory for variable {} of {} bytes", variable.name,
                            variable.size_bytes);
      return;
    }
    module.placed.push_back(allocated.address);
    module.addresses[variable.name] = allocated.address;
    module.symbols[variable.name] = {allocated.address, variable.size_bytes, constant, variable.is_managed};
  };
  for (const ptx::Variable& variable : module.ptx.globals) place(variable);
  for (const ptx::Function& function : module.ptx.functions) {
    for (const ptx::Variable& variable : function.variables) place(variable);
  }
  return problem.empty();
}

void EngineDevice::initialise_variables(LoadedModule& module, std::string& problem) {
  const ModuleView view = make_view(module.ptx, module.addresses);
  auto initialise = [&](const ptx::Variable& variable) {
    const auto at = module.addresses.find(variable.name);
    if (at == module.addresses.end()) return;
    if (!variable.initializer.empty()) {
      memory_->copy_in(at->second, variable.initializer.data(),
                       std::min<std::uint64_t>(variable.initializer.size(), variable.size_bytes));
    }
    for (const ptx::Variable::Relocation& relocation : variable.relocations) {
      const auto symbol = module.addresses.find(relocation.symbol);
      const auto function = view.functions.find(relocation.symbol);
      std::uint64_t value = static_cast<std::uint64_t>(relocation.addend);
      if (symbol != module.addresses.end()) {
        value += symbol->second;
      } else if (function != view.functions.end()) {
        value += kCodeWindow + 16 * (std::uint64_t{function->second} + 1);
      } else {
        problem = fmt::format("variable {} is initialised with the address of {}, which is not in the module",
                              variable.name, relocation.symbol);
        return;
      }
      value >>= 8 * std::min(relocation.first_byte, 7u);
      memory_->copy_in(at->second + relocation.offset, &value, std::min(relocation.size_bytes, 8u));
    }
  };
  for (const ptx::Variable& variable : module.ptx.globals) initialise(variable);
  for (const ptx::Function& function : module.ptx.functions) {
    for (const ptx::Variable& variable : function.variables) initialise(variable);
  }
}

void EngineDevice::describe_kernels(LoadedModule& module, ModuleId id) {
  std::uint32_t constant_bytes = 0;
  for (const auto& [name, symbol] : module.symbols) {
    if (symbol.is_constant) constant_bytes += static_cast<std::uint32_t>(symbol.size_bytes);
  }
  for (std::uint32_t index = 0; index < module.ptx.functions.size(); ++index) {
    const ptx::Function& function = module.ptx.functions[index];
    if (!function.is_entry || function.is_declaration) continue;
    auto kernel = std::make_unique<Kernel>();
    kernel->module = id;
    kernel->function = index;
    kernel->name = function.name;
    for (const Parameter& parameter : layout_parameters(function.parameters, kernel->parameter_bytes)) {
      kernel->parameters.push_back({parameter.offset, parameter.size_bytes});
    }
    kernel->static_shared_bytes =
        layout_shared(module.view, reachable_functions(module.view, index)).static_bytes;
    kernel->constant_bytes = constant_bytes;
    for (const ptx::Variable& variable : function.variables) {
      if (variable.space == ptx::Space::kLocal)
        kernel->local_bytes += static_cast<std::uint32_t>(variable.size_bytes);
    }
    const auto* limit = function.required_threads[0] != 0 ? function.required_threads : function.max_threads;
    kernel->max_threads = properties_.max_threads_per_block;
    if (limit[0] != 0) {
      kernel->max_threads =
          std::min(kernel->max_threads, limit[0] * std::max(limit[1], 1u) * std::max(limit[2], 1u));
    }
    for (const ptx::Register& reg : function.registers) {
      kernel->registers += std::max(1u, ptx::size_bytes(reg.type) / 4);
    }
    kernel->ptx_version = module.ptx.version_major * 10 + module.ptx.version_minor;
    kernel->target = target_number(module.ptx.target);
    module.kernels[function.name] = std::move(kernel);
  }
}

void EngineDevice::unload_module(ModuleId id) {
  const auto found = modules_.find(id);
  if (found == modules_.end()) return;
  for (const DeviceAddress address : found->second->placed) memory_->free_symbol(address);
  modules_.erase(found);
}

const Kernel* EngineDevice::find_kernel(ModuleId id, std::string_view name) const {
  const auto module = modules_.find(id);
  if (module == modules_.end()) return nullptr;
  const auto kernel = module->second->kernels.find(name);
  return kernel == module->second->kernels.end() ? nullptr : kernel->second.get();
}

std::vector<const Kernel*> EngineDevice::kernels(ModuleId id) const {
  std::vector<const Kernel*> all;
  const auto module = modules_.find(id);
  if (module == modules_.end()) return all;
  for (const auto& [name, kernel] : module->second->kernels) all.push_back(kernel.get());
  return all;
}

std::optional<Symbol> EngineDevice::find_symbol(ModuleId id, std::string_view name) const {
  const auto module = modules_.find(id);
  if (module == modules_.end()) return std::nullopt;
  const auto symbol = module->second->symbols.find(name);
  if (symbol == module->second->symbols.end()) return std::nullopt;
  return symbol->second;
}

Program& EngineDevice::program(const Kernel& kernel) {
  LoadedModule& module = *modules_.at(kernel.module);
  std::unique_ptr<Program>& program = module.programs[kernel.function];
  if (!program) program = decode_program(module.view, kernel.function);
  return *program;
}

std::vector<std::string> EngineDevice::unsupported_instructions(const Kernel& kernel) {
  return program(kernel).unsupported;
}

std::uint32_t EngineDevice::resident_blocks(const Kernel& kernel, std::uint32_t block_threads,
                                            std::uint32_t dynamic_shared_bytes) const {
  if (block_threads == 0 || block_threads > kernel.max_threads) return 0;
  const std::uint32_t warps = (block_threads + 31) / 32;
  std::uint32_t blocks = std::min(properties_.max_blocks_per_multiprocessor,
                                  properties_.max_threads_per_multiprocessor / 32 / warps);
  // Each block also takes 1 KiB that the system reserves (CUDA C++ Programming Guide, compute
  // capability 9.0).
  const std::uint64_t shared = std::uint64_t{kernel.static_shared_bytes} + dynamic_shared_bytes + 1024;
  blocks = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(blocks, properties_.shared_bytes_per_multiprocessor / shared));
  return blocks;
}

Fault EngineDevice::check_configuration(const LaunchRequest& request) const {
  if (request.kernel == nullptr || modules_.count(request.kernel->module) == 0) {
    return configuration_fault(FaultKind::kInvalidValue, "there is no such kernel");
  }
  const Kernel& kernel = *request.kernel;
  if (!kernel.parameters.empty() && request.arguments == nullptr) {
    return configuration_fault(FaultKind::kInvalidValue, "the kernel's arguments are missing");
  }
  const std::uint32_t grid[3] = {request.grid.x, request.grid.y, request.grid.z};
  const std::uint32_t block[3] = {request.block.x, request.block.y, request.block.z};
  for (int k = 0; k < 3; ++k) {
    if (grid[k] == 0 || grid[k] > properties_.max_grid[k]) {
      return configuration_fault(
          FaultKind::kInvalidConfiguration,
          fmt::format("a grid of ({}, {}, {}) blocks is outside 1 to ({}, {}, {})", grid[0], grid[1], grid[2],
                      properties_.max_grid[0], properties_.max_grid[1], properties_.max_grid[2]));
    }
    if (block[k] == 0 || block[k] > properties_.max_block[k]) {
      return configuration_fault(FaultKind::kInvalidConfiguration,
                                 fmt::format("a block of ({}, {}, {}) threads is outside 1 to ({}, {}, {})",
                                             block[0], block[1], block[2], properties_.max_block[0],
                                             properties_.max_block[1], properties_.max_block[2]));
    }
  }
  const std::uint64_t threads = std::uint64_t{block[0]} * block[1] * block[2];
  if (threads > properties_.max_threads_per_block) {
    return configuration_fault(FaultKind::kInvalidConfiguration,
                               fmt::format("a block of {} threads is more than the device's {}", threads,
                                           properties_.max_threads_per_block));
  }
  if (threads > kernel.max_threads) {
    return configuration_fault(
        FaultKind::kOutOfResources,
        fmt::format("a block of {} threads is more than the {} the kernel was compiled for", threads,
                    kernel.max_threads));
  }
  const std::uint64_t shared = std::uint64_t{kernel.static_shared_bytes} + request.dynamic_shared_bytes;
  const std::uint32_t limit =
      std::min(request.dynamic_shared_limit_bytes, properties_.shared_bytes_per_block_optin);
  if (request.dynamic_shared_bytes > limit || shared > std::max(limit, properties_.shared_bytes_per_block)) {
    return configuration_fault(
        FaultKind::kInvalidValue,
        fmt::format("{} bytes of shared memory are more than the {} allowed", shared, limit));
  }
  if (request.cooperative) {
    const std::uint64_t blocks = std::uint64_t{grid[0]} * grid[1] * grid[2];
    const std::uint64_t fit =
        std::uint64_t{properties_.multiprocessors} *
        resident_blocks(kernel, static_cast<std::uint32_t>(threads), request.dynamic_shared_bytes);
    if (blocks > fit) {
      return configuration_fault(
          FaultKind::kCooperativeTooLarge,
          fmt::format("a cooperative launch of {} blocks; only {} can be resident", blocks, fit));
    }
  }
  return Fault{};
}

LaunchResult EngineDevice::launch(const LaunchRequest& request) {
  LaunchResult refused;
  refused.fault = check_configuration(request);
  if (!refused.ok()) return refused;
  const Kernel& kernel = *request.kernel;
  const Program& decoded = program(kernel);
  Launch launch;
  launch.request = &request;
  launch.options = &options_;
  launch.properties = &properties_;
  launch.program = &decoded;
  launch.memory = memory_.get();
  launch.parameters.resize(kernel.parameter_bytes);
  for (std::size_t k = 0; k < kernel.parameters.size(); ++k) {
    std::memcpy(launch.parameters.data() + kernel.parameters[k].offset_bytes, request.arguments[k],
                kernel.parameters[k].size_bytes);
  }
  launch.blocks = std::uint64_t{request.grid.x} * request.grid.y * request.grid.z;
  launch.block_threads = request.block.x * request.block.y * request.block.z;
  launch.warps_per_block = (launch.block_threads + kLanes - 1) / kLanes;
  launch.shared_bytes = kernel.static_shared_bytes + request.dynamic_shared_bytes;
  launch.stack_bytes =
      decoded.unbounded_calls ? std::max(decoded.stack_bytes, properties_.stack_bytes) : decoded.stack_bytes;
  launch.count = options_.counters && request.profiled;
  launch.serial = ++launches_;
  launch.heap_left = heap_left_;
  if (options_.timeout_ms != 0) {
    launch.has_deadline = true;
    launch.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.timeout_ms);
  }
  if (request.cooperative) {
    // What cooperative groups read through %envreg1/2: a workspace that begins with the grid's barrier.
    if (grid_workspace_ == 0)
      grid_workspace_ = memory_->allocate_symbol("grid barrier", 4096, 256, false, false).address;
    memory_->fill(grid_workspace_, 0, 1, 4096);
    launch.grid_barrier = grid_workspace_;
  }
  std::uint32_t threads =
      options_.threads != 0 ? options_.threads : std::max(1u, std::thread::hardware_concurrency());
  if (decoded.order_dependent || request.cooperative) threads = 1;
  if (options_.checks.initcheck) memory_->track_initialised();
  if (options_.checks.racecheck) {
    if (!race_) race_ = std::make_unique<RaceChecker>();
    race_->begin_launch(launch);
    launch.race = race_.get();
  }
  // What these find must not depend on how many threads look for it.
  if (options_.checks.initcheck || options_.checks.racecheck) threads = 1;
  const std::uint64_t resident = std::max<std::uint64_t>(
      1, std::uint64_t{properties_.multiprocessors} *
             resident_blocks(kernel, launch.block_threads, request.dynamic_shared_bytes));
  LaunchResult result = run_launch(launch, worker_threads_, threads,
                                   static_cast<std::uint32_t>(std::min<std::uint64_t>(resident, 1u << 20)));
  heap_left_ = launch.heap_left;
  if (result.fault.kind == FaultKind::kAssert) fmt::print(stderr, "{}\n", result.fault.message);
  return result;
}

}  // namespace

base::Result<std::unique_ptr<Device>> Device::create(const DeviceProperties& properties) {
  std::vector<std::string> notices;
  auto memory = DeviceMemory::create(properties.address_space_bytes, notices);
  if (!memory) return base::Failure{memory.error()};
  return std::unique_ptr<Device>(new EngineDevice(properties, std::move(memory.value()), std::move(notices)));
}

}  // namespace drillpress::lockstep
