// Every check that a program must stand, in one table: what the engine is asked to look for, what the harness
// is told, what the judge does, and what the tests prove to be needed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "drill/spec.h"

namespace drillpress::drill {

enum class CheckKind {
  kEngine,   ///< a checker of the lockstep engine
  kHarness,  ///< a check of drills/support/checks.h that fails under its name
  kLook,     ///< what drills/support/checks.h brings about for its other checks to look at
  kJudge,    ///< what judge.h decides
};

struct CheckRow {
  std::string_view name;
  CheckKind kind;
  std::string_view words;  ///< of a check of the harness: what its failure says about a program
};

/// The engine's and the harness's stand in the order in which a program is said to be caught: what names the
/// reason before what sees its effect. Not in the table: `timeout`, `limit`, `crash` and the engine's faults
/// name what ended a program, which `report`, `launch` or `exit-status` see, too.
inline constexpr CheckRow kChecks[] = {
    {"racecheck", CheckKind::kEngine, ""},
    {"initcheck", CheckKind::kEngine, ""},
    {"synccheck", CheckKind::kEngine, ""},
    {"memcheck", CheckKind::kEngine, ""},
    {"leak", CheckKind::kEngine, ""},
    {"value", CheckKind::kHarness, "computes a wrong value"},
    {"redzone", CheckKind::kHarness, "writes outside its buffers"},
    {"inputs", CheckKind::kHarness, "changes its input"},
    {"rerun", CheckKind::kHarness, "does not repeat its result"},
    {"launch", CheckKind::kHarness, "does not run to its end"},
    {"zeros", CheckKind::kHarness, "cannot be verified"},
    {"poison", CheckKind::kLook, ""},
    {"fresh", CheckKind::kLook, ""},
    {"bare", CheckKind::kLook, ""},
    {"sizes", CheckKind::kLook, ""},
    {"distributions", CheckKind::kLook, ""},
    {"placements", CheckKind::kLook, ""},
    {"report", CheckKind::kJudge, ""},       // a drill's program that ends without a report was not verified
    {"starter", CheckKind::kJudge, ""},      // a starter must fail
    {"mutant", CheckKind::kJudge, ""},       // a mutant must be caught
    {"count", CheckKind::kJudge, ""},        // a claim about a counter must hold
    {"exit-status", CheckKind::kJudge, ""},  // a program ends with the status that was asked for
    {"output", CheckKind::kJudge, ""},       // a program prints what was expected
};

/// Names of checks that a run leaves out. Only tests do that: what is gathered so is kept nowhere, and no
/// record of it counts.
using LeftOut = std::vector<std::string>;

inline bool leaves_out(const LeftOut& left_out, std::string_view check) {
  return std::find(left_out.begin(), left_out.end(), check) != left_out.end();
}

/// The engine's checkers that are on for a program, sorted. A short program on a page may leave freeing to
/// the process' end; the programs of a drill may not.
std::vector<std::string_view> engine_checkers(Role role, const LeftOut& left_out = {});

}  // namespace drillpress::drill
