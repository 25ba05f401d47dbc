#include "drill/workspace.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "system/files.h"

namespace drillpress::drill {
namespace {

std::string temporary_root(const std::string& cache_dir) {
  return cache_dir + "/tmp";
}

bool is_running(pid_t process) {
  return ::kill(process, 0) == 0 || errno == EPERM;
}

}  // namespace

base::Result<TemporaryFolder> TemporaryFolder::make(const std::string& cache_dir) {
  static std::atomic<std::uint64_t> number = 0;
  const std::string path = fmt::format("{}/{}-{}", temporary_root(cache_dir), ::getpid(), ++number);
  // One that is there already belongs to an earlier process with the same number.
  if (auto removed = system::remove_tree(path); !removed.ok()) return base::Failure{removed.error()};
  if (auto made = system::make_folders(path); !made.ok()) return base::Failure{made.error()};
  // Whatever the users in the sandbox may do in there, no other user of this machine may.
  ::chmod(path.c_str(), S_IRWXU);
  return TemporaryFolder(path);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty()) system::remove_tree(path_);
}

void remove_abandoned_folders(const std::string& cache_dir) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(temporary_root(cache_dir), error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    pid_t process = 0;
    const auto [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (bad == std::errc() && *rest == '-' && !is_running(process)) system::remove_tree(it->path().string());
  }
}

}  // namespace drillpress::drill
