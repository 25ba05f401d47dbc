#include "drill/ptxas.h"

#include <cxxabi.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <tuple>

#include "base/text.h"

namespace drillpress::drill {
namespace {

// The text between two marks, or nothing.
std::optional<std::string_view> between(std::string_view line, std::string_view before,
                                        std::string_view after) {
  const std::size_t from = line.find(before);
  if (from == std::string_view::npos) return std::nullopt;
  const std::size_t begin = from + before.size();
  const std::size_t end = line.find(after, begin);
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(begin, end - begin);
}

// The number that stands before `unit` in a list such as "Used 10 registers, used 1 barriers, 512 bytes
// smem".
std::uint64_t number_before(std::string_view line, std::string_view unit) {
  const std::size_t at = line.find(unit);
  if (at == std::string_view::npos) return 0;
  std::size_t begin = at;
  while (begin > 0 && line[begin - 1] >= '0' && line[begin - 1] <= '9') --begin;
  std::uint64_t value = 0;
  std::from_chars(line.data() + begin, line.data() + at, value);
  return value;
}

// "sm_75" before "sm_100".
int architecture_number(std::string_view name) {
  int value = 0;
  const std::size_t digits = name.find('_') + 1;
  std::from_chars(name.data() + digits, name.data() + name.size(), value);
  return value;
}

// One past the bracket that closes the one at `open`.
std::size_t past_closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '<') ++depth;
    // The arrow of a lambda's or decltype's result is no bracket.
    if (text[i] == ')' || (text[i] == '>' && text[i - 1] != '-')) --depth;
    if (depth == 0) return i + 1;
  }
  return text.size();
}

}  // namespace

std::vector<KernelUsage> parse_ptxas_report(std::string_view text) {
  std::vector<KernelUsage> rows;
  KernelUsage* current = nullptr;  // the kernel being compiled
  bool own_properties = false;     // the frame and spills on the next line are the kernel's, not a callee's
  for (const std::string_view line : base::split_lines(text)) {
    if (const auto kernel = between(line, "Compiling entry function '", "' for '")) {
      const auto architecture = between(line, "' for '", "'");
      KernelUsage row;
      row.mangled = std::string(*kernel);
      row.resources.architecture = std::string(architecture.value_or(""));
      row.resources.kernel = kernel_name(row.mangled);
      rows.push_back(std::move(row));
      current = &rows.back();
    } else if (const std::size_t at = line.find("Function properties for "); at != std::string_view::npos) {
      own_properties = current && base::trim(line.substr(at + 24)) == current->mangled;
    } else if (current && own_properties && line.find("bytes stack frame") != std::string_view::npos) {
      current->resources.stack_bytes = number_before(line, " bytes stack frame");
      current->resources.spill_store_bytes = number_before(line, " bytes spill stores");
      current->resources.spill_load_bytes = number_before(line, " bytes spill loads");
    } else if (current && line.find("Used ") != std::string_view::npos) {
      current->resources.registers = static_cast<std::uint32_t>(number_before(line, " registers"));
      current->resources.static_shared_bytes = number_before(line, " bytes smem");
      current->barriers = static_cast<std::uint32_t>(number_before(line, " barriers"));
    }
  }
  std::sort(rows.begin(), rows.end(), [](const KernelUsage& a, const KernelUsage& b) {
    return std::tuple(architecture_number(a.resources.architecture), a.resources.kernel, a.mangled) <
           std::tuple(architecture_number(b.resources.architecture), b.resources.kernel, b.mangled);
  });
  return rows;
}

std::string kernel_name(const std::string& mangled) {
  if (!mangled.starts_with("_Z")) return mangled;  // the demangler takes "f" for a type
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? shorten_kernel_name(text.get()) : mangled;
}

std::string shorten_kernel_name(std::string_view demangled) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  const std::string whole = base::replace_all(std::string(demangled), kAnonymous, "");
  // The parameters open at the first bracket outside template arguments; the name begins after the last blank
  // before them that is outside as well (the result type ends there).
  std::size_t begin = 0;
  for (std::size_t i = 0; i < whole.size();) {
    if (whole[i] == '(') return whole.substr(begin, i - begin);
    if (whole[i] == '<') {
      i = past_closing(whole, i);
      continue;
    }
    if (whole[i] == ' ') begin = i + 1;
    ++i;
  }
  return whole.substr(begin);
}

}  // namespace drillpress::drill
