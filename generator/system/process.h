// Running another program: its own process group, limits, captured output, and nothing left behind.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace drillpress::system {

/// Limits of one run; 0 means "not limited".
struct ProcessLimits {
  std::int64_t timeout_ms = 0;         ///< wall clock
  std::uint64_t max_output_bytes = 0;  ///< of stdout and stderr each; what comes after it is dropped
  std::uint64_t max_family_bytes = 0;  ///< memory in use by the program and all that descends from it
  std::uint64_t max_threads = 0;       ///< of the program and all that descends from it

  // Those that the kernel keeps, for each process by itself.
  std::uint64_t max_file_bytes = 0;   ///< RLIMIT_FSIZE
  std::uint64_t max_data_bytes = 0;   ///< RLIMIT_DATA: heap and private writable mappings
  std::uint64_t max_cpu_seconds = 0;  ///< RLIMIT_CPU
  std::uint64_t max_open_files = 0;   ///< RLIMIT_NOFILE
};

/// The limits that we watch ourselves: reaching one ends the whole process group.
enum class Limit { kTime, kOutput, kMemory, kThreads };

struct ProcessRequest {
  std::vector<std::string> argv;                   ///< argv[0] is looked up in PATH when it has no slash
  std::string directory = {};                      ///< working directory; empty: ours
  std::map<std::string, std::string> environment;  ///< the child's whole environment
  std::string input = {};                          ///< given on standard input
  ProcessLimits limits = {};
  /// User to whom the pipes of the first three descriptors belong, so that it may open /dev/stdout and its
  /// like after the program has become that user; none: us.
  std::optional<unsigned> pipe_owner = {};

  /// When set, `data_option FD` is put behind argv[0]: a descriptor from which `data` (up to 4096 bytes) can
  /// be read.
  std::string data_option = {};
  std::string data = {};
  /// When set, `announce_option FD` is put behind argv[0]: a descriptor on which the program writes
  /// `"child-pid": N`. That process, which may outlive the program, is waited for as well.
  std::string announce_option = {};
};

struct ProcessOutcome {
  int exit_code = 0;  ///< meaningful when signal == 0
  int signal = 0;     ///< the signal that ended it, or 0
  std::optional<Limit> exceeded = {};
  std::string out;
  std::string err;

  bool succeeded() const { return signal == 0 && exit_code == 0 && !exceeded; }
};

/// Runs to the end. Fails only when the program cannot be started. Safe to call from several threads.
base::Result<ProcessOutcome> run_process(const ProcessRequest& request);

/// Path of an executable found in PATH (and then in `extra_directories`), or an empty string.
std::string find_program(const std::string& name, const std::vector<std::string>& extra_directories = {});

/// Our environment as a map.
std::map<std::string, std::string> current_environment();

}  // namespace drillpress::system
