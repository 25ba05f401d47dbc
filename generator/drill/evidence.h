// The entry: programs in, records out; compiles, runs, verifies and caches in between.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/sink.h"
#include "drill/checks.h"
#include "drill/input_key.h"
#include "drill/record.h"
#include "drill/sandbox.h"
#include "drill/spec.h"

namespace drillpress::drill {

/// Where evidence may come from.
enum class Sources {
  kAny,        ///< results of this machine, else runs here, else (without the tools) committed records
  kRuns,       ///< runs here, whatever is known already; without the tools committed records
  kCommitted,  ///< committed records alone: nothing is compiled or run, and a record that is missing or of
               ///< other inputs is an error
};

struct Options {
  std::string root;        ///< the site's root folder
  std::string cache_dir;   ///< binaries and records of this machine; empty: `<root>/.drillpress`
  std::string engine_dir;  ///< holds libcudart.so.13; empty: `<executable folder>/../lib/drillpress`
  /// Where nvcc, g++ and python3 are looked for; empty: PATH, then bin/ of $CUDA_PATH and $CUDA_HOME, then
  /// /usr/local/cuda/bin.
  std::vector<std::string> tool_folders = {};
  unsigned jobs = 0;   ///< programs at once; 0: one per core
  bool quiet = false;  ///< no progress on standard error
  Sources sources = Sources::kAny;
  /// What is asked about; no function: everything. Of other programs what is known is taken, without running
  /// them and without a word.
  std::function<bool(const Program&)> wanted = {};
  /// Whether programs may be compiled and run outside of the sandbox; where they may not, they are replayed
  /// or skipped, and one warning says so.
  Containment containment = Containment::kRequired;
  double compile_timeout_s = 300;  ///< wall clock of one compilation
  bool use_gpu = true;             ///< run on a GPU as well when there is one
  /// Where the committed record of a program lies, relative to the root; empty path or no function: there is
  /// none.
  std::function<std::string(const Program&)> record_path = {};
  /// For the tests that prove each check to be needed. Nothing known is then used and nothing is kept, and
  /// `write_records` refuses.
  LeftOut left_out = {};
};

/// What was reported about each program, in the order of the programs.
using Findings = std::vector<std::vector<diagnostics::Diagnostic>>;

/// One record per program, in the order of the programs. Programs that are wrong give diagnostics at the
/// author's own lines and a record with Verdict::kFailed. The result does not depend on `jobs`. Good records
/// are kept in `cache_dir/records/`; a program whose inputs have one starts no process at all.
/// `findings`, when it is given, gets what went to the sink about each program.
std::vector<Record> gather(const std::vector<Program>& programs, const Options& options,
                           diagnostics::Sink& sink, Findings* findings = nullptr);

/// What a program's evidence is about now, and whether this machine could gather it.
struct Standing {
  Inputs inputs;
  std::string missing;  ///< what is not here, in words; empty: nothing
};
std::vector<Standing> describe_standing(const std::vector<Program>& programs, const Options& options);

/// Writes the committed record files (Options::record_path) of programs that ran here, all programs of one
/// path into one file. A file whose bytes would not change is left alone; a file of which any program was not
/// verified here (failed, skipped, replayed, stale) keeps that program's old record. Programs that
/// `Options::wanted` leaves out keep theirs, too. Returns the paths written, relative to the root; with
/// `pretend` those that would be.
base::Result<std::vector<std::string>> write_records(const std::vector<Program>& programs,
                                                     const std::vector<Record>& records,
                                                     const Options& options, bool pretend = false);

}  // namespace drillpress::drill
