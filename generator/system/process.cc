#include "system/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "system/fork_lock.h"

extern char** environ;

namespace drillpress::system {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read_end, write_end;
};

base::Result<Pipe> make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0)
    return base::Failure{fmt::format("cannot make a pipe: {}", std::strerror(errno))};
  return Pipe{Descriptor(fds[0]), Descriptor(fds[1])};
}

void set_limit(__rlimit_resource_t resource, std::uint64_t value) {
  if (value == 0) return;
  rlimit limit{value, value};
  ::setrlimit(resource, &limit);
}

// Everything the child needs, prepared before fork so that it only makes async-signal-safe calls.
struct ChildPlan {
  std::string program;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

[[noreturn]] void start_child(const ProcessRequest& request, const ChildPlan& plan, int in, int out, int err,
                              int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  set_limit(RLIMIT_FSIZE, request.limits.max_file_bytes);
  set_limit(RLIMIT_DATA, request.limits.max_data_bytes);
  set_limit(RLIMIT_CPU, request.limits.max_cpu_seconds);
  rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  if (request.directory.empty() || ::chdir(request.directory.c_str()) == 0) {
    ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(report, &error, sizeof error);
  ::_exit(127);
}

// Appends what is there to `text` up to the limit; returns false at end of file.
bool drain(int fd, std::string& text, std::uint64_t limit, bool& cut) {
  char buffer[65536];
  const ssize_t n = ::read(fd, buffer, sizeof buffer);
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  if (n == 0) return false;
  std::size_t keep = static_cast<std::size_t>(n);
  if (limit > 0 && text.size() + keep > limit) {
    keep = limit > text.size() ? limit - text.size() : 0;
    cut = true;
  }
  text.append(buffer, keep);
  return true;
}

using Clock = std::chrono::steady_clock;

int remaining_ms(bool limited, Clock::time_point deadline) {
  if (!limited) return -1;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(std::min<long long>(left + 1, 3'600'000));
}

}  // namespace

base::Result<ProcessOutcome> run_process(const ProcessRequest& request) {
  ChildPlan plan;
  plan.program = request.argv.empty() ? "" : request.argv[0];
  if (plan.program.find('/') == std::string::npos) plan.program = find_program(plan.program);
  if (plan.program.empty()) {
    return base::Failure{
        fmt::format("cannot find the program `{}`", request.argv.empty() ? "" : request.argv[0])};
  }
  for (const std::string& arg : request.argv) plan.argv.push_back(const_cast<char*>(arg.c_str()));
  plan.argv.push_back(nullptr);
  std::vector<std::string> variables;
  for (const auto& [name, value] : request.environment) variables.push_back(name + "=" + value);
  for (std::string& variable : variables) plan.envp.push_back(variable.data());
  plan.envp.push_back(nullptr);

  auto in = make_pipe(), out = make_pipe(), err = make_pipe(), report = make_pipe();
  for (const auto* pipe : {&in, &out, &err, &report}) {
    if (!pipe->ok()) return base::Failure{pipe->error()};
  }
  std::unique_lock starting(fork_lock());
  const pid_t child = ::fork();
  if (child < 0) return base::Failure{fmt::format("cannot start a process: {}", std::strerror(errno))};
  if (child == 0) {
    start_child(request, plan, in.value().read_end.get(), out.value().write_end.get(),
                err.value().write_end.get(), report.value().write_end.get());
  }
  ::setpgid(child, child);
  in.value().read_end.close();
  out.value().write_end.close();
  err.value().write_end.close();
  report.value().write_end.close();

  int start_error = 0;
  ssize_t reported = 0;
  do {
    reported = ::read(report.value().read_end.get(), &start_error, sizeof start_error);
  } while (reported < 0 && errno == EINTR);
  starting.unlock();  // the child has executed its program, or could not
  if (reported == static_cast<ssize_t>(sizeof start_error)) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return base::Failure{fmt::format("cannot run `{}`: {}", plan.program, std::strerror(start_error))};
  }

  ProcessOutcome outcome;
  Descriptor writer = std::move(in.value().write_end), reader_out = std::move(out.value().read_end),
             reader_err = std::move(err.value().read_end);
  ::fcntl(writer.get(), F_SETFL, O_NONBLOCK);
  std::size_t given = 0;
  if (request.input.empty()) writer.close();
  const bool limited = request.limits.timeout_ms > 0;
  const auto deadline = Clock::now() + std::chrono::milliseconds(request.limits.timeout_ms);

  // A grandchild that keeps the pipes open must not hold us: once the child itself has ended, what is
  // buffered is read and the rest of the group is killed.
  bool ended = false;
  int status = 0;
  while (reader_out.open() || reader_err.open()) {
    pollfd fds[3] = {
        {reader_out.get(), POLLIN, 0}, {reader_err.get(), POLLIN, 0}, {writer.get(), POLLOUT, 0}};
    const int wait_ms = ended ? 0
                              : std::min(100, static_cast<unsigned>(remaining_ms(limited, deadline)) > 100U
                                                  ? 100
                                                  : remaining_ms(limited, deadline));
    const int ready = ::poll(fds, 3, wait_ms);
    if (ready < 0 && errno != EINTR) break;
    if (fds[0].revents != 0 &&
        !drain(reader_out.get(), outcome.out, request.limits.max_output_bytes, outcome.output_cut)) {
      reader_out.close();
    }
    if (fds[1].revents != 0 &&
        !drain(reader_err.get(), outcome.err, request.limits.max_output_bytes, outcome.output_cut)) {
      reader_err.close();
    }
    if (fds[2].revents != 0 && writer.open()) {
      const ssize_t n = ::write(writer.get(), request.input.data() + given, request.input.size() - given);
      if (n > 0) given += static_cast<std::size_t>(n);
      if ((n < 0 && errno != EAGAIN && errno != EINTR) || given == request.input.size()) writer.close();
    }
    if (ended && ready <= 0) break;
    if (!ended && ::waitpid(child, &status, WNOHANG) == child) {
      ended = true;
      ::kill(-child, SIGKILL);
    }
    if (!ended && limited && Clock::now() >= deadline) {
      outcome.timed_out = true;
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      ended = true;
    }
  }
  while (!ended) {
    const pid_t done = ::waitpid(child, &status, limited ? WNOHANG : 0);
    if (done == child || (done < 0 && errno != EINTR)) break;
    if (limited && Clock::now() >= deadline) {
      outcome.timed_out = true;
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    if (limited) ::poll(nullptr, 0, 2);
  }
  ::kill(-child, SIGKILL);
  if (WIFSIGNALED(status)) {
    outcome.signal = WTERMSIG(status);
  } else {
    outcome.exit_code = WEXITSTATUS(status);
  }
  return outcome;
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
