/// The program around a drill: chooses cases, verifies each, reports, and returns the exit status.
#pragma once

#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "checks.h"
#include "experiment.h"
#include "options.h"
#include "report.h"
#include "verify.h"

namespace drill {

/// A CUDA call of the harness itself failed (not the solution): the run proves nothing.
struct DeviceError {
  std::string call, error;
};

/// A name that two of the cases share; empty when there is none.
inline std::string repeated_name(const std::vector<Case>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (cases[i].name() == cases[j].name()) return cases[i].name();
  return "";
}

/// The name in checks.h of the cases to which this one belongs.
inline std::string_view kind_of(const Case& one) {
  if (one.placement != Placement::aligned) return "placements";
  return one.distribution != Distribution::uniform ? "distributions" : "sizes";
}

/// Makes every run of every case. Returns the error of the harness's own CUDA call that failed, or nothing.
inline std::string verify(std::deque<Verification>& cases, const std::string& profiled, Device& device) {
  std::string name;
  try {
    for (Verification& one : cases) {
      name = one.result.name;
      one.run_guarded(device, name == profiled);
    }
    for (Verification& one : cases) {
      name = one.result.name;
      one.run_bare(device);
    }
  } catch (const DeviceError& error) {
    return "case " + name + ": " + error.call + " failed: " + error.error;
  }
  return "";
}

/// `report_path` may be null or empty: no JSON then. The profiled case comes last.
inline int run(const Problem& problem, Device& device, const char* report_path, int argc,
               const char* const* argv) {
  const auto complain = [&](const std::string& text, int status) {
    std::fprintf(stderr, "drill %s: %s\n", problem.name.c_str(), text.c_str());
    return status;
  };
  const Options options = parse_options(argc, argv);
  if (!options.error.empty()) return complain(options.error + "; --help lists the arguments", 2);
  if (options.help) {
    std::fputs(render_usage().c_str(), stdout);
    return 0;
  }

  std::vector<Case> cases;
  for (const Case& one : problem.cases)
    if (!options.without(kind_of(one))) cases.push_back(one);
  cases.push_back(problem.profiled);
  if (const std::string name = repeated_name(cases); !name.empty())
    return complain("two cases are called " + name, 2);
  std::deque<Verification> chosen;
  for (const Case& one : cases) {
    if (options.list)
      std::printf("%s\n", one.name().c_str());
    else if (options.only.empty() || options.only == one.name())
      chosen.emplace_back(problem, one, options.seed, options.without);
  }
  if (options.list) return 0;
  if (chosen.empty()) return complain("no case '" + options.only + "'; --list names them", 2);

  if (const std::string error = verify(chosen, problem.profiled.name(), device); !error.empty())
    return complain(error, 3);

  Report report{&problem, options.seed, {}, options.without};
  for (const Verification& one : chosen) report.cases.push_back(one.result);
  std::fputs(render_summary(report).c_str(), stdout);
  if (report_path && *report_path && !write_report(report_path, render_report(report)))
    return complain(std::string("cannot write the report to ") + report_path, 2);
  if (!report.all_passed()) return 1;
  return options.without.any() ? 4 : 0;
}

}  // namespace drill
