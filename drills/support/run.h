/// The program around a drill: chooses cases, verifies each, reports, and returns the exit status.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "experiment.h"
#include "options.h"
#include "report.h"
#include "verify.h"

namespace drill {

/// A CUDA call of the harness itself failed (not the solution): the run proves nothing.
struct DeviceError {
  std::string call, error;
};

/// `report_path` may be null or empty: no JSON then. The profiled case runs last.
inline int run(const Problem& problem, Device& device, const char* report_path, int argc,
               const char* const* argv) {
  const auto complain = [&](const std::string& text) {
    std::fprintf(stderr, "drill %s: %s\n", problem.name.c_str(), text.c_str());
  };
  const Options options = parse_options(argc, argv);
  if (!options.error.empty()) {
    complain(options.error + "; --help lists the arguments");
    return 2;
  }
  if (options.help) {
    std::fwrite(kUsage.data(), 1, kUsage.size(), stdout);
    return 0;
  }

  std::vector<Case> cases = problem.cases;
  cases.push_back(problem.profiled);
  for (std::size_t i = 0; i < cases.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (cases[i].name() == cases[j].name()) {
        complain("two cases are called " + cases[i].name());
        return 2;
      }
  if (options.list) {
    for (const Case& one : cases) std::printf("%s\n", one.name().c_str());
    return 0;
  }

  std::printf("drill %s, seed %s\ntolerance: %s\n", problem.name.c_str(),
              std::to_string(options.seed).c_str(), problem.tolerance.c_str());
  Report report;
  report.problem = &problem;
  report.seed = options.seed;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string name = cases[i].name();
    if (!options.only.empty() && options.only != name) continue;
    if (!report.cases.empty() && !device.usable()) {
      report.stopped = true;
      std::printf("stopped before %s: the error left the device unusable\n", name.c_str());
      break;
    }
    try {
      report.cases.push_back(verify(problem, cases[i], options.seed, device, i + 1 == cases.size()));
    } catch (const DeviceError& error) {
      complain("case " + name + ": " + error.call + " failed: " + error.error);
      return 3;
    }
    std::fputs(render_case(report.cases.back()).c_str(), stdout);
  }
  if (report.cases.empty()) {
    complain("no case '" + options.only + "'; --list names them");
    return 2;
  }
  std::fputs(render_verdict(report).c_str(), stdout);

  if (report_path && *report_path && !write_report(report_path, render_report(report))) {
    complain(std::string("cannot write the report to ") + report_path);
    return 2;
  }
  return report.passed() ? 0 : 1;
}

}  // namespace drill
