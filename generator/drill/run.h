// Runs a built program once: on the engine, on a GPU, or on the host, alone in a private folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "drill/build.h"
#include "drill/engine_report.h"
#include "drill/harness_report.h"
#include "drill/workshop.h"
#include "system/process.h"

namespace drillpress::drill {

struct Run {
  Backend backend = Backend::kHost;
  system::ProcessOutcome process;
  EngineReport engine;                   ///< empty unless the engine ran it
  std::optional<HarnessReport> harness;  ///< when the program wrote one that can be read
  std::string harness_problem;           ///< why there is none
};

/// Fails only when the program cannot be started or its reports cannot be read. `watch_address` other than 0
/// asks the engine who stores there.
base::Result<Run> run_program(const Program& program, const Build& build, const InstalledTool& tool,
                              Backend backend, std::uint64_t watch_address, const PlaceMap& places,
                              const Workshop& workshop);

}  // namespace drillpress::drill
