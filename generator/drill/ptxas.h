// What `ptxas -v` reports about each kernel and architecture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drill/record.h"

namespace drillpress::drill {

struct KernelUsage {
  std::string mangled;
  std::uint32_t barriers = 0;
  Resources resources;
};

/// One row per kernel and architecture, sorted by architecture and then kernel. Device functions that are not
/// kernels are left out.
std::vector<KernelUsage> parse_ptxas_report(std::string_view text);

/// A kernel's name for people: demangled, without result type, parameters and anonymous namespaces:
/// "scale<float>".
std::string kernel_name(const std::string& mangled);

/// The same from an already demangled name: "void (anonymous namespace)::scale<float>(float*, int)".
std::string shorten_kernel_name(std::string_view demangled);

}  // namespace drillpress::drill
