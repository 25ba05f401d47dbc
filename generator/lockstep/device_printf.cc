#include "lockstep/device_printf.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "lockstep/worker.h"

namespace drillpress::lockstep {
namespace {

char* argument(Warp& warp, const CallSite& site, std::size_t k, std::uint32_t lane) {
  return warp.local + static_cast<std::size_t>(lane) * warp.worker->launch->stack_bytes +
         warp.frame->local_offset + site.arguments[k].offset;
}

template <typename T>
T argument_value(Warp& warp, const CallSite& site, std::size_t k, std::uint32_t lane) {
  T value{};
  std::memcpy(&value, argument(warp, site, k, lane),
              std::min<std::size_t>(sizeof value, site.arguments[k].size_bytes));
  return value;
}

template <typename T>
void set_result(Warp& warp, const CallSite& site, std::uint32_t lane, T value) {
  if (site.returns.empty()) return;
  char* to = warp.local + static_cast<std::size_t>(lane) * warp.worker->launch->stack_bytes +
             warp.frame->local_offset + site.returns[0].offset;
  std::memcpy(to, &value, std::min<std::size_t>(sizeof value, site.returns[0].size_bytes));
}

/// Reads device bytes at a generic address; false where there are none.
bool read(Warp& warp, std::uint32_t lane, std::uint64_t address, void* to, std::size_t size_bytes) {
  const Launch& launch = *warp.worker->launch;
  const std::uint64_t inside = address & ((1ull << kSpaceShift) - 1);
  const char* from = nullptr;
  switch (address >> kSpaceShift) {
    case kLocalWindow >> kSpaceShift:
      if (inside + size_bytes <= launch.stack_bytes) {
        from = warp.local + static_cast<std::size_t>(lane) * launch.stack_bytes + inside;
      }
      break;
    case kSharedWindow >> kSpaceShift:
      if (inside + size_bytes <= warp.block->shared.size()) from = warp.block->shared.data() + inside;
      break;
    case kParameterWindow >> kSpaceShift:
      if (inside + size_bytes <= launch.parameters.size()) from = launch.parameters.data() + inside;
      break;
    default: {
      const Region* region = launch.memory->region_at(address);
      if (region != nullptr && region->live && region->end - address >= size_bytes) {
        from = reinterpret_cast<const char*>(address + static_cast<std::uint64_t>(region->to_host));
      }
    }
  }
  if (from == nullptr) return false;
  std::memcpy(to, from, size_bytes);
  return true;
}

/// A string on the device, up to 64 KiB; nothing when it leaves its memory.
bool read_string(Warp& warp, std::uint32_t lane, std::uint64_t address, std::string& out) {
  for (std::size_t i = 0; i < 65536; ++i) {
    char c = 0;
    if (!read(warp, lane, address + i, &c, 1)) return false;
    if (c == 0) return true;
    out += c;
  }
  return true;
}

/// The next argument of the buffer, aligned to its size.
template <typename T>
bool next(Warp& warp, std::uint32_t lane, std::uint64_t& at, T& value) {
  at = (at + sizeof(T) - 1) / sizeof(T) * sizeof(T);
  const bool ok = read(warp, lane, at, &value, sizeof value);
  at += sizeof(T);
  return ok;
}

template <typename T>
std::string print(const std::string& specification, T value) {
  char small[128];
  const int length = std::snprintf(small, sizeof small, specification.c_str(), value);
  if (length < 0) return "";
  if (static_cast<std::size_t>(length) < sizeof small)
    return std::string(small, static_cast<std::size_t>(length));
  std::string large(static_cast<std::size_t>(length) + 1, '\0');
  std::snprintf(large.data(), large.size(), specification.c_str(), value);
  large.pop_back();
  return large;
}

/// Formats one lane's call; false: the arguments cannot be read.
bool format(Warp& warp, std::uint32_t lane, const std::string& pattern, std::uint64_t arguments,
            std::string& out, int& count) {
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '%') {
      out += pattern[i++];
      continue;
    }
    std::string flags = "%";
    std::size_t k = i + 1;
    bool ok = true;
    // Flags, width and precision pass through; `*` takes an int.
    while (k < pattern.size() && std::strchr("-+ #0123456789.*", pattern[k]) != nullptr) {
      if (pattern[k] == '*') {
        std::int32_t width = 0;
        ok = ok && next(warp, lane, arguments, width);
        flags += std::to_string(width);
        ++count;
      } else {
        flags += pattern[k];
      }
      ++k;
    }
    std::string length;
    while (k < pattern.size() && std::strchr("hlLqjzt", pattern[k]) != nullptr) length += pattern[k++];
    if (k >= pattern.size()) {
      out += pattern.substr(i);
      break;
    }
    const char conversion = pattern[k];
    const bool wide =
        length == "l" || length == "ll" || length == "q" || length == "j" || length == "z" || length == "t";
    ++count;
    if (std::strchr("di", conversion) != nullptr || std::strchr("uoxX", conversion) != nullptr) {
      if (wide) {
        long long value = 0;
        ok = ok && next(warp, lane, arguments, value);
        out += print(flags + "ll" + conversion, value);
      } else {
        int value = 0;
        ok = ok && next(warp, lane, arguments, value);
        out += print(flags + length + conversion, value);
      }
    } else if (conversion == 'c') {
      int value = 0;
      ok = ok && next(warp, lane, arguments, value);
      out += print(flags + conversion, value);
    } else if (std::strchr("fFeEgGaA", conversion) != nullptr) {
      double value = 0;
      ok = ok && next(warp, lane, arguments, value);
      out += print(flags + conversion, value);
    } else if (conversion == 's') {
      std::uint64_t address = 0;
      std::string text;
      ok = ok && next(warp, lane, arguments, address);
      if (address == 0) {
        text = "(null)";
      } else {
        ok = ok && read_string(warp, lane, address, text);
      }
      out += print(flags + conversion, text.c_str());
    } else if (conversion == 'p') {
      std::uint64_t address = 0;
      ok = ok && next(warp, lane, arguments, address);
      out += print(flags + conversion, reinterpret_cast<void*>(address));
    } else {
      --count;
      if (conversion == '%') {
        out += '%';
      } else {
        out += pattern.substr(i, k - i + 1);
      }
    }
    if (!ok) return false;
    i = k + 1;
  }
  return true;
}

}  // namespace

void device_printf(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lanes) {
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    const auto pattern_address = argument_value<std::uint64_t>(warp, site, 0, lane);
    const auto arguments = argument_value<std::uint64_t>(warp, site, 1, lane);
    std::string pattern;
    int count = 0;
    if (pattern_address == 0) {
      set_result(warp, site, lane, -1);
      continue;
    }
    if (!read_string(warp, lane, pattern_address, pattern) ||
        !format(warp, lane, pattern, arguments, warp.block->output, count)) {
      return warp.fail(op, FaultKind::kIllegalAddress, lane,
                       "printf reads a string or argument that is not there");
    }
    set_result(warp, site, lane, count);
  }
}

void device_assert(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lane) {
  std::string text[3];  // expression, file, function
  const std::size_t from[3] = {0, 1, 3};
  for (int k = 0; k < 3; ++k) {
    if (site.arguments.size() > from[k]) {
      read_string(warp, lane, argument_value<std::uint64_t>(warp, site, from[k], lane), text[k]);
    }
  }
  const auto line = site.arguments.size() > 2 ? argument_value<std::uint32_t>(warp, site, 2, lane) : 0u;
  warp.fail(op, FaultKind::kAssert, lane, "");
  Fault& fault = warp.block->fault;
  fault.message = fmt::format("{}:{}: {}: block: [{},{},{}], thread: [{},{},{}] Assertion `{}` failed.",
                              text[1], line, text[2], fault.block[0], fault.block[1], fault.block[2],
                              fault.thread[0], fault.thread[1], fault.thread[2], text[0]);
  fault.where = {text[1], line};
}

void device_malloc(Warp& warp, const Op&, const CallSite& site, std::uint32_t lanes) {
  Worker& worker = *warp.worker;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    const auto size = argument_value<std::uint64_t>(warp, site, 0, lane);
    std::uint64_t address = 0;
    if (size != 0 && size <= worker.launch->heap_left) {
      const auto allocated = worker.launch->memory->allocate(size, MemoryKind::kDevice);
      if (allocated.error == MemoryError::kNone) {
        address = allocated.address;
        worker.launch->heap_left -= size;
      }
    }
    set_result(warp, site, lane, address);
  }
}

void device_free(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lanes) {
  Worker& worker = *warp.worker;
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    const auto address = argument_value<std::uint64_t>(warp, site, 0, lane);
    if (address == 0) continue;
    const auto allocation = worker.launch->memory->find(address);
    if (worker.launch->memory->free(address) != MemoryError::kNone) {
      Finding& finding = worker.report(warp, op, lane, FindingKind::kInvalidFree, 1);
      finding.address = address;
      finding.message = "free of an address that malloc did not give, or that was freed before";
      continue;
    }
    worker.launch->heap_left += allocation->size_bytes;
    for (CachedRegion& region : worker.regions) region = CachedRegion{};
  }
}

}  // namespace drillpress::lockstep
