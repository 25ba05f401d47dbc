// The entry: programs in, records out; compiles, runs, verifies and caches in between.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/sink.h"
#include "drill/record.h"
#include "drill/spec.h"

namespace drillpress::drill {

struct Options {
  std::string root;        ///< the site's root folder
  std::string cache_dir;   ///< binaries and records of this machine; empty: `<root>/.drillpress`
  std::string engine_dir;  ///< holds libcudart.so.13; empty: `<executable folder>/../lib/drillpress`
  /// Where nvcc, g++ and python3 are looked for; empty: PATH, then bin/ of $CUDA_PATH and $CUDA_HOME, then
  /// /usr/local/cuda/bin.
  std::vector<std::string> tool_folders = {};
  unsigned jobs = 0;   ///< programs at once; 0: one per core
  bool quiet = false;  ///< no progress on standard error
  bool fresh = false;  ///< run everything again, whatever the cache holds
  /// Compile and run inside bubblewrap where it works; where it does not, programs run directly and one
  /// warning says so.
  bool sandbox = true;
  bool use_gpu = true;  ///< run on a GPU as well when there is one
  /// Where the committed record of a program lies, relative to the root; empty path or no function: there is
  /// none.
  std::function<std::string(const Program&)> record_path = {};
};

/// One record per program, in the order of the programs. Programs that are wrong give diagnostics at the
/// author's own lines and a record with Verdict::kFailed. The result does not depend on `jobs`. Good records
/// are kept in `cache_dir/records/`; a program whose inputs have one starts no process at all.
std::vector<Record> gather(const std::vector<Program>& programs, const Options& options,
                           diagnostics::Sink& sink);

/// Writes the committed record files (Options::record_path) of programs that ran here, all programs of one
/// path into one file. A file whose bytes would not change is left alone; a file of which any program was not
/// verified here (failed, skipped, replayed, stale) keeps that program's old record. Returns the paths
/// written, relative to the root.
base::Result<std::vector<std::string>> write_records(const std::vector<Program>& programs,
                                                     const std::vector<Record>& records,
                                                     const Options& options);

}  // namespace drillpress::drill
