#include "cudart/report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/demangle.h"
#include "cudart/json.h"

namespace drillpress::cudart {
namespace {

using base::demangle;
using lockstep::Finding;
using lockstep::FindingKind;
using lockstep::SourceLine;

std::string triple(const std::uint32_t (&t)[3]) {
  return fmt::format("({},{},{})", t[0], t[1], t[2]);
}

std::string place(const SourceLine& where) {
  return where.file.empty() ? std::string() : fmt::format(" at {}:{}", where.file, where.line);
}

std::string_view verb(const Finding& finding) {
  if (finding.access == "load") return "read";
  if (finding.access == "store") return "write";
  return finding.access;
}

std::string describe_allocation(const Finding& finding) {
  if (!finding.remark.empty()) return ", " + finding.remark;
  if (finding.allocation == 0) return "";
  const std::string allocation =
      finding.allocation_name.empty()
          ? fmt::format("{} bytes allocated at {:#x}", finding.allocation_bytes, finding.allocation)
          : fmt::format("{} bytes of the variable {} at {:#x}", finding.allocation_bytes,
                        demangle(finding.allocation_name), finding.allocation);
  if (finding.kind == FindingKind::kReadAfterWrite || finding.kind == FindingKind::kWriteAfterWrite ||
      finding.kind == FindingKind::kWriteAfterRead || finding.kind == FindingKind::kUninitialisedRead) {
    return fmt::format(", in the {}", allocation);
  }
  if (finding.kind == FindingKind::kUseAfterFree) return fmt::format(", in the freed {}", allocation);
  if (finding.kind != FindingKind::kOutOfBounds) return "";
  const std::uint64_t end = finding.allocation + finding.allocation_bytes;
  if (finding.address >= finding.allocation && finding.address < end)
    return fmt::format(", the last {} of them past the end of the {}",
                       finding.address + finding.size_bytes - end, allocation);
  if (finding.distance_bytes < 0)
    return fmt::format(", {} bytes before the {}", -finding.distance_bytes, allocation);
  return fmt::format(", {} bytes past the end of the {}", finding.distance_bytes, allocation);
}

/// "out-of-bounds write of 4 bytes at 0x… of global memory", the part that says what happened.
std::string describe_access(const Finding& finding, std::string_view what) {
  return fmt::format("{} {} of {} bytes at {:#x} in {} memory", what, verb(finding), finding.size_bytes,
                     finding.address, finding.space);
}

std::string describe_event(const Finding& finding) {
  switch (finding.kind) {
    case FindingKind::kOutOfBounds:
      return "memcheck: " + describe_access(finding, "out-of-bounds");
    case FindingKind::kUseAfterFree:
      return "memcheck: " + describe_access(finding, "use-after-free");
    case FindingKind::kMisaligned:
      return "memcheck: " + describe_access(finding, "misaligned");
    case FindingKind::kReadOnlyStore:
      return "memcheck: " + describe_access(finding, "read-only");
    case FindingKind::kInvalidFree:
      return fmt::format("memcheck: free of {:#x}, which malloc did not give", finding.address);
    case FindingKind::kReadAfterWrite:
    case FindingKind::kWriteAfterWrite:
    case FindingKind::kWriteAfterRead:
      return fmt::format(
          "racecheck: {} of {} bytes at {:#x} in {} memory that nothing orders after the {} by "
          "block {} thread {}{},",
          verb(finding), finding.size_bytes, finding.address, finding.space,
          finding.other_access == "load"    ? "read"
          : finding.other_access == "store" ? "write"
          : finding.other_access == "copy"  ? "asynchronous copy"
                                            : "atomic",
          triple(finding.other_block), triple(finding.other_thread), place(finding.other_where));
    case FindingKind::kUninitialisedRead:
      return "initcheck: " + describe_access(finding, "uninitialised");
    case FindingKind::kDivergentBarrier:
    case FindingKind::kBarrierNotReached:
    case FindingKind::kInvalidMask:
    case FindingKind::kMismatchedSync:
      break;
  }
  const std::string_view full = lockstep::name(finding.kind);
  return fmt::format("synccheck: {}", full.substr(full.find('.') + 1));
}

void write_counters(JsonWriter& json, const lockstep::Counters& counters, bool skip_zeros,
                    std::optional<std::uint64_t> unique_bytes = std::nullopt) {
  struct Named {
    std::string_view name;
    std::uint64_t value;
  };
  std::vector<Named> sorted = {
#define COUNTER(name) {#name, counters.name},
      DRILLPRESS_LOCKSTEP_COUNTERS(COUNTER)
#undef COUNTER
  };
  if (unique_bytes) sorted.push_back({"global_unique_bytes", *unique_bytes});
  std::sort(sorted.begin(), sorted.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  json.begin_object();
  for (const Named& counter : sorted) {
    if (counter.value != 0 || !skip_zeros) json.member(counter.name, counter.value);
  }
  json.end_object();
}

void write_dim(JsonWriter& json, std::string_view name, const lockstep::Dim3& dim) {
  const std::uint32_t numbers[3] = {dim.x, dim.y, dim.z};
  json.triple(name, numbers);
}

/// Addresses of inactive lanes are null, so that a lane's place in the list is its number.
void write_traced(JsonWriter& json, const lockstep::TracedAccess& access) {
  json.begin_object();
  json.member("access", access.access);
  json.key("addresses");
  json.begin_array();
  for (std::uint32_t lane = 0; lane < 32; ++lane) {
    if ((access.mask >> lane & 1u) != 0) {
      json.value(fmt::format("{:#x}", access.addresses[lane]));
    } else {
      json.null();
    }
  }
  json.end_array();
  json.member("file", access.where.file);
  json.member("line", access.where.line);
  json.member("ptx_line", access.ptx_line);
  json.member("size_bytes", access.size_bytes);
  json.member("space", access.space);
  json.end_object();
}

void write_launch(JsonWriter& json, const LaunchRecord& launch) {
  json.begin_object();
  write_dim(json, "block", launch.block);
  json.member("cooperative", launch.cooperative);
  json.key("counters");
  write_counters(json, launch.counters, false, launch.global_unique_bytes);
  json.member("dynamic_shared_bytes", launch.dynamic_shared_bytes);
  json.member("fault", lockstep::name(launch.fault));
  write_dim(json, "grid", launch.grid);
  json.member("kernel", demangle(launch.kernel));
  json.key("lines");
  json.begin_array();
  for (const lockstep::LineCounters& line : launch.lines) {
    json.begin_object();
    json.key("counters");
    write_counters(json, line.counters, true);
    json.member("file", line.where.file);
    json.member("line", line.where.line);
    json.end_object();
  }
  json.end_array();
  json.member("mangled", launch.kernel);
  json.member("profiled", launch.profiled);
  json.member("static_shared_bytes", launch.static_shared_bytes);
  if (!launch.trace.empty()) {
    json.key("trace");
    json.begin_array();
    for (const lockstep::TracedAccess& access : launch.trace) write_traced(json, access);
    json.end_array();
  }
  json.end_object();
}

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object();
  json.member("access", finding.access);
  json.member("address", fmt::format("{:#x}", finding.address));
  json.member("allocation", fmt::format("{:#x}", finding.allocation));
  json.member("allocation_bytes", finding.allocation_bytes);
  json.triple("block", finding.block);
  json.member("count", finding.count);
  json.member("distance_bytes", finding.distance_bytes);
  json.member("file", finding.where.file);
  json.member("kernel", demangle(finding.kernel));
  json.member("kind", lockstep::name(finding.kind));
  json.member("line", finding.where.line);
  json.member("mangled", finding.kernel);
  json.member("message", finding.message);
  json.member("other_access", finding.other_access);
  json.triple("other_block", finding.other_block);
  json.member("other_file", finding.other_where.file);
  json.member("other_line", finding.other_where.line);
  json.triple("other_thread", finding.other_thread);
  json.member("ptx_line", finding.ptx_line);
  json.member("size_bytes", finding.size_bytes);
  json.member("space", finding.space);
  json.member("text", describe(finding));
  json.triple("thread", finding.thread);
  json.end_object();
}

void write_fault(JsonWriter& json, const FaultRecord& record) {
  const lockstep::Fault& fault = record.fault;
  json.begin_object();
  json.triple("block", fault.block);
  json.member("file", fault.where.file);
  json.member("kernel", demangle(record.kernel));
  json.member("kind", lockstep::name(fault.kind));
  json.member("line", fault.where.line);
  json.member("mangled", record.kernel);
  json.member("message", fault.message);
  json.member("ptx_line", fault.ptx_line);
  json.triple("thread", fault.thread);
  json.end_object();
}

base::Failure system_failure(const char* what, const std::string& path) {
  return {fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

}  // namespace

int exit_status(int status, const RunReport& report) {
  if (status != 0) return status;
  if (!report.refusals.empty()) return kExitRefused;
  return report.clean() ? 0 : kExitFindings;
}

std::string describe(const Finding& finding) {
  const bool synccheck = lockstep::name(finding.kind).starts_with("synccheck");
  const std::string repeats =
      finding.count > 1 ? fmt::format(" ({} {} in all)", finding.count, synccheck ? "warps" : "accesses")
                        : "";
  return fmt::format("{} by block {} thread {} in kernel {}{}{}{}{}", describe_event(finding),
                     triple(finding.block), triple(finding.thread), demangle(finding.kernel),
                     place(finding.where), describe_allocation(finding), repeats,
                     synccheck && !finding.message.empty() ? ": " + finding.message : "");
}

std::string describe(const FaultRecord& record) {
  return fmt::format("fault: {}: {} [kernel {}]", lockstep::name(record.fault.kind), record.fault.message,
                     demangle(record.kernel));
}

std::string describe(const Refusal& refusal) {
  return fmt::format("refused: {}: {}", refusal.what, refusal.why);
}

std::string describe_leak(const lockstep::Allocation& allocation) {
  return fmt::format("leak: {} bytes at {:#x} (allocation {}) were never freed", allocation.size_bytes,
                     allocation.address, allocation.serial);
}

std::string describe(const lockstep::WatchedStore& store, const std::string& kernel) {
  return fmt::format("watch: {} bytes stored at {:#x} by block {} thread {} in kernel {}{} ({} lanes{})",
                     store.size_bytes, store.address, triple(store.block), triple(store.thread),
                     demangle(kernel), place(store.where), store.count,
                     store.last ? ", the last store of the launch" : "");
}

std::string render_counters(const RunReport& report) {
  JsonWriter json;
  json.begin_object();
  json.key("launches");
  json.begin_array();
  for (const LaunchRecord& launch : report.launches) write_launch(json, launch);
  json.end_array();
  json.member("schema", kCountersSchema);
  json.end_object();
  return std::move(json).take();
}

std::string render_findings(const RunReport& report) {
  JsonWriter json;
  json.begin_object();
  json.key("faults");
  json.begin_array();
  for (const FaultRecord& fault : report.faults) write_fault(json, fault);
  json.end_array();
  json.key("findings");
  json.begin_array();
  for (const Finding& finding : report.findings) write_finding(json, finding);
  json.end_array();
  json.key("leaks");
  json.begin_array();
  for (const lockstep::Allocation& leak : report.leaks) {
    json.begin_object();
    json.member("address", fmt::format("{:#x}", leak.address));
    json.member("serial", leak.serial);
    json.member("size_bytes", leak.size_bytes);
    json.end_object();
  }
  json.end_array();
  json.key("refusals");
  json.begin_array();
  for (const Refusal& refusal : report.refusals) {
    json.begin_object();
    json.member("what", refusal.what);
    json.member("why", refusal.why);
    json.end_object();
  }
  json.end_array();
  json.member("schema", kFindingsSchema);
  json.end_object();
  return std::move(json).take();
}

base::Status write_wherever(const std::string& path, const std::string& text) {
  std::error_code ignored;
  const std::filesystem::file_status there = std::filesystem::status(path, ignored);
  const bool replaces = !std::filesystem::exists(there) || std::filesystem::is_regular_file(there);
  const std::string place =
      std::filesystem::is_regular_file(there) ? std::filesystem::canonical(path, ignored).string() : path;
  const std::string target = replaces ? fmt::format("{}.{}.tmp", place, ::getpid()) : path;
  const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | (replaces ? O_CREAT | O_TRUNC : 0);
  const int file = ::open(target.c_str(), flags, 0666);
  if (file < 0) return system_failure(replaces ? "create" : "open", target);
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  const bool closed = ::close(file) == 0;
  if (written != text.size() || !closed || (replaces && ::rename(target.c_str(), place.c_str()) != 0)) {
    auto failure = system_failure("write", path);
    if (replaces) ::unlink(target.c_str());
    return failure;
  }
  return base::Done{};
}

}  // namespace drillpress::cudart
