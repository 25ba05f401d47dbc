// What an executable file needs to start: the names of the shared libraries in its dynamic section.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drillpress::cli {

/// Nothing when the bytes are no well-formed 64-bit little-endian ELF file; empty when it is linked
/// statically. Layout: System V ABI, "Dynamic Section".
std::optional<std::vector<std::string>> needed_libraries(std::string_view file);

/// The first of the program's libraries that it calls and that only a GPU runs, or nothing: libraries of
/// NVIDIA with machine code of their own, which reach the device past the runtime. A library that is linked
/// and not called does not count: many Makefiles link all of them for all programs.
std::string called_gpu_library(std::string_view file, const std::vector<std::string>& libraries);

}  // namespace drillpress::cli
