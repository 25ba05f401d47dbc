// Calls and returns, frames, the functions that PTX calls by name (printf, malloc, assertions), and faults.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "base/demangle.h"
#include "lockstep/device_printf.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

constexpr std::uint32_t kLeastFrameBytes =
    16;                                       ///< of stack that a call takes, even if it stores nothing there
constexpr std::uint32_t kFewestCalls = 4096;  ///< that fit into any stack

}  // namespace

std::string describe(const Launch& launch, const Op& op) {
  const Program& program = *launch.program;
  const Origin& origin = program.origins[op.index];
  std::string text(ptx::name(origin.instruction->opcode));
  for (const ptx::Modifier modifier : origin.instruction->modifiers)
    text += fmt::format(".{}", ptx::text(modifier));
  const LineOfProgram& line = program.lines[origin.told_line];
  text += fmt::format(" (PTX line {}", origin.instruction->ptx_line);
  if (!line.file.empty()) text += fmt::format(", {}:{}", line.file, line.line);
  return text + ")";
}

void Warp::fail(const Op& op, FaultKind kind, std::uint32_t lane, std::string message) {
  const Launch& launch = *worker->launch;
  const Origin& origin = launch.program->origins[op.index];
  const LineOfProgram& line = launch.program->lines[origin.told_line];
  Fault& fault = block->fault;
  fault.kind = kind;
  fault.where = {line.file, line.line};
  fault.ptx_line = origin.instruction->ptx_line;
  std::copy(std::begin(block->index), std::end(block->index), fault.block);
  thread(lane, fault.thread);
  fault.message =
      fmt::format("{}, in kernel {}, block ({},{},{}), thread ({},{},{}), at {}", message,
                  base::demangle(launch.request->kernel->name), fault.block[0], fault.block[1],
                  fault.block[2], fault.thread[0], fault.thread[1], fault.thread[2], describe(launch, op));
  event = Event::kFault;
}

Frame* Warp::new_frame(const DecodedFunction& callee) {
  std::unique_ptr<Frame> f;
  auto reusable = std::find_if(free_frames.begin(), free_frames.end(),
                               [&](const auto& p) { return p->function == &callee; });
  const std::size_t predicate_bytes = callee.predicate_count * sizeof(std::uint32_t);
  const std::size_t bytes = callee.register_bytes + predicate_bytes + 64;
  if (reusable != free_frames.end()) {
    f = std::move(*reusable);
    free_frames.erase(reusable);
  } else {
    f = std::make_unique<Frame>();
    f->storage.reset(new char[bytes]);
    f->function = &callee;
    char* at = f->storage.get();
    f->registers = at + (64 - reinterpret_cast<std::uintptr_t>(at) % 64) % 64;
    f->predicates = reinterpret_cast<std::uint32_t*>(f->registers + callee.register_bytes);
  }
  std::memset(f->registers, 0, callee.register_bytes + predicate_bytes);
  frames.push_back(std::move(f));
  return frames.back().get();
}

void Warp::call(const Op& op, std::uint32_t lanes) {
  const CallSite& site = frame->function->calls[op.target];
  if (lanes != mask) diverge(mask & ~lanes, pc);
  const auto lead = static_cast<std::uint32_t>(__builtin_ctz(lanes));
  std::uint32_t callee_index = site.function;
  switch (site.kind) {
    case CallSite::Target::kFunction:
      break;
    case CallSite::Target::kIndirect: {
      const std::uint64_t* address = source<std::uint64_t>(site.address);
      std::uint32_t same = 0;
      for (std::uint32_t i = 0; i < kLanes; ++i) {
        same |= static_cast<std::uint32_t>((lanes >> i & 1u) != 0 && address[i] == address[lead]) << i;
      }
      // The others call what they name when their turn comes.
      if (same != lanes)
        diverge(lanes & ~same, static_cast<std::uint32_t>(&op - frame->function->code.data()));
      lanes = same;
      const Program& program = *worker->launch->program;
      const std::uint64_t code = address[lead] - kCodeWindow;
      const auto found = program.by_module_index.find(static_cast<std::uint32_t>(code / 16 - 1));
      if (code % 16 != 0 || code == 0 || found == program.by_module_index.end()) {
        return fail(op, FaultKind::kInvalidPc, lead,
                    "an indirect call to what is not a function of the module");
      }
      callee_index = found->second;
      break;
    }
    case CallSite::Target::kPrintf:
      return device_printf(*this, op, site, lanes);
    case CallSite::Target::kAssert:
      return device_assert(*this, op, site, lead);
    case CallSite::Target::kMalloc:
      return device_malloc(*this, op, site, lanes);
    case CallSite::Target::kFree:
      return device_free(*this, op, site, lanes);
    case CallSite::Target::kUnknown:
      // cuda_device_runtime_api.h: what nvcc makes of <<<>>> and the runtime's functions in device code.
      if (site.name.starts_with("__cudaCDP"))
        return fail(op, FaultKind::kUnsupportedInstruction, lead,
                    fmt::format("a kernel launches kernels (dynamic parallelism, {})", site.name));
      return fail(op, FaultKind::kUnsupportedInstruction, lead,
                  fmt::format("call of {}, which has no body in the module", site.name));
  }
  const DecodedFunction& callee = *worker->launch->program->functions[callee_index];
  const std::uint32_t local_offset = frame->local_offset + frame->function->local_bytes;
  const std::uint32_t stack = worker->launch->stack_bytes;
  const std::uint32_t deepest = std::max(stack / kLeastFrameBytes, kFewestCalls);
  if (frame->depth >= deepest || local_offset + callee.local_bytes > stack) {
    return fail(op, FaultKind::kStackOverflow, lead,
                fmt::format("the call stack of the thread exceeds {} bytes or {} calls", stack, deepest));
  }
  if (site.arguments.size() != callee.parameters.size() || site.returns.size() != callee.returns.size()) {
    return fail(op, FaultKind::kInvalidPc, lead, "a call whose arguments are not those of the function");
  }
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    char* stack_of_lane = local + static_cast<std::size_t>(__builtin_ctz(left)) * stack;
    for (std::size_t k = 0; k < site.arguments.size(); ++k) {
      std::memcpy(stack_of_lane + local_offset + callee.parameters[k].offset,
                  stack_of_lane + frame->local_offset + site.arguments[k].offset,
                  std::min(site.arguments[k].size_bytes, callee.parameters[k].size_bytes));
    }
  }
  Frame* f = new_frame(callee);
  f->site = &site;
  f->caller = frame;
  f->return_pc = pc;
  f->depth = frame->depth + 1;
  f->lanes = lanes;
  f->local_offset = local_offset;
  prepare(*f);
  use_frame(f);
  pc = 0;
  mask = lanes;
  event = Event::kReschedule;
}

void Warp::return_lanes(std::uint32_t lanes) {
  Frame* f = frame;
  if (f->site == nullptr) return exit_lanes(lanes);
  const std::uint32_t stack = worker->launch->stack_bytes;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    char* stack_of_lane = local + static_cast<std::size_t>(__builtin_ctz(left)) * stack;
    for (std::size_t k = 0; k < f->site->returns.size(); ++k) {
      std::memcpy(stack_of_lane + f->caller->local_offset + f->site->returns[k].offset,
                  stack_of_lane + f->local_offset + f->function->returns[k].offset,
                  std::min(f->site->returns[k].size_bytes, f->function->returns[k].size_bytes));
    }
  }
  Frame* caller = f->caller;
  const std::uint32_t return_pc = f->return_pc;
  f->lanes &= ~lanes;
  if (lanes != mask) {
    Split returned;
    returned.pc = return_pc;
    returned.mask = lanes;
    returned.frame = caller;
    returned.yields = splits[current].yields;
    splits.push_back(returned);
    mask &= ~lanes;
  } else {
    use_frame(caller);
    pc = return_pc;
  }
  if (f->lanes == 0) {
    auto owner = std::find_if(frames.begin(), frames.end(), [f](const auto& p) { return p.get() == f; });
    free_frames.push_back(std::move(*owner));
    frames.erase(owner);
  }
  event = Event::kReschedule;
}

}  // namespace drillpress::lockstep
