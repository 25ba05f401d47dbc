// Decides what a build and its runs mean: a record, and diagnostics for what is wrong. Pure: no process, no
// file.
#pragma once

#include <optional>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "drill/build.h"
#include "drill/checks.h"
#include "drill/run.h"

namespace drillpress::drill {

/// A record that is filled with the evidence, and what is wrong. The record's verdict is kFailed exactly when
/// there is an error among the diagnostics.
struct Judgement {
  Record record;
  std::vector<diagnostics::Diagnostic> diagnostics;
  LeftOut left_out = {};  ///< checks that are not made
};

/// Judges the compilation: errors, or a failure that was asked for. True when the program shall now be run.
bool judge_build(const Program& program, const Build& build, const PlaceMap& places, Judgement& judgement);

/// Judges the run that decides: on the engine, or on the host for host languages. `wrong_store` is the line
/// that last stored the first wrong element, when the engine was asked.
void judge_run(const Program& program, const Run& run, const std::optional<CodePlace>& wrong_store,
               const PlaceMap& places, Judgement& judgement);

/// Judges the run of the same program on a GPU, after the engine's.
void judge_gpu_run(const Program& program, const Run& run, const PlaceMap& places, Judgement& judgement);

/// True when the engine could name the line that stored a wrong value, so that it is worth asking.
bool wants_watch(const Program& program, const Run& run);

/// Warnings that a good record gives in every build, from the cache too: the compiler's, and a mutant that
/// something else caught than was expected.
std::vector<diagnostics::Diagnostic> standing_warnings(const Program& program, const Record& record,
                                                       const PlaceMap& places);

}  // namespace drillpress::drill
