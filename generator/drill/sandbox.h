// Strangers' code sees the system read-only, its own folder, and nothing else: no network, no home, no other
// process.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "system/process.h"

namespace drillpress::drill {

/// A folder that is made visible inside.
struct SandboxFolder {
  std::string outside;
  std::string inside;
  bool writable = false;
};

/// Bubblewrap (bwrap) with namespaces of its own. Thread safe.
class Sandbox {
 public:
  /// `wanted` false: programs run directly.
  explicit Sandbox(bool wanted) : wanted_(wanted) {}

  /// True when programs are run inside. The first call tries bubblewrap out, for it needs the kernel's
  /// permission.
  bool works();
  /// True when it was wanted, was needed, and does not work.
  bool failed() const;

  /// Runs the request inside, or directly when the sandbox does not work. `folders` are added to the system's
  /// own, in order; `request.directory` and the paths in it are those inside. A program that a signal ended
  /// looks the same as without the sandbox.
  base::Result<system::ProcessOutcome> run(system::ProcessRequest request,
                                           const std::vector<SandboxFolder>& folders);

 private:
  bool try_out() const;

  bool wanted_;
  mutable std::mutex mutex_;
  std::optional<bool> works_;
};

/// Folder that holds everything that belongs to an executable (`/opt/cuda` of `/opt/cuda/bin/nvcc`), for
/// making it visible; empty when it belongs to the system's own folders.
std::string installation_folder(const std::string& executable);

}  // namespace drillpress::drill
