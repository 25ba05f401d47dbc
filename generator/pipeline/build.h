// The whole way from a folder of sources to a built site; the only composer of the other modules.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "drill/evidence.h"
#include "pipeline/output.h"
#include "pipeline/site_model.h"

namespace drillpress::pipeline {

struct BuildOptions {
  std::string root;                       ///< absolute
  std::string out;                        ///< empty: `<root>/public`
  std::string cache_dir;                  ///< empty: `<root>/.drillpress`
  std::string engine_dir;                 ///< empty: beside the executable
  std::vector<std::string> tool_folders;  ///< where compilers are; empty: everywhere they usually are
  unsigned jobs = 0;
  bool quiet = false;
  drill::Sources sources = drill::Sources::kAny;
  std::optional<std::set<std::string>> wanted;  ///< ids of the programs that are asked about; none: all
  bool use_gpu = true;
  bool trust = false;  ///< run programs without a sandbox where none works
};

/// 1. Reads and checks every source, without running anything. Drafts are left out. Null when no page is
/// usable.
std::unique_ptr<SiteModel> check_site(const BuildOptions& options, diagnostics::Sink& sink);

/// 2. Compiles, runs and verifies the programs that are wanted; fills in the records and what was reported
/// about each program.
void gather_evidence(SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink);

/// 3. Typesets the formulas that the committed cache does not have, and adds them to it; they are errors when
/// committed evidence alone may be used.
void typeset_formulas(SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink);

/// 4. Renders every artifact. Template faults go to the sink.
std::vector<Artifact> render_site(const SiteModel& site, const BuildOptions& options,
                                  diagnostics::Sink& sink);

/// What the drill module needs to know, from ours.
drill::Options drill_options(const BuildOptions& options);

}  // namespace drillpress::pipeline
