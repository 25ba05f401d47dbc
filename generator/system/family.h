// How much a process and everything that descends from it use together.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace drillpress::system {

struct Family {
  std::uint64_t threads = 0;
  /// Memory in use, each process counted by itself: pages that two of them share count twice.
  std::uint64_t resident_bytes = 0;
};

/// Looks at /proc (proc(5): task/*/children, stat). A process that has no parent in the family any more is
/// missed, except in a process namespace, where the first process inherits it. Stops counting at 4096
/// processes, or, when `most_threads` is not 0, as soon as there are more threads than that; memory is not
/// summed up then.
Family measure_family(pid_t leader, std::uint64_t most_threads = 0);

}  // namespace drillpress::system
