// The outcome of a build or a verification as test cases, for tools that read test results.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

enum class Outcome { kPassed, kFailed, kSkipped };

struct TestCase {
  std::string suite;  ///< id of a page or drill, "claims", or "sources"
  std::string name;   ///< "transpose/naive", "transpose/naive: racecheck", "content/cards/x.md"
  std::string file;   ///< relative to the root; may be empty
  std::uint32_t line = 0;
  Outcome outcome = Outcome::kPassed;
  std::string message;  ///< why it failed or was skipped, in a line
  std::string text;     ///< the diagnostics, as the terminal shows them
};

/// One case for each wanted program and each of its checks, each block that says why it is not run, each
/// claim, each page, and each other file with an error. `diagnostics` are all of the run, sorted; every error
/// among them fails a case.
std::vector<TestCase> test_cases(const SiteModel& site, const std::optional<std::set<std::string>>& wanted,
                                 const std::vector<diagnostics::Diagnostic>& diagnostics);

/// In the form that JUnit's Ant task writes and continuous integration reads. No times: they were not
/// measured. Valid XML 1.0 whatever the text: what XML cannot hold is replaced by its picture (U+2400 and
/// following) or U+FFFD.
std::string render_junit(const std::vector<TestCase>& cases);

/// {"cases": [{suite, name, file, line, outcome, message, text}], "totals": {passed, failed, skipped}}.
std::string render_cases_json(const std::vector<TestCase>& cases);

}  // namespace drillpress::pipeline
