/// The command line of a drill.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "checks.h"

namespace drill {

inline constexpr std::string_view kUsage =
    "Verifies this program's solution against a float64 reference.\n"
    "\n"
    "  --case NAME      run only this case\n"
    "  --seed N         draw other input data (default 24301)\n"
    "  --without CHECK  leave a check out, to see what it is needed for; the run proves nothing then\n"
    "  --list           print the cases' names\n"
    "  --help           print this text and the checks\n"
    "\n"
    "DRILL_REPORT=FILE writes a JSON report to FILE.\n"
    "Exit status: 0 passed, 1 failed, 2 usage or unwritable report, 3 CUDA error outside the solution,\n"
    "4 nothing failed, but a check was left out.\n";

inline std::string render_usage() {
  std::string text = std::string(kUsage) + "\nChecks:\n";
  for (const CheckRow& row : kChecks) {
    text +=
        "  " + std::string(row.name) + std::string(15 - row.name.size(), ' ') + std::string(row.what) + "\n";
  }
  return text;
}

struct Options {
  std::string only;  ///< a case's name; empty for all
  std::uint64_t seed = 24301;
  Without without;
  bool list = false, help = false;
  std::string error;  ///< what is wrong with the command line; empty when nothing is
};

inline Options parse_options(int argc, const char* const* argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const bool takes_value = name == "--case" || name == "--seed" || name == "--without";
    if (name == "--list") {
      options.list = true;
    } else if (name == "--help") {
      options.help = true;
    } else if (!takes_value) {
      options.error = "unknown argument '" + std::string(name) + "'";
    } else if (++i == argc) {
      options.error = std::string(name) + " needs a value";
    } else if (name == "--case") {
      options.only = argv[i];
    } else if (name == "--without") {
      if (!options.without.add(argv[i])) options.error = "there is no check '" + std::string(argv[i]) + "'";
    } else {
      const char* end = argv[i] + std::strlen(argv[i]);
      const auto parsed = std::from_chars(argv[i], end, options.seed);
      if (parsed.ec != std::errc() || parsed.ptr != end)
        options.error =
            "--seed needs a number from 0 to 18446744073709551615, not '" + std::string(argv[i]) + "'";
    }
    if (!options.error.empty()) break;
  }
  return options;
}

}  // namespace drill
