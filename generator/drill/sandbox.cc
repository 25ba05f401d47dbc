#include "drill/sandbox.h"

#include <filesystem>

namespace drillpress::drill {
namespace {

constexpr const char* kProgram = "bwrap";
constexpr std::int64_t kTryOutTimeoutMs = 10'000;

// What programs need of the system; the rest of it is not there.
constexpr const char* kSystemFolders[] = {"/usr",
                                          "/bin",
                                          "/sbin",
                                          "/lib",
                                          "/lib32",
                                          "/lib64",
                                          "/libx32",
                                          "/nix/store",
                                          "/gnu/store",
                                          "/etc/alternatives",
                                          "/etc/ld.so.cache"};

// A shell's way, and bubblewrap's, to say that a signal ended a program.
constexpr int kSignalBase = 128;
constexpr int kLastSignal = 31;

std::vector<std::string> command_line(const system::ProcessRequest& request,
                                      const std::vector<SandboxFolder>& folders) {
  std::vector<std::string> argv = {kProgram, "--unshare-all", "--die-with-parent", "--new-session"};
  for (const char* folder : kSystemFolders) argv.insert(argv.end(), {"--ro-bind-try", folder, folder});
  argv.insert(argv.end(), {"--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"});
  for (const SandboxFolder& folder : folders) {
    argv.insert(argv.end(), {folder.writable ? "--bind" : "--ro-bind", folder.outside, folder.inside});
  }
  argv.insert(argv.end(), {"--chdir", request.directory, "--"});
  argv.insert(argv.end(), request.argv.begin(), request.argv.end());
  return argv;
}

}  // namespace

bool Sandbox::try_out() const {
  system::ProcessRequest request;
  request.argv = {"true"};
  request.directory = "/";
  request.argv = command_line(request, {});
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  request.limits.timeout_ms = kTryOutTimeoutMs;
  request.limits.max_output_bytes = 1 << 16;
  const auto outcome = system::run_process(request);
  return outcome.ok() && outcome.value().succeeded();
}

bool Sandbox::works() {
  if (!wanted_) return false;
  const std::lock_guard lock(mutex_);
  if (!works_) works_ = try_out();
  return *works_;
}

bool Sandbox::failed() const {
  const std::lock_guard lock(mutex_);
  return wanted_ && works_ && !*works_;
}

base::Result<system::ProcessOutcome> Sandbox::run(system::ProcessRequest request,
                                                  const std::vector<SandboxFolder>& folders) {
  if (!works()) return system::run_process(request);
  request.argv = command_line(request, folders);
  request.directory.clear();
  auto outcome = system::run_process(request);
  if (outcome.ok()) {
    system::ProcessOutcome& process = outcome.value();
    const int signal = process.exit_code - kSignalBase;
    if (process.signal == 0 && signal > 0 && signal <= kLastSignal) {
      process.signal = signal;
      process.exit_code = 0;
    }
  }
  return outcome;
}

std::string installation_folder(const std::string& executable) {
  std::error_code error;
  const auto real = std::filesystem::canonical(executable, error);
  if (error) return {};
  const std::string folder = real.parent_path().parent_path().string();
  const bool of_the_system = folder == "/" || folder == "/usr" || folder.starts_with("/usr/");
  return of_the_system ? std::string() : folder;
}

}  // namespace drillpress::drill
