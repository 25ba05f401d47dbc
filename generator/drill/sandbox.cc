#include "drill/sandbox.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "base/text.h"
#include "drill/syscall_filter.h"

namespace drillpress::drill {
namespace {

namespace fs = std::filesystem;
using Access = SandboxMount::Access;
using Arguments = std::vector<std::string>;

constexpr const char* kProgram = "bwrap";
constexpr std::int64_t kTryOutTimeoutMs = 10'000;
constexpr std::uint64_t kTryOutBytes = 1u << 20;

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
// What an installation outside of them consists of.
constexpr const char* kInstallationFolders[] = {"bin",   "include", "lib",  "lib32",
                                                "lib64", "libexec", "nvvm", "targets"};

// POSIX shared memory, such as locks of Python's multiprocessing.
constexpr const char* kSharedMemoryBytes = "16777216";
// The kernel lets no program inside have more threads than this; below it, we say so and end it.
constexpr std::uint64_t kMostThreads = 512, kThreadsTold = 400;
constexpr std::uint64_t kMostOpenFiles = 256;

// As root, user ids that Debian and systemd keep for nobody in particular; each run gets its own, so that the
// kernel counts its processes by themselves (root's are not counted at all).
constexpr unsigned kFirstUser = 61184, kUsers = 4096;

// A shell's way, and bubblewrap's, to say that a signal ended a program.
constexpr int kSignalBase = 128;
constexpr int kLastSignal = 31;

bool is_root() {
  return ::geteuid() == 0;
}

unsigned next_user() {
  static std::atomic<unsigned> count = 0;
  return kFirstUser + (static_cast<unsigned>(::getpid()) * 131 + count++) % kUsers;
}

void add(Arguments& to, const Arguments& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Arguments namespaces() {
  Arguments out = {"--unshare-ipc", "--unshare-pid",        "--unshare-net",
                   "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent",
                   "--new-session", "--hostname",           "drill"};
  // Root needs no user namespace to make the others, and gives up being root inside.
  if (is_root()) {
    add(out, {"--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"});
  } else {
    out.push_back("--unshare-user");
  }
  return out;
}

const char* option_for(Access access) {
  switch (access) {
    case Access::kWritable:
      return "--bind";
    case Access::kDevice:
      return "--dev-bind";
    case Access::kLink:
      return "--symlink";
    case Access::kReadOnly:
    case Access::kOwned:
      break;
  }
  return "--ro-bind";
}

// The folders on the way to a mount. Bubblewrap makes those that are missing for its own user alone.
void add_way(const std::string& inside, Arguments& to) {
  for (std::size_t slash = inside.find('/', 1); slash != std::string::npos;
       slash = inside.find('/', slash + 1))
    add(to, {"--perms", "0755", "--dir", inside.substr(0, slash)});
}

// Everything is mounted over an empty file system that nobody can write to in the end.
Arguments file_systems(const SandboxView& view) {
  const std::string bytes = std::to_string(view.scratch_bytes);
  Arguments out;
  for (const char* folder : kSystemFolders) {
    std::error_code error;
    if (!fs::exists(folder, error)) continue;
    add_way(folder, out);
    add(out, {"--ro-bind", folder, folder});
  }
  add(out, {"--proc", "/proc", "--dev", "/dev"});
  add(out, {"--size", kSharedMemoryBytes, "--perms", "1777", "--tmpfs", "/dev/shm"});
  add(out, {"--size", bytes, "--perms", "1777", "--tmpfs", "/tmp"});
  add(out, {"--size", bytes, "--perms", "0777", "--tmpfs", SandboxView::kScratch});
  for (const std::string& folder : view.folders) add(out, {"--perms", "0777", "--dir", folder});
  for (const SandboxMount& mount : view.mounts) {
    add_way(mount.inside, out);
    add(out, {option_for(mount.access), mount.outside, mount.inside});
  }
  add(out, {"--remount-ro", "/dev", "--remount-ro", "/"});
  return out;
}

// Runs the command; what its shell has to say is not the program's, and its variables are not either.
Arguments fetching_shell(const std::vector<std::string>& names) {
  std::string script =
      "exec 3>&2 2>/dev/null\n"
      "/usr/bin/env -u OLDPWD -u SHLVL -u _ \"$@\" 2>&3 3>&-\n"
      "status=$?\n";
  for (const std::string& name : names) {
    script += fmt::format("[ -f {0}/{1} ] && /bin/cat {0}/{1} >{0}/out/{1}\n", SandboxView::kScratch, name);
  }
  return {"/bin/sh", "-c", script + "exit $status\n", "sh"};
}

Arguments command_line(const system::ProcessRequest& request, const SandboxView& view, unsigned user) {
  Arguments argv = {kProgram};
  add(argv, namespaces());
  add(argv, file_systems(view));
  add(argv, {"--chdir", request.directory, "--"});
  const std::string id = std::to_string(user);
  if (is_root()) add(argv, {"setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--"});
  add(argv, {"prlimit", fmt::format("--nproc={}", kMostThreads), "--"});
  if (!view.fetched.empty()) add(argv, fetching_shell(view.fetched));
  add(argv, request.argv);
  return argv;
}

// Gives what was made for the run to the user that it runs as.
void hand_over(const SandboxMount& mount, unsigned user) {
  std::error_code error;
  if (::lchown(mount.outside.c_str(), user, user) != 0) return;
  for (fs::recursive_directory_iterator it(mount.outside, error), end; !error && it != end;
       it.increment(error)) {
    if (::lchown(it->path().c_str(), user, user) != 0) return;  // then the program finds out
  }
}

base::Result<system::ProcessOutcome> run_inside(system::ProcessRequest request, const SandboxView& view) {
  const unsigned user = next_user();
  if (is_root()) {
    for (const SandboxMount& mount : view.mounts) {
      if (mount.access == Access::kOwned || mount.access == Access::kWritable) hand_over(mount, user);
    }
  }
  if (is_root()) request.pipe_owner = user;
  request.argv = command_line(request, view, user);
  request.directory.clear();
  request.data = syscall_filter(view.for_gpu);
  if (!request.data.empty()) request.data_option = "--seccomp";
  request.announce_option = "--info-fd";
  request.limits.max_threads = kThreadsTold;
  request.limits.max_open_files = kMostOpenFiles;
  auto outcome = system::run_process(request);
  for (const SandboxMount& mount : view.mounts) {
    if (is_root() && mount.access == Access::kWritable) hand_over(mount, ::geteuid());
  }
  return outcome;
}

}  // namespace

Sandbox::Trial Sandbox::try_out() {
  system::ProcessRequest request;
  request.argv = {"/usr/bin/env"};
  request.directory = "/";
  request.environment = {{"PATH", "/usr/bin:/bin"}};
  request.limits.timeout_ms = kTryOutTimeoutMs;
  request.limits.max_output_bytes = kTryOutBytes;
  SandboxView view;
  view.scratch_bytes = kTryOutBytes;
  const auto outcome = run_inside(request, view);
  if (!outcome.ok()) return {false, outcome.error()};
  if (outcome.value().succeeded()) return {true, ""};
  std::string last = "bubblewrap failed and said nothing";
  for (const std::string_view line : base::split_lines(outcome.value().err)) {
    if (!base::trim(line).empty()) last = base::printable(base::trim(line));
  }
  return {false, last};
}

bool Sandbox::works() {
  if (containment_ == Containment::kOff) return false;
  const std::lock_guard lock(mutex_);
  if (!trial_) trial_ = try_out();
  return trial_->works;
}

std::optional<std::string> Sandbox::problem() const {
  const std::lock_guard lock(mutex_);
  if (!trial_ || trial_->works) return std::nullopt;
  return trial_->problem;
}

base::Result<system::ProcessOutcome> Sandbox::run(system::ProcessRequest request, const SandboxView& view) {
  auto outcome = run_inside(std::move(request), view);
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

std::vector<SandboxMount> installation_of(const std::string& executable) {
  std::error_code error;
  const fs::path real = fs::canonical(executable, error);
  if (error) return {};
  const fs::path folder = real.parent_path().parent_path();
  std::vector<SandboxMount> out;
  if (real.parent_path().filename() == "bin") {
    if (folder == "/" || folder == "/usr" || folder.string().starts_with("/usr/")) return {};
    for (const char* name : kInstallationFolders) {
      const std::string path = (folder / name).string();
      if (fs::is_directory(path, error)) out.push_back({path, path});
    }
  } else if (!real.string().starts_with("/usr/")) {
    out.push_back({real.string(), real.string()});
  }
  // By the name under which it was found as well, when that is a symbolic link from elsewhere.
  const bool visible = std::any_of(out.begin(), out.end(), [&](const SandboxMount& mount) {
    return executable == mount.inside || executable.starts_with(mount.inside + "/");
  });
  if (!out.empty() && !visible) out.push_back({real.string(), executable, Access::kLink});
  return out;
}

}  // namespace drillpress::drill
