#include "system/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "system/child.h"
#include "system/family.h"

extern char** environ;

namespace drillpress::system {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How often we look whether the program has ended without closing its output, and at its memory.
constexpr int kTickMs = 20;
// The kernel is done with killed processes sooner than this, or hangs.
constexpr int kLastGoodbyeMs = 10'000;

// The number behind `"child-pid":` in what bubblewrap writes; 0 when it is not there (yet).
pid_t announced_child(std::string_view text) {
  constexpr std::string_view kName = "\"child-pid\":";
  const std::size_t at = text.find(kName);
  if (at == std::string_view::npos) return 0;
  const std::size_t digit = text.find_first_of("0123456789", at + kName.size());
  const std::size_t end =
      digit == std::string_view::npos ? digit : text.find_first_not_of("0123456789", digit);
  pid_t pid = 0;
  if (end != std::string_view::npos) std::from_chars(text.data() + digit, text.data() + end, pid);
  return pid;
}

// From the start of a program to its end: takes its output, gives it its input, keeps its limits.
class Supervision {
 public:
  Supervision(const ProcessRequest& request, Child child)
      : request_(request),
        limits_(request.limits),
        child_(std::move(child)),
        deadline_(Clock::now() + milliseconds(limits_.timeout_ms)) {
    ::fcntl(child_.input.get(), F_SETFL, O_NONBLOCK);
    if (request_.input.empty()) child_.input.close();
  }

  ProcessOutcome run() {
    while (!ended_) {
      exchange(wait_ms());
      look_for_end();
      if (!ended_) keep_limits();
    }
    ::kill(-child_.pid, SIGKILL);  // what the program left in its group
    // A grandchild that keeps the pipes open must not hold us: what is buffered is read, and no more.
    while (outcome_.exceeded != Limit::kOutput && exchange(0)) {
    }
    wait_for_announced();
    if (WIFSIGNALED(status_)) {
      outcome_.signal = WTERMSIG(status_);
    } else {
      outcome_.exit_code = WEXITSTATUS(status_);
    }
    return std::move(outcome_);
  }

 private:
  // Waits for something to read or write, and does it. False when there was nothing.
  bool exchange(int timeout_ms) {
    pollfd fds[] = {{child_.output.get(), POLLIN, 0},
                    {child_.error.get(), POLLIN, 0},
                    {child_.announcement.get(), POLLIN, 0},
                    {child_.input.get(), POLLOUT, 0}};
    if (::poll(fds, std::size(fds), timeout_ms) <= 0) return false;
    if (fds[0].revents != 0) drain(child_.output, outcome_.out, limits_.max_output_bytes);
    if (fds[1].revents != 0) drain(child_.error, outcome_.err, limits_.max_output_bytes);
    if (fds[2].revents != 0) note_announcement();
    if (fds[3].revents != 0) give_input();
    return true;
  }

  void drain(Descriptor& from, std::string& text, std::uint64_t limit) {
    char buffer[65536];
    const ssize_t n = ::read(from.get(), buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) return from.close();
    std::size_t keep = static_cast<std::size_t>(n);
    if (limit > 0 && text.size() + keep > limit) {
      keep = limit - text.size();
      stop(Limit::kOutput);
    }
    text.append(buffer, keep);
  }

  void give_input() {
    const std::string& input = request_.input;
    const ssize_t n = ::write(child_.input.get(), input.data() + given_, input.size() - given_);
    if (n > 0) given_ += static_cast<std::size_t>(n);
    if ((n < 0 && errno != EAGAIN && errno != EINTR) || given_ == input.size()) child_.input.close();
  }

  void note_announcement() {
    constexpr std::uint64_t kLongest = 4096;
    drain(child_.announcement, announcement_, kLongest);
    const pid_t pid = announced_child(announcement_);
    if (pid <= 0 || announced_.open()) return;
    announced_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  }

  void look_for_end() {
    if (::waitpid(child_.pid, &status_, WNOHANG) == child_.pid) ended_ = true;
  }

  void keep_limits() {
    if (limits_.timeout_ms > 0 && Clock::now() >= deadline_) stop(Limit::kTime);
    if (limits_.max_family_bytes == 0 && limits_.max_threads == 0) return;
    if (Clock::now() < next_look_) return;
    next_look_ = Clock::now() + milliseconds(kTickMs);
    const Family family = measure_family(child_.pid, limits_.max_threads);
    if (limits_.max_family_bytes > 0 && family.resident_bytes > limits_.max_family_bytes)
      stop(Limit::kMemory);
    if (limits_.max_threads > 0 && family.threads > limits_.max_threads) stop(Limit::kThreads);
  }

  void stop(Limit reason) {
    if (outcome_.exceeded) return;
    outcome_.exceeded = reason;
    if (ended_) return;
    ::kill(-child_.pid, SIGKILL);
    while (::waitpid(child_.pid, &status_, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
  }

  int wait_ms() const {
    // With its pipes closed a program usually ends at once.
    const bool closed = !child_.output.open() && !child_.error.open();
    int wait = closed ? 1 : kTickMs;
    if (limits_.timeout_ms > 0) {
      const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now()).count();
      wait = static_cast<int>(std::clamp<long long>(left + 1, 0, wait));
    }
    return wait;
  }

  // Killing is not being dead: whoever returns from a run may rely on nothing of it being left.
  void wait_for_announced() {
    if (!announced_.open()) return;
    pollfd fd{announced_.get(), POLLIN, 0};
    while (::poll(&fd, 1, kLastGoodbyeMs) < 0 && errno == EINTR) {
    }
  }

  const ProcessRequest& request_;
  const ProcessLimits& limits_;
  Child child_;
  Clock::time_point deadline_, next_look_ = Clock::now();
  ProcessOutcome outcome_;
  std::string announcement_;
  Descriptor announced_;
  std::size_t given_ = 0;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace

base::Result<ProcessOutcome> run_process(const ProcessRequest& request) {
  // A child that ends before it has read its input must not end us; children get the default back.
  [[maybe_unused]] static const auto ignored = ::signal(SIGPIPE, SIG_IGN);
  auto child = start_child(request);
  if (!child.ok()) return base::Failure{child.error()};
  return Supervision(request, std::move(child).value()).run();
}

std::string find_program(const std::string& name, const std::vector<std::string>& extra_directories) {
  std::vector<std::string> directories;
  const char* path = ::getenv("PATH");
  std::string rest = path ? path : "";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    directories.push_back(rest.substr(0, colon));
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  directories.insert(directories.end(), extra_directories.begin(), extra_directories.end());
  for (const std::string& directory : directories) {
    if (directory.empty()) continue;
    const std::string candidate = directory + "/" + name;
    std::error_code error;
    if (std::filesystem::is_regular_file(candidate, error) && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return {};
}

std::map<std::string, std::string> current_environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0) out[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return out;
}

}  // namespace drillpress::system
