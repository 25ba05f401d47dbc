#include "system/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <shared_mutex>

#include "system/fork_lock.h"

namespace drillpress::system {
namespace {

namespace fs = std::filesystem;

base::Failure failure(std::string_view what, const std::string& path, int error) {
  return {fmt::format("cannot {} `{}`: {}", what, path, std::strerror(error))};
}

base::Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return failure("write", path, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return base::Done{};
}

bool is_inside(const fs::path& path, const fs::path& root) {
  const auto [end, unused] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end();
}

EntryKind judge_link(const fs::path& link, const fs::path& root) {
  std::error_code error;
  const fs::path target = fs::canonical(link, error);
  if (error) return EntryKind::kSymlinkOutside;
  return is_inside(target, root) ? EntryKind::kSymlinkInside : EntryKind::kSymlinkOutside;
}

}  // namespace

base::Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failure("open", path, errno);
  struct stat info {};
  std::string text;
  base::Result<std::string> result = text;
  if (::fstat(fd, &info) != 0) {
    result = failure("read", path, errno);
  } else if (S_ISDIR(info.st_mode)) {
    result = base::Failure{fmt::format("`{}` is a folder, not a file", path)};
  } else if (!S_ISREG(info.st_mode)) {
    result = base::Failure{fmt::format("`{}` is not a regular file", path)};
  } else if (max_bytes > 0 && static_cast<std::uint64_t>(info.st_size) > max_bytes) {
    result =
        base::Failure{fmt::format("`{}` has {} bytes; at most {} are read", path, info.st_size, max_bytes)};
  } else {
    text.resize(static_cast<std::size_t>(info.st_size));
    std::size_t have = 0;
    while (have < text.size()) {
      const ssize_t n = ::read(fd, text.data() + have, text.size() - have);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
    }
    text.resize(have);
    result = std::move(text);
  }
  ::close(fd);
  return result;
}

base::Status write_file(const std::string& path, std::string_view bytes) {
  const std::shared_lock writing(fork_lock());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return failure("write", path, errno);
  base::Status status = write_all(fd, bytes, path);
  if (::close(fd) != 0 && status.ok()) status = failure("write", path, errno);
  return status;
}

base::Status write_file_atomically(const std::string& path, std::string_view bytes) {
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) {
    if (auto made = make_folders(parent.string()); !made.ok()) return made;
  }
  const std::shared_lock writing(fork_lock());
  std::string temporary = path + ".new-XXXXXX";  // mkstemp puts a name of its own in place of the X
  const int fd = ::mkstemp(temporary.data());
  if (fd < 0) return failure("write", path, errno);
  ::fchmod(fd, 0644);
  base::Status status = write_all(fd, bytes, path);
  ::close(fd);
  if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) status = failure("write", path, errno);
  if (!status.ok()) ::unlink(temporary.c_str());
  return status;
}

base::Status write_wherever(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status) || fs::is_directory(status)) return write_file_atomically(path, bytes);
  if (fs::is_regular_file(status)) return write_file_atomically(fs::canonical(path, error).string(), bytes);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return failure("open", path, errno);
  base::Status written = write_all(fd, bytes, path);
  ::close(fd);
  return written;
}

base::Status copy_file(const std::string& from, const std::string& to) {
  const std::shared_lock writing(fork_lock());
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) return base::Failure{fmt::format("cannot copy `{}` to `{}`: {}", from, to, error.message())};
  return base::Done{};
}

base::Result<std::vector<Entry>> list_tree(const std::string& folder, const std::string& root) {
  std::vector<Entry> entries;
  std::error_code error;
  const fs::path real_root = fs::canonical(root, error);
  if (error) return base::Failure{fmt::format("cannot open `{}`: {}", root, error.message())};
  fs::recursive_directory_iterator it(folder, fs::directory_options::none, error), end;
  if (error) return base::Failure{fmt::format("cannot list `{}`: {}", folder, error.message())};
  for (; it != end; it.increment(error)) {
    if (error) return base::Failure{fmt::format("cannot list `{}`: {}", folder, error.message())};
    if (it->path().filename().string().starts_with(".")) {
      if (it->is_directory(error)) it.disable_recursion_pending();
      continue;
    }
    Entry entry{it->path().lexically_relative(folder).generic_string(), EntryKind::kOther, 0};
    const fs::file_status status = it->symlink_status(error);
    if (fs::is_symlink(status)) {
      entry.kind = judge_link(it->path(), real_root);
    } else if (fs::is_directory(status)) {
      entry.kind = EntryKind::kFolder;
    } else if (fs::is_regular_file(status)) {
      entry.kind = EntryKind::kFile;
      entry.size_bytes = it->file_size(error);
    }
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return entries;
}

std::optional<EntryKind> kind_of(const std::string& path, const std::string& root) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (!fs::exists(status)) return std::nullopt;
  const EntryKind resolved = judge_link(path, fs::canonical(root, error));
  if (fs::is_symlink(status) || resolved == EntryKind::kSymlinkOutside) return resolved;
  if (fs::is_directory(status)) return EntryKind::kFolder;
  return fs::is_regular_file(status) ? EntryKind::kFile : EntryKind::kOther;
}

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

base::Status make_folders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return base::Failure{fmt::format("cannot make the folder `{}`: {}", path, error.message())};
  return base::Done{};
}

base::Status remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return base::Failure{fmt::format("cannot remove `{}`: {}", path, error.message())};
  return base::Done{};
}

base::Status swap_in_folder(const std::string& fresh, const std::string& target) {
  if (!exists(target)) {
    if (::rename(fresh.c_str(), target.c_str()) != 0) return failure("put in place", target, errno);
    return base::Done{};
  }
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
    return remove_tree(fresh);
  if (errno != EINVAL && errno != ENOSYS) return failure("put in place", target, errno);
  // File systems without exchange: two renames; between them the target is absent, never half written.
  const std::string old = fresh + ".old";
  if (::rename(target.c_str(), old.c_str()) != 0) return failure("put in place", target, errno);
  if (::rename(fresh.c_str(), target.c_str()) != 0) {
    const int error = errno;
    ::rename(old.c_str(), target.c_str());
    return failure("put in place", target, error);
  }
  return remove_tree(old);
}

std::string executable_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path().string();
}

}  // namespace drillpress::system
