#include "drill/toolchain.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::drill {
namespace {

using nlohmann::json;

constexpr std::int64_t kVersionTimeoutMs = 20'000;

// Size and time of change: what a new version of an executable cannot leave as it was.
std::string stamp(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return fmt::format("{}-{}.{:09}", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

std::string output_of(std::vector<std::string> argv) {
  system::ProcessRequest request;
  request.argv = std::move(argv);
  request.environment = system::current_environment();
  request.environment["LC_ALL"] = "C";
  request.limits.timeout_ms = kVersionTimeoutMs;
  request.limits.max_output_bytes = 1 << 16;
  const auto outcome = system::run_process(request);
  return outcome.ok() && outcome.value().succeeded() ? outcome.value().out : std::string();
}

InstalledTool ask(Tool tool, const std::string& path) {
  switch (tool) {
    case Tool::kNvcc:
      return {path, parse_nvcc_version(output_of({path, "--version"}))};
    case Tool::kHostCompiler:
      return {path, parse_host_compiler_version(output_of({path, "--version"}))};
    case Tool::kPython: {
      // A version manager puts a script in PATH; what it leads to is what will be run.
      const std::string text = output_of(
          {path, "-c",
           "import platform, sys; print(sys.executable); print('python', platform.python_version())"});
      const auto lines = base::split_lines(text);
      if (lines.size() != 2 || lines[0].empty()) return {path, ""};
      return {std::string(lines[0]), std::string(lines[1])};
    }
  }
  return {path, ""};
}

json load_versions(const std::string& file) {
  const auto text = system::read_file(file, 1 << 20);
  if (!text.ok()) return json::object();
  json versions = json::parse(text.value(), nullptr, false);
  return versions.is_object() ? versions : json::object();
}

// The remembered tool if neither what was found nor what it leads to has changed since.
std::optional<InstalledTool> remembered(const json& versions, const std::string& found) {
  const auto it = versions.find(found);
  if (it == versions.end() || !it->is_object()) return std::nullopt;
  const auto field = [&](const char* name) {
    const auto value = it->find(name);
    return value != it->end() && value->is_string() ? value->get<std::string>() : std::string();
  };
  const InstalledTool tool{field("path"), field("identity")};
  if (tool.identity.empty() || field("found_stamp") != stamp(found) || field("stamp") != stamp(tool.path)) {
    return std::nullopt;
  }
  return tool;
}

bool is_version_character(char c) {
  return (c >= '0' && c <= '9') || c == '.';
}

}  // namespace

std::string parse_nvcc_version(std::string_view text) {
  constexpr std::string_view kMark = ", V";
  const std::size_t at = text.find(kMark);
  if (text.find("Cuda compilation tools") == std::string_view::npos || at == std::string_view::npos)
    return {};
  std::size_t end = at + kMark.size();
  while (end < text.size() && is_version_character(text[end])) ++end;
  const std::string_view version = text.substr(at + kMark.size(), end - at - kMark.size());
  return version.empty() ? std::string() : "nvcc " + std::string(version);
}

std::string parse_host_compiler_version(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const bool clang = line.find("clang") != std::string_view::npos;
  // "g++ (Debian 12.2.0-14) 12.2.0", "Debian clang version 14.0.6": clang's follows the word, gcc's ends the
  // line.
  constexpr std::string_view kWord = "version ";
  std::size_t begin = line.rfind(' ');
  if (clang) begin = line.find(kWord) == std::string_view::npos ? begin : line.find(kWord) + kWord.size() - 1;
  if (begin == std::string_view::npos) return {};
  std::size_t end = ++begin;
  while (end < line.size() && is_version_character(line[end])) ++end;
  if (end == begin) return {};
  return fmt::format("{} {}", clang ? "clang++" : "g++", line.substr(begin, end - begin));
}

Toolchain::Toolchain(std::vector<std::string> folders, std::string cache_dir)
    : folders_(std::move(folders)), cache_dir_(std::move(cache_dir)) {}

std::string Toolchain::find_executable(std::string_view name) const {
  if (folders_.empty()) {
    std::vector<std::string> more;
    for (const char* variable : {"CUDA_PATH", "CUDA_HOME"}) {
      const char* value = std::getenv(variable);
      if (value && *value) more.push_back(std::string(value) + "/bin");
    }
    more.emplace_back("/usr/local/cuda/bin");
    return system::find_program(std::string(name), more);
  }
  for (const std::string& folder : folders_) {
    const std::string path = folder + "/" + std::string(name);
    if (!system::is_folder(path) && ::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

std::optional<InstalledTool> Toolchain::look_up(Tool tool) const {
  const std::string file = cache_dir_ + "/tools.json";
  for (const std::string_view name : all_tools().at(static_cast<std::size_t>(tool)).names) {
    const std::string found = find_executable(name);
    if (found.empty()) continue;
    json versions = load_versions(file);
    if (auto known = remembered(versions, found)) return known;
    const InstalledTool fresh = ask(tool, found);
    if (fresh.identity.empty()) continue;
    versions[found] = {{"found_stamp", stamp(found)},
                       {"identity", fresh.identity},
                       {"path", fresh.path},
                       {"stamp", stamp(fresh.path)}};
    // Not remembering costs a process next time and nothing else.
    (void)system::write_file_atomically(file, versions.dump(2) + "\n");
    return fresh;
  }
  return std::nullopt;
}

std::optional<InstalledTool> Toolchain::find(Tool tool) {
  const std::lock_guard lock(mutex_);
  const auto known = found_.find(tool);
  if (known != found_.end()) return known->second;
  return found_.emplace(tool, look_up(tool)).first->second;
}

std::string Toolchain::cuda_library_folder() {
  const auto nvcc = find(Tool::kNvcc);
  if (!nvcc) return {};
  std::error_code error;
  const auto real = std::filesystem::canonical(nvcc->path, error);
  if (error) return {};
  for (const char* below : {"lib64", "targets/x86_64-linux/lib", "lib"}) {
    const auto folder = real.parent_path().parent_path() / below;
    if (system::exists((folder / "libcudart.so.13").string())) return folder.string();
  }
  return {};
}

}  // namespace drillpress::drill
