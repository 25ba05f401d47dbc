// What the lockstep engine writes when a program ends: launches with counters, findings, refusals, watched
// stores.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "drill/place.h"
#include "drill/record.h"

namespace drillpress::drill {

struct EngineLaunch {
  Launch launch;
  std::string mangled;
  bool profiled = false;
  std::vector<LineCounters> lines;
};

struct EngineReport {
  std::vector<EngineLaunch> launches;
  std::vector<Finding> findings;      ///< of the checkers; faults too ("fault"), and leaks ("leak")
  std::vector<std::string> refusals;  ///< what the engine will not do, for people
  bool timed_out = false;             ///< a launch was stopped for its time
};

/// Reads the files of DRILLPRESS_COUNTERS and DRILLPRESS_FINDINGS. An empty text is a file that was not
/// written, as when the process was killed: nothing is known from it.
base::Result<EngineReport> parse_engine_report(std::string_view counters, std::string_view findings,
                                               const PlaceMap& places);

/// The line that last stored into the bytes of DRILLPRESS_WATCH, from what the engine printed on standard
/// error.
std::optional<CodePlace> parse_watched_store(std::string_view standard_error, const PlaceMap& places);

}  // namespace drillpress::drill
