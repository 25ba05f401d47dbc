// The evidence of one program: what went in, what ran where, what came out, and what was counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drill/spec.h"

namespace drillpress::drill {

/// What the page says about a program.
enum class Verdict {
  kRanOnGpu,          ///< ran here on a GPU and on the engine, both verified
  kRanOnEngine,       ///< ran here on the lockstep engine
  kRanOnHost,         ///< ran here on the CPU (C++, Python)
  kReplayed,          ///< not run here: a committed record with the same inputs
  kCompiledOnly,      ///< compiled here, as asked
  kStale,             ///< not run here: the committed record is of other inputs (`Record::stale_components`)
  kFailedAsExpected,  ///< failed here in the way that was asked for; starters and caught mutants too
  kSkipped,           ///< not run, no record; `Record::reason`
  kFailed,            ///< ran or compiled here and is wrong; there is a diagnostic
};

/// Where a program ran.
enum class Backend { kHost, kEngine, kGpu };

std::string_view name_of(Verdict verdict);  ///< "ran_on_engine", "failed_as_expected", …
std::string_view name_of(Backend backend);  ///< "host", "engine", "gpu"
std::optional<Verdict> find_verdict(std::string_view name);
std::optional<Backend> find_backend(std::string_view name);
bool is_evidence(Verdict verdict);  ///< it says that the program was verified where the record was made

/// One named part of a program's inputs and its content hash (32 hexadecimal digits).
struct Component {
  std::string
      name;  ///< "arguments", "attributes", "code", "compiler", "flags", "includes", "runtime", "schema"
  std::string hash;
  std::string value =
      {};  ///< what was hashed, where that is short enough to read ("-O3 -std=c++17"); or empty

  bool operator==(const Component& other) const { return name == other.name && hash == other.hash; }
};

/// Something that was verified, for the page's list of checks.
struct Check {
  std::string name;  ///< "compiles", "exit-status", "output", "harness", "memcheck", "gpu", a metric, …
  bool passed = false;
  std::string detail;  ///< for people; may be empty
  bool operator==(const Check&) const = default;
};

/// A place in the program's text. An empty `file` is the program's own code, and `line` counts from its first
/// line; otherwise an included file, relative to the site's root, or `<name>` for a header of the toolkit.
struct CodePlace {
  std::string file;
  std::uint32_t line = 0;  ///< 1-based; 0: unknown
  bool operator==(const CodePlace&) const = default;
};

/// A warning of the compiler about a program that is good otherwise.
struct CompilerWarning {
  CodePlace place;
  std::uint32_t column = 0;  ///< 1-based byte in the line; 0: unknown
  std::string message;
  bool operator==(const CompilerWarning&) const = default;
};

/// One finding of one of the engine's checkers.
struct Finding {
  std::string checker;  ///< "memcheck", "racecheck", "initcheck", "synccheck"
  std::string kind;     ///< "out_of_bounds", …
  std::string kernel;
  std::vector<std::uint32_t> block, thread;
  CodePlace place;
  std::string message;
  std::uint64_t count = 1;
  bool operator==(const Finding&) const = default;
};

/// One failed check of one of the harness' cases.
struct HarnessFailure {
  std::string check;   ///< "value", "redzone", …: the name by which mutants say what catches them
  std::string run;     ///< the pass: "guarded", "bare", "fresh"; may be empty
  std::string buffer;  ///< may be empty
  std::string message;
  std::vector<std::uint64_t> coordinates;
  std::int64_t index = 0;
  std::string expected, actual;  ///< as text: NaN and infinity are values too
  std::uint64_t mismatches = 0;
  bool operator==(const HarnessFailure&) const = default;
};

struct HarnessCase {
  std::string name;
  std::uint64_t elements = 0;
  bool passed = false;
  double max_error = 0, tolerance = 0;
  std::vector<HarnessFailure> failures;
  bool operator==(const HarnessCase&) const = default;
};

/// What the task of a drill cannot do without, for the profiled case.
struct ProfiledCost {
  std::string case_name;
  std::uint64_t bytes_read = 0, bytes_written = 0, operations = 0;
  bool operator==(const ProfiledCost&) const = default;
};

/// What the harness reported.
struct Harness {
  std::uint64_t seed = 0;
  std::string tolerance;  ///< the formula and its derivation
  std::vector<HarnessCase> cases;
  std::optional<ProfiledCost> profiled;
  bool operator==(const Harness&) const = default;
};

/// Values by counter name, e.g. "global_load_sectors".
using Counters = std::map<std::string, double>;

/// Counters of the program's own lines and of included files, of the profiled launches.
struct LineCounters {
  CodePlace place;
  Counters counters;
  bool operator==(const LineCounters&) const = default;
};

struct Launch {
  std::string kernel;
  std::vector<std::uint32_t> grid, block;  ///< x, y, z
  std::uint64_t shared_bytes = 0, dynamic_shared_bytes = 0;
  Counters counters;
  bool operator==(const Launch&) const = default;
};

/// How many warps of a kernel fit a multiprocessor at once, and what keeps more from fitting.
struct Occupancy {
  std::uint32_t block_threads = 0;
  std::uint64_t dynamic_shared_bytes = 0;
  std::uint32_t blocks_per_multiprocessor = 0;
  std::uint32_t active_warps = 0, max_warps = 0;
  std::string limiter;  ///< "warps", "registers", "shared memory", "blocks", "barriers", joined by " and "
  bool operator==(const Occupancy&) const = default;
};

/// What ptxas reports for one kernel and one architecture, and the occupancy that follows from it.
struct Resources {
  std::string architecture;  ///< "sm_90"
  std::string kernel;        ///< demangled
  std::uint32_t registers = 0;
  std::uint64_t static_shared_bytes = 0, stack_bytes = 0, spill_store_bytes = 0, spill_load_bytes = 0;
  std::optional<Occupancy> occupancy;  ///< of the profiled launch's block size and dynamic shared memory
  bool operator==(const Resources&) const = default;
};

/// With what the evidence was gathered. Only a GPU adds device names; never a host name, path or time.
struct Provenance {
  std::string compiler;          ///< "nvcc 13.0.88", "g++ 12.2.0", "python 3.11.2"
  std::string engine;            ///< "lockstep <hash>", empty for host languages
  std::string architecture;      ///< of the host: "x86_64"
  std::string device;            ///< the GPU's name when one ran it
  bool without_sandbox = false;  ///< it was compiled and run directly, as --trust allows
  bool operator==(const Provenance&) const = default;
};

struct Record {
  std::string id;
  Role role = Role::kSnippet;
  Language language = Language::kCuda;
  std::vector<Component> inputs;  ///< sorted by name
  std::string key;                ///< hash of all inputs

  Verdict verdict = Verdict::kSkipped;
  std::optional<Verdict> original;            ///< for kReplayed and kStale: what the recorded run came to
  std::string reason;                         ///< for kSkipped: why, for people
  std::vector<std::string> stale_components;  ///< for kStale: names of the inputs that differ
  std::vector<Backend> backends;              ///< where it ran; empty when it did not

  std::vector<CompilerWarning> warnings;
  std::string compiler_output;  ///< of kCompileFail: what the compiler said, paths removed
  int exit_code = 0;
  std::string output;  ///< standard output of the run
  std::vector<Check> checks;
  std::vector<Finding> findings;
  std::vector<std::string>
      caught_by;  ///< for mutants and starters: every check that failed, most specific first
  std::optional<Harness> harness;

  Counters metrics;  ///< counters of the profiled launches, summed, and the metrics derived from them
  std::vector<Launch> launches;      ///< the profiled ones
  std::vector<LineCounters> lines;   ///< of the profiled launches
  std::uint64_t launch_count = 0;    ///< of all launches of the run
  std::vector<Resources> resources;  ///< sorted by architecture, then kernel
  Provenance provenance;
  std::vector<std::string> left_out;  ///< checks that a test left out: a record with any does not count

  bool operator==(const Record&) const = default;
};

/// One record as JSON: sorted keys, two-space indentation, final newline, a checksum of the rest in it.
std::string render_record(const Record& record);
/// The record in the text, or why it does not count ("the checksum does not match its content").
base::Result<Record> parse_record(std::string_view text);

/// Several records as one file; sorted by id, each with its own checksum.
std::string render_records(std::vector<Record> records);

/// Why a record file does not count, and the byte at which to say so.
struct RecordFault {
  bool other_schema = false;  ///< it was written by another version, rather than damaged
  std::size_t offset = 0;
};
/// Fails on the first record that does not count; `fault` (may be null) says more about it.
base::Result<std::vector<Record>> parse_records(std::string_view text, RecordFault* fault = nullptr);

/// Byte at which the record of a program begins in a file's text: its id. 0 when it has none.
std::size_t record_offset(std::string_view text, std::string_view id);

}  // namespace drillpress::drill
