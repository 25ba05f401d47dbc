#include "cudart/process_end.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "cudart/context.h"

namespace drillpress::cudart {
namespace {

bool watching = false;
pid_t watched_process = 0;  // a forked child must not write its parent's reports
std::optional<int> exit_code;
bool reported = false;

constexpr int kFatalSignals[] = {SIGSEGV, SIGBUS, SIGABRT};

void remember_status(int status, void*) {
  exit_code = status;
}

/// False when the report was asked for and cannot be written.
bool write_report(const std::string& path, const std::string& text) {
  if (path.empty()) return true;
  const auto status = write_wherever(path, text);
  if (!status) say("error: " + status.error());
  return status.ok();
}

bool write_reports(Context& context) {
  if (reported) return true;
  reported = true;
  const bool counters = write_report(context.options().counters_file, render_counters(context.report));
  const bool findings = write_report(context.options().findings_file, render_findings(context.report));
  return counters && findings;
}

/// What a learner most often did: read or wrote device memory on the host.
void explain_host_access(Context& context, std::uint64_t address) {
  if (!context.memory().in_window(address)) return;
  const auto allocation = context.memory().find(address);
  std::string where = "no allocation";
  if (allocation) {
    where = fmt::format("{} bytes of {}device memory at {:#x}", allocation->size_bytes,
                        allocation->live ? "" : "freed ", allocation->address);
  }
  say(fmt::format(
      "fault: the host program touched device address {:#x} (in {}); copy it with cudaMemcpy, or allocate it "
      "with cudaMallocManaged",
      address, where));
}

/// Not everything here may be done in a signal handler; the process is about to die of that signal, and a
/// report that fails to be written then is no worse than none. When the runtime itself was interrupted, its
/// lock says so.
void on_fatal_signal(int signal, siginfo_t* info, void*) {
  ::signal(signal, SIG_DFL);
  Context& all = context();
  if (getpid() == watched_process && all.mutex.try_lock()) {
    if (signal != SIGABRT) explain_host_access(all, reinterpret_cast<std::uint64_t>(info->si_addr));
    write_reports(all);
    all.mutex.unlock();
  }
  if (signal == SIGABRT || info->si_code <= 0) raise(signal);
  // Else the instruction runs again and ends the process, as it would have without us.
}

void catch_signal(int signal) {
  struct sigaction current;
  if (sigaction(signal, nullptr, &current) != 0 || current.sa_handler != SIG_DFL)
    return;  // the program has its own
  struct sigaction ours = {};
  ours.sa_sigaction = on_fatal_signal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  sigaction(signal, &ours, nullptr);
}

}  // namespace

void watch_process_end() {
  if (watching) return;
  watching = true;
  watched_process = getpid();
  on_exit(remember_status, nullptr);
  for (const int signal : kFatalSignals) catch_signal(signal);
}

void finish_process() {
  if (!watching || getpid() != watched_process || reported) return;
  Context& all = context();
  if (!exit_code) return;
  if (all.device_created()) all.collect_leaks();
  const bool written = write_reports(all);
  int status = exit_status(*exit_code, all.report);
  if (status == 0 && !written)
    status = kExitRefused;  // whoever asked for the report must not take an old one for it
  if (status == *exit_code) return;
  std::fflush(nullptr);
  _exit(status);
}

}  // namespace drillpress::cudart
