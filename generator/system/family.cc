#include "system/family.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <vector>

namespace drillpress::system {
namespace {

constexpr std::size_t kMostProcesses = 4096;

// Files of /proc have no size to read up to.
std::string read_proc(const std::string& path) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return text;
}

std::vector<std::uint64_t> numbers_in(std::string_view text) {
  std::vector<std::uint64_t> out;
  while (!text.empty()) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc()) out.push_back(number);
    const std::size_t used = static_cast<std::size_t>(end - text.data());
    const std::size_t blank = text.find(' ', used);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return out;
}

// Field `number` (proc(5) counts from 1) of a stat line, from the third on: the name before it may hold
// blanks.
std::uint64_t field_of(std::string_view stat, std::size_t number) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return 0;
  std::size_t at = name_end;
  for (std::size_t field = 2; field < number && at != std::string_view::npos; ++field)
    at = stat.find(' ', at + 1);
  if (at == std::string_view::npos) return 0;
  std::uint64_t value = 0;
  std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), value);
  return value;
}

constexpr std::size_t kResidentPagesField = 24;

std::string folder_of(std::uint64_t process) {
  return fmt::format("/proc/{}", process);
}

}  // namespace

Family measure_family(pid_t leader, std::uint64_t most_threads) {
  static const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  Family family;
  // Every process is a thread at least. A bomb starves whoever watches it, so nothing is looked at any longer
  // than it takes to know.
  const auto too_many = [&](std::size_t processes) {
    return most_threads > 0 && std::max<std::uint64_t>(family.threads, processes) > most_threads;
  };
  std::vector<std::uint64_t> found = {static_cast<std::uint64_t>(leader)};
  for (std::size_t i = 0; i < found.size() && found.size() < kMostProcesses && !too_many(found.size()); ++i) {
    std::error_code error;
    for (std::filesystem::directory_iterator thread(folder_of(found[i]) + "/task", error), end;
         !error && thread != end && !too_many(found.size()); thread.increment(error)) {
      ++family.threads;
      for (const std::uint64_t child : numbers_in(read_proc(thread->path().string() + "/children")))
        found.push_back(child);
    }
  }
  family.threads = std::max<std::uint64_t>(family.threads, found.size());
  if (too_many(found.size())) return family;
  for (const std::uint64_t process : found) {
    family.resident_bytes +=
        field_of(read_proc(folder_of(process) + "/stat"), kResidentPagesField) * page_bytes;
  }
  return family;
}

}  // namespace drillpress::system
