// Keeps files from being open for writing while another thread starts a process.
#pragma once

#include <shared_mutex>

namespace drillpress::system {

/// A child inherits every descriptor until it executes its program, also one that another thread has just
/// opened for writing; and a file that anybody has open for writing cannot be executed ("text file busy"). So
/// whoever writes a file holds this lock shared, and whoever forks holds it alone until the child has
/// executed.
inline std::shared_mutex& fork_lock() {
  static std::shared_mutex lock;
  return lock;
}

}  // namespace drillpress::system
