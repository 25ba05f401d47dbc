// Strangers' code sees the system read-only, a private folder, and nothing else: no network, no home, no
// other process; and it comes to an end, whatever it does.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "system/process.h"

namespace drillpress::drill {

/// What happens to programs where no sandbox can be made.
enum class Containment {
  kRequired,   ///< they are not run
  kIfItWorks,  ///< they run directly
  kOff,        ///< they run directly everywhere; no sandbox is tried
};

/// A file or folder that is made visible inside.
struct SandboxMount {
  enum class Access {
    kReadOnly,  ///< of the system or of an installation
    kOwned,     ///< read-only; a copy that we made for this run
    kWritable,  ///< one that we made for this run
    kDevice,
    kLink,  ///< no mount: `inside` becomes a symbolic link to `outside`
  };
  std::string outside, inside;
  Access access = Access::kReadOnly;
};

/// What one run sees beside the system's own folders.
struct SandboxView {
  static constexpr const char* kScratch = "/drill";  ///< a private folder in memory; gone after the run

  std::uint64_t scratch_bytes = 0;   ///< of kScratch, and of /tmp
  std::vector<std::string> folders;  ///< made inside, writable, in order
  std::vector<SandboxMount> mounts;  ///< in order
  /// Files in kScratch that are copied over the writable mounts `kScratch/out/NAME` when the program has
  /// ended.
  std::vector<std::string> fetched;
  bool for_gpu = false;
};

/// Bubblewrap (bwrap) with namespaces of its own, a filter of system calls, and limits. Thread safe.
class Sandbox {
 public:
  explicit Sandbox(Containment containment) : containment_(containment) {}

  /// True when programs are run inside. The first call tries bubblewrap out, for it needs the kernel's
  /// permission.
  bool works();
  /// True when programs may be run, inside or directly.
  bool may_run() { return works() || containment_ != Containment::kRequired; }
  Containment containment() const { return containment_; }

  /// Why it does not work, once it has been tried out; nothing when it does, or was not needed.
  std::optional<std::string> problem() const;

  /// Runs the request inside; only where works(). `request.directory` and all paths in the request are those
  /// inside. A program that a signal ended looks the same as without the sandbox. When this returns, no
  /// process of the run is left.
  base::Result<system::ProcessOutcome> run(system::ProcessRequest request, const SandboxView& view);

 private:
  struct Trial {
    bool works = false;
    std::string problem;
  };
  static Trial try_out();

  Containment containment_;
  mutable std::mutex mutex_;
  std::optional<Trial> trial_;
};

/// What must be visible so that an executable outside of the system's folders can run: itself, and bin/, lib/
/// and their like of the installation that it belongs to. Never a whole folder that may hold more than that.
std::vector<SandboxMount> installation_of(const std::string& executable);

}  // namespace drillpress::drill
