// The system calls that a program in the sandbox may not make, as a filter for the kernel.
#pragma once

#include <string>

namespace drillpress::drill {

/// A seccomp program (an array of struct sock_filter, seccomp(2)) that lets every call through but those that
/// reach beyond the sandbox or around its limits: new namespaces and mounts, other processes' memory, kernel
/// keyrings, kernel programs, and memory that no limit counts. Empty on processors that it was not written
/// for. `for_gpu` lets through what a GPU's driver cannot do without.
std::string syscall_filter(bool for_gpu);

}  // namespace drillpress::drill
