#include "drill/language.h"

#include <fmt/format.h>

#include <algorithm>

#include "drill/place.h"

namespace drillpress::drill {

const std::vector<LanguageRow>& all_languages() {
  // The engine executes the PTX of compute_90 and finds lines through -lineinfo; a shared runtime is what it
  // replaces.
  static const std::vector<LanguageRow> table = {
      {Language::kCuda,
       "cuda",
       "program.cu",
       Tool::kNvcc,
       true,
       true,
       {"c++20", "c++17"},
       {"-gencode", "arch=compute_90,code=compute_90", "--no-compress", "-lineinfo", "-cudart", "shared"}},
      {Language::kCpp,
       "cpp",
       "program.cpp",
       Tool::kHostCompiler,
       true,
       false,
       {"c++20", "c++11", "c++14", "c++17", "c++23", "gnu++11", "gnu++14", "gnu++17", "gnu++20", "gnu++23"},
       {"-O2", "-Wall", "-pthread"}},
      {Language::kPython, "python", "program.py", Tool::kPython, false, false, {}, {"-s", "-B"}},
  };
  return table;
}

const LanguageRow& row_of(Language language) {
  return all_languages().at(static_cast<std::size_t>(language));
}

std::optional<Language> find_language(std::string_view name) {
  for (const LanguageRow& row : all_languages()) {
    if (row.name == name) return row.language;
  }
  return std::nullopt;
}

const std::vector<ToolRow>& all_tools() {
  static const std::vector<ToolRow> table = {
      {Tool::kNvcc, {"nvcc"}, "nvcc was not found"},
      {Tool::kHostCompiler, {"g++", "c++", "clang++"}, "no C++ compiler was found"},
      {Tool::kPython, {"python3"}, "python3 was not found"},
  };
  return table;
}

std::vector<std::string> compiler_flags(const Program& program, const std::string& gpu_architecture) {
  const LanguageRow& row = row_of(program.language);
  std::vector<std::string> flags;
  if (!row.standards.empty()) {
    // Nothing that an author wrote becomes an option but what the table knows.
    const auto known = std::find(row.standards.begin(), row.standards.end(), program.standard);
    flags.push_back(fmt::format("-std={}", known == row.standards.end() ? row.standards.front() : *known));
  }
  flags.insert(flags.end(), row.flags.begin(), row.flags.end());
  if (row.tool == Tool::kNvcc) {
    const auto add_code = [&](std::string_view arch) {
      flags.insert(flags.end(), {"-gencode", fmt::format("arch=compute_{0},code=sm_{0}", arch)});
    };
    bool gpu_covered = gpu_architecture.empty();
    if (program.wants_resources) {
      for (const std::string_view arch : kResourceArchitectures) {
        add_code(arch);
        gpu_covered = gpu_covered || arch == gpu_architecture;
      }
      flags.insert(flags.end(), {"-Xptxas", "-v"});
    }
    if (!gpu_covered) add_code(gpu_architecture);
  }
  if (row.compiled) {
    for (const std::string& folder : search_folders(program)) flags.push_back("-I" + folder);
  }
  return flags;
}

}  // namespace drillpress::drill
