#include "system/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <vector>

#include "system/fork_lock.h"

namespace drillpress::system {
namespace {

struct Pipe {
  Descriptor read_end, write_end;
};

base::Result<Pipe> make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0)
    return base::Failure{fmt::format("cannot make a pipe: {}", std::strerror(errno))};
  return Pipe{Descriptor(fds[0]), Descriptor(fds[1])};
}

// `grace` lets the kernel say with a signal of its own that the limit was reached, before it kills.
void set_limit(__rlimit_resource_t resource, std::uint64_t value, std::uint64_t grace = 0) {
  if (value == 0) return;
  rlimit limit{value, value + grace};
  ::setrlimit(resource, &limit);
}

// Everything the child needs, prepared before fork so that it only makes async-signal-safe calls.
struct Plan {
  std::string program;
  std::vector<std::string> texts;
  std::vector<char*> argv, envp;
  std::vector<int> kept;  // descriptors that the program inherits beside the first three
  int in = -1, out = -1, err = -1, report = -1;
};

// Whoever started us may have left descriptors open for us, and a folder among them would be a way out of any
// sandbox: nothing but what is kept survives the program's start.
void close_the_rest_at_start() {
  constexpr unsigned kFirst = 3, kEvery = ~0U;
  if (::syscall(SYS_close_range, kFirst, kEvery, CLOSE_RANGE_CLOEXEC) == 0) return;
  rlimit limit{};  // before Linux 5.11
  ::getrlimit(RLIMIT_NOFILE, &limit);
  for (rlim_t fd = kFirst; fd < limit.rlim_cur; ++fd) ::fcntl(static_cast<int>(fd), F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void become_program(const ProcessRequest& request, const Plan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  close_the_rest_at_start();
  set_limit(RLIMIT_FSIZE, request.limits.max_file_bytes);
  set_limit(RLIMIT_DATA, request.limits.max_data_bytes);
  set_limit(RLIMIT_CPU, request.limits.max_cpu_seconds, 1);
  set_limit(RLIMIT_NOFILE, request.limits.max_open_files);
  rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::dup2(plan.in, 0);
  ::dup2(plan.out, 1);
  ::dup2(plan.err, 2);
  for (const int fd : plan.kept) ::fcntl(fd, F_SETFD, 0);
  if (request.directory.empty() || ::chdir(request.directory.c_str()) == 0) {
    ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(plan.report, &error, sizeof error);
  ::_exit(127);
}

// `extra` stands behind argv[0]: options that name descriptors.
void add_texts(const ProcessRequest& request, const std::vector<std::string>& extra, Plan& plan) {
  plan.texts = request.argv;
  plan.texts.insert(plan.texts.begin() + 1, extra.begin(), extra.end());
  const std::size_t arguments = plan.texts.size();
  for (const auto& [name, value] : request.environment) plan.texts.push_back(name + "=" + value);
  for (std::size_t i = 0; i < plan.texts.size(); ++i)
    (i < arguments ? plan.argv : plan.envp).push_back(plan.texts[i].data());
  plan.argv.push_back(nullptr);
  plan.envp.push_back(nullptr);
}

// Reads what the child could not do; 0 when it was replaced by its program.
int read_start_error(int fd) {
  int error = 0;
  ssize_t n = 0;
  do {
    n = ::read(fd, &error, sizeof error);
  } while (n < 0 && errno == EINTR);
  return n == static_cast<ssize_t>(sizeof error) ? error : 0;
}

}  // namespace

base::Result<Child> start_child(const ProcessRequest& request) {
  const std::string name = request.argv.empty() ? "" : request.argv[0];
  Plan plan;
  plan.program = name.find('/') == std::string::npos ? find_program(name) : name;
  if (plan.program.empty()) return base::Failure{fmt::format("cannot find the program `{}`", name)};

  auto in = make_pipe(), out = make_pipe(), err = make_pipe(), report = make_pipe(), data = make_pipe(),
       announcement = make_pipe();
  for (const auto* pipe : {&in, &out, &err, &report, &data, &announcement}) {
    if (!pipe->ok()) return base::Failure{pipe->error()};
  }
  plan.in = in.value().read_end.get();
  plan.out = out.value().write_end.get();
  plan.err = err.value().write_end.get();
  plan.report = report.value().write_end.get();
  if (request.pipe_owner) {
    for (const int fd : {plan.in, plan.out, plan.err}) {
      if (::fchown(fd, *request.pipe_owner, static_cast<gid_t>(-1)) != 0)
        return base::Failure{fmt::format("cannot hand over a pipe: {}", std::strerror(errno))};
    }
  }
  std::vector<std::string> extra;
  const auto keep = [&](const std::string& option, const Descriptor& end) {
    if (option.empty()) return;
    extra.insert(extra.end(), {option, std::to_string(end.get())});
    plan.kept.push_back(end.get());
  };
  keep(request.data_option, data.value().read_end);
  keep(request.announce_option, announcement.value().write_end);
  add_texts(request, extra, plan);
  // It fits what a pipe holds, so that nobody has to read meanwhile.
  const auto size = static_cast<ssize_t>(request.data.size());
  if (::write(data.value().write_end.get(), request.data.data(), request.data.size()) != size)
    return base::Failure{"cannot hand data to a process"};

  std::unique_lock starting(fork_lock());
  const pid_t pid = ::fork();
  if (pid < 0) return base::Failure{fmt::format("cannot start a process: {}", std::strerror(errno))};
  if (pid == 0) become_program(request, plan);
  ::setpgid(pid, pid);
  report.value().write_end.close();
  const int error = read_start_error(report.value().read_end.get());
  starting.unlock();  // the child has executed its program, or could not
  if (error != 0) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return base::Failure{fmt::format("cannot run `{}`: {}", plan.program, std::strerror(error))};
  }
  Child child;
  child.pid = pid;
  child.input = std::move(in.value().write_end);
  child.output = std::move(out.value().read_end);
  child.error = std::move(err.value().read_end);
  if (!request.announce_option.empty()) child.announcement = std::move(announcement.value().read_end);
  return child;
}

}  // namespace drillpress::system
