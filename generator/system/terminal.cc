#include "system/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

namespace drillpress::system {
namespace {

constexpr std::size_t kBarCells = 24;

long long now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

Progress::Progress(std::string phase, std::size_t steps, bool quiet)
    : phase_(std::move(phase)), steps_(steps), quiet_(quiet || steps == 0), terminal_(is_terminal(2)) {
  if (quiet_) return;
  if (terminal_) {
    draw("");
  } else {
    fmt::print(stderr, "{}: {} to do\n", phase_, steps_);
  }
}

Progress::~Progress() {
  if (quiet_) return;
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K");
  } else {
    fmt::print(stderr, "{}: {} done\n", phase_, done_);
  }
}

void Progress::step(const std::string& what) {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (quiet_ || !terminal_) return;
  if (now_ms() - last_drawn_ms_ >= 40 || done_ == steps_) draw(what);
}

void Progress::draw(const std::string& what) {
  last_drawn_ms_ = now_ms();
  const std::size_t filled = steps_ == 0 ? kBarCells : kBarCells * done_ / steps_;
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {}/{} {}", phase_, std::string(filled, '#'),
             std::string(kBarCells - filled, '.'), done_, steps_, what);
  std::fflush(stderr);
}

}  // namespace drillpress::system
