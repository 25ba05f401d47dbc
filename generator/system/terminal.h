// Progress of long work: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

namespace drillpress::system {

bool is_terminal(int descriptor);

/// Counts the steps of one phase on standard error. On a terminal it redraws one line (at most 25 times a
/// second); elsewhere it prints a line when the phase starts and when it ends. Thread safe. Says nothing when
/// `quiet`.
class Progress {
 public:
  Progress(std::string phase, std::size_t steps, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One step is done; `what` names it.
  void step(const std::string& what);

 private:
  void draw(const std::string& what);

  std::mutex mutex_;
  std::string phase_;
  std::size_t steps_, done_ = 0;
  bool quiet_, terminal_;
  long long last_drawn_ms_ = 0;
};

}  // namespace drillpress::system
