// Starting a program with its limits, its environment and nothing of ours but the pipes between us.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "system/descriptor.h"
#include "system/process.h"

namespace drillpress::system {

/// A program that has been executed, and our ends of its pipes.
struct Child {
  pid_t pid = 0;
  Descriptor input, output, error;
  Descriptor announcement;  ///< closed unless ProcessRequest::announce_option is set
};

/// Returns when the program has been executed, or could not be.
base::Result<Child> start_child(const ProcessRequest& request);

}  // namespace drillpress::system
