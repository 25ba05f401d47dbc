// What happens beside an access of memory when somebody watches: tracing, initcheck, racecheck and
// watchpoints. The handlers call it only in launches that are observed.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "lockstep/race.h"
#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

constexpr auto kGlobal = static_cast<std::uint32_t>(ptx::Space::kGlobal);
constexpr auto kShared = static_cast<std::uint32_t>(ptx::Space::kShared);

bool is_traced(const Launch& launch, const Warp& warp, const Op& op) {
  const TraceRequest& trace = launch.options->trace;
  if (trace.line == 0 || warp.block->linear != trace.block || warp.number != trace.warp) return false;
  const LineOfProgram& line = launch.program->lines[launch.program->origins[op.index].line];
  return line.line == trace.line && line.file.ends_with(trace.file_suffix);
}

/// Calls f(lanes, address, size in bytes) for each stretch of memory that lanes, one after the other, access
/// without a gap: mostly one a warp.
template <typename F>
void for_each_stretch(std::uint32_t lanes, const std::uint64_t* addresses, std::uint32_t size_bytes, F f) {
  while (lanes != 0) {
    const std::uint64_t begin = addresses[__builtin_ctz(lanes)];
    std::uint64_t end = begin + size_bytes;
    std::uint32_t members = 0;
    for (; lanes != 0; lanes &= lanes - 1) {
      const std::uint64_t address = addresses[__builtin_ctz(lanes)];
      if (address == end) {
        end += size_bytes;
      } else if (address < begin || address + size_bytes > end) {
        break;
      }
      members |= lanes & (0u - lanes);
    }
    f(members, begin, end - begin);
  }
}

/// The bytes of a vector access that the program uses, where the compiler says that it does not use all.
std::uint32_t used_bytes(const Warp& warp, const Origin& origin) {
  constexpr std::string_view kUsedBytes = "used_bytes_mask ";
  const ptx::Function& function = *warp.frame->function->source;
  const auto at = static_cast<std::uint32_t>(origin.instruction - function.instructions.data());
  for (const ptx::Pragma& pragma : function.pragmas) {
    if (pragma.target == at && pragma.text.starts_with(kUsedBytes))
      return static_cast<std::uint32_t>(std::strtoul(pragma.text.c_str() + kUsedBytes.size(), nullptr, 0));
  }
  return kFullMask;
}

/// Whether the operand has one of the registers that `loaded` is made of.
bool names_one_of(const ptx::Operand& loaded, const ptx::Operand& operand) {
  const auto matches = [&](const ptx::Operand& element) { return names_one_of(loaded, element); };
  if (operand.kind == ptx::Operand::Kind::kVector)
    return std::any_of(operand.elements.begin(), operand.elements.end(), matches);
  if (operand.kind != ptx::Operand::Kind::kRegister && !operand.has_register) return false;
  if (loaded.kind != ptx::Operand::Kind::kVector) return operand.reg == loaded.reg;
  return std::any_of(loaded.elements.begin(), loaded.elements.end(),
                     [&](const ptx::Operand& element) { return element.reg == operand.reg; });
}

/// Whether a load of small elements is a piece of a structure that is copied: it has several, or others of
/// its line load from the same base, and what it loads is stored and nothing else. Such an element may be
/// padding.
bool copies_structure(const ptx::Function& function, const ptx::Instruction& load) {
  using Kind = ptx::Operand::Kind;
  if (load.opcode != ptx::Opcode::kLd || !load.operands[1].has_register) return false;
  const ptx::Operand& loaded = load.operands[0];
  const ptx::RegisterId base = load.operands[1].reg;
  bool has_neighbour = loaded.kind == Kind::kVector;
  for (const ptx::Instruction& other : function.instructions) {
    if (&other == &load) continue;
    for (std::size_t k = 0; k < other.operands.size(); ++k) {
      const bool stored = other.opcode == ptx::Opcode::kSt && k == 1;
      if (names_one_of(loaded, other.operands[k]) && !stored) return false;
    }
    for (const ptx::Operand& argument : other.call_arguments) {
      if (names_one_of(loaded, argument)) return false;
    }
    has_neighbour = has_neighbour || (other.opcode == ptx::Opcode::kLd && other.operands[1].has_register &&
                                      other.operands[1].reg == base && other.location == load.location);
  }
  return has_neighbour;
}

}  // namespace

void Worker::observe(Warp& warp, const Op& op, std::uint32_t space, std::uint32_t lanes,
                     const std::uint64_t* addresses, char* const* pointers, std::uint32_t size_bytes,
                     Access access, const char* values) {
  if (lanes == 0) return;
  if (is_traced(*launch, warp, op)) trace(op, space, lanes, addresses, size_bytes, access);
  if (space != kGlobal && space != kShared) return;
  const bool is_shared = space == kShared;
  if (!is_shared && launch->count) {
    for_each_stretch(
        lanes, addresses, size_bytes,
        [&](std::uint32_t, std::uint64_t begin, std::uint64_t bytes) { touched.add(begin, bytes); });
  }
  if (launch->options->checks.initcheck)
    check_initialised(warp, op, is_shared, lanes, addresses, size_bytes, access);
  if (race != nullptr) {
    std::uint32_t known = lanes;
    // Registered memory of the program itself is not followed.
    for (std::uint32_t left = is_shared ? 0 : lanes; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
      if (!launch->memory->in_window(addresses[lane])) known &= ~(1u << lane);
    }
    race->access(warp, op, is_shared, known, addresses, pointers, size_bytes, access, values);
  }
  const Options& options = *launch->options;
  if (!is_shared && access != Access::kLoad && options.watch_begin != options.watch_end) {
    for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
      const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
      watch(warp, op, lane, addresses[lane], size_bytes);
    }
  }
}

void Worker::trace(const Op& op, std::uint32_t space, std::uint32_t lanes, const std::uint64_t* addresses,
                   std::uint32_t size_bytes, Access access) {
  if (traced.size() >= launch->options->trace.most) return;
  const Origin& origin = launch->program->origins[op.index];
  const LineOfProgram& line = launch->program->lines[origin.line];
  TracedAccess& entry = traced.emplace_back();
  entry.where = {line.file, line.line};
  entry.ptx_line = origin.instruction->ptx_line;
  entry.access = verb(access);
  entry.space = space_name(static_cast<ptx::Space>(space));
  entry.size_bytes = size_bytes;
  entry.mask = lanes;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    entry.addresses[lane] = addresses[lane];
  }
}

void Worker::check_initialised(Warp& warp, const Op& op, bool is_shared, std::uint32_t lanes,
                               const std::uint64_t* addresses, std::uint32_t size_bytes, Access access) {
  InitialisedBytes& global = launch->memory->initialised();
  std::vector<std::uint8_t>& shared = warp.block->shared_written;
  // CUB reads shared memory around what it needs and drops what it did not want.
  const bool excused = is_shared && launch->program->origins[op.index].in_library;
  const bool reads = access != Access::kStore && !excused, writes = access != Access::kLoad;
  auto all_written = [&](std::uint64_t begin, std::uint64_t bytes) {
    return is_shared ? std::memchr(shared.data() + begin, 0, bytes) == nullptr : global.all(begin, bytes);
  };
  auto mark = [&](std::uint64_t begin, std::uint64_t bytes) {
    if (is_shared) {
      std::memset(shared.data() + begin, 1, bytes);
    } else {
      global.set(begin, bytes, true);
    }
  };
  for_each_stretch(lanes, addresses, size_bytes,
                   [&](std::uint32_t members, std::uint64_t begin, std::uint64_t bytes) {
                     if (!is_shared && !launch->memory->in_window(begin)) return;
                     if (!reads || all_written(begin, bytes)) {
                       if (writes) mark(begin, bytes);
                       return;
                     }
                     for (; members != 0; members &= members - 1) {
                       const auto lane = static_cast<std::uint32_t>(__builtin_ctz(members));
                       check_lane_initialised(warp, op, is_shared, lane, addresses[lane], size_bytes, access);
                       if (writes) mark(addresses[lane], size_bytes);
                     }
                   });
}

void Worker::check_lane_initialised(Warp& warp, const Op& op, bool is_shared, std::uint32_t lane,
                                    std::uint64_t address, std::uint32_t size_bytes, Access access) {
  const std::uint32_t element_bytes = size_bytes / std::max<std::uint32_t>(op.elements, 1);
  const auto all = static_cast<std::uint32_t>((1ull << size_bytes) - 1);
  std::uint32_t written = 0;
  if (is_shared) {
    for (std::uint32_t k = 0; k < size_bytes; ++k)
      written |= static_cast<std::uint32_t>(warp.block->shared_written[address + k]) << k;
  } else {
    written = launch->memory->initialised().bits(address, size_bytes);
  }
  // Structures are copied with their padding: an element is at fault only when none of it was written.
  for (std::uint32_t first = 0; written != all && first < size_bytes; first += element_bytes) {
    const auto element = static_cast<std::uint32_t>(((1ull << element_bytes) - 1) << first);
    if ((written & element) != 0) continue;
    const Origin& origin = launch->program->origins[op.index];
    if ((used_bytes(warp, origin) & element) == 0) continue;
    if (element_bytes < 4 && copies_structure(*warp.frame->function->source, *origin.instruction)) continue;
    Finding& finding = report(warp, op, lane, FindingKind::kUninitialisedRead, 1);
    if (finding.access.empty()) {
      finding.access = verb(access);
      finding.space = is_shared ? "shared" : "global";
      finding.address = address + first;
      finding.size_bytes = element_bytes;
      if (!is_shared) name_allocation(finding, address);
      finding.message = "nobody wrote these bytes before";
    }
    break;
  }
}

}  // namespace drillpress::lockstep
