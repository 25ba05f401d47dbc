// The compilers and interpreters of this machine, each looked up and asked for its version at most once.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drill/language.h"

namespace drillpress::drill {

struct InstalledTool {
  std::string path;      ///< of the executable
  std::string identity;  ///< "nvcc 13.0.88", "g++ 12.2.0", "python 3.11.7"
};

/// Looks tools up lazily. A version is remembered in `<cache>/tools.json` under the executable's path, size
/// and time of change, so that a second build starts no process to learn it. Thread safe.
class Toolchain {
 public:
  /// `folders` empty: PATH, then bin/ of $CUDA_PATH and $CUDA_HOME, then /usr/local/cuda/bin. Otherwise these
  /// alone.
  Toolchain(std::vector<std::string> folders, std::string cache_dir);

  /// Nothing when the tool is not there or does not say its version.
  std::optional<InstalledTool> find(Tool tool);

  /// Folder of the toolkit's runtime library, for running on a GPU; empty when there is none.
  std::string cuda_library_folder();

 private:
  std::optional<InstalledTool> look_up(Tool tool) const;
  std::string find_executable(std::string_view name) const;

  std::vector<std::string> folders_;
  std::string cache_dir_;
  std::mutex mutex_;
  std::map<Tool, std::optional<InstalledTool>> found_;
};

/// "nvcc 13.0.88" from what `nvcc --version` prints; empty when it is not that.
std::string parse_nvcc_version(std::string_view text);
/// "g++ 12.2.0" or "clang++ 14.0.6" from the output of `--version`; empty when there is no version in it.
std::string parse_host_compiler_version(std::string_view text);

}  // namespace drillpress::drill
