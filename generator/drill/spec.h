// What has to be compiled, run and verified: one program, where its text stands, and what is expected of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace drillpress::drill {

/// What a program is for. Rungs must pass, starters must fail, mutants must be caught.
enum class Role { kSnippet, kRung, kStarter, kMutant };

/// Rows of the language table (language.h).
enum class Language { kCuda, kCpp, kPython };

enum class Mode {
  kRun,          ///< compile, run, exit status 0
  kCompile,      ///< compile only
  kShouldFail,   ///< compile, run, end with `Program::exit_code`
  kCompileFail,  ///< must not compile, and the compiler must say `Program::compile_error`
};

/// How actual output is compared with expected output.
enum class Match {
  kExact,   ///< byte by byte
  kGlob,    ///< line by line; `*` stands for any characters, `?` for one
  kNumber,  ///< line by line; numbers may differ by `tolerance`, relative to the larger of 1 and the expected
            ///< value
};

/// What standard output must be.
struct ExpectedOutput {
  std::string text;
  base::Span span;  ///< the expected text in the author's file, line by line the same as `text`
  Match match = Match::kExact;
  double tolerance = 0;
};

/// Whether and how the program's result is verified.
struct Expectation {
  enum class Kind {
    kNone,     ///< the exit status alone
    kOutput,   ///< `output`
    kHarness,  ///< the report that drills/support/ writes to $DRILL_REPORT
  };
  Kind kind = Kind::kNone;
  ExpectedOutput output = {};
};

enum class Comparison { kEqual, kLess, kAtMost, kGreater, kAtLeast };

/// A claim about a counter of the profiled launches, e.g. `global_load_sectors_per_request <= 4.5`.
struct ExpectedCount {
  std::string metric;  ///< a key of Record::metrics
  Comparison comparison = Comparison::kEqual;
  double value = 0;
  base::Span span;
};

/// The claim in words, "global_load_sectors == 8192": also the name of its check in a record.
std::string claim_of(const ExpectedCount& count);

struct Program {
  std::string id;  ///< unique: "transpose/padded", "transpose/mutants/no-barrier", "<page-id>#<block-id>"
  Role role = Role::kSnippet;
  Language language = Language::kCuda;

  std::string code;        ///< the whole program, hidden lines included
  base::SourcePtr source;  ///< the file that the code stands in; its path is relative to the site's root
  std::size_t code_begin =
      0;  ///< byte offset of the code's first line in `source` (0 for a drill's own file)
  base::Span span =
      {};  ///< where diagnostics about the program as a whole point; none: the code's first line

  /// Folders for `#include "…"`, relative to the site's root, in order of search. The folder of a program
  /// that is a file of its own (code_begin == 0) is searched before them without being named.
  std::vector<std::string> include_folders = {};
  std::vector<std::string> arguments = {};
  std::string standard = {};  ///< one of the language's (LanguageRow); empty: its default
  double timeout_s = 10;      ///< wall clock of one run

  Mode mode = Mode::kRun;
  int exit_code = 0;               ///< for kShouldFail
  std::string compile_error = {};  ///< for kCompileFail
  base::Span mode_span = {};  ///< the attribute that sets the mode, for diagnostics about it; none: `span`
  Expectation expectation = {};
  std::string expected_catcher =
      {};  ///< for mutants: "memcheck", "racecheck", …, or a check of the harness ("value")
  base::Span catcher_span = {};  ///< where the catcher is named; none: `span`
  bool wants_resources = false;  ///< registers, spills, occupancy per architecture (CUDA only)
  std::vector<ExpectedCount> expected_counts = {};
};

std::string_view name_of(Role role);              ///< "snippet", "rung", "starter", "mutant"
std::string_view name_of(Mode mode);              ///< "run", "compile", "should_fail", "compile_fail"
std::string_view name_of(Match match);            ///< "exact", "glob", "number"
std::string_view name_of(Comparison comparison);  ///< "==", "<", "<=", ">", ">="

}  // namespace drillpress::drill
