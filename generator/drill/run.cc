#include "drill/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "drill/findings.h"
#include "drill/workspace.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxOutputBytes = 1u << 20;
constexpr std::uint64_t kMaxFileBytes = 64u << 20;
constexpr std::uint64_t kMaxDataBytes = 8ull << 30;

// Where a program's private folder is seen inside the sandbox.
constexpr const char* kInsideFolder = "/drill";
// Where the program and the runtime leave their reports in it; the program's working folder is run/ beside
// them.
constexpr const char* kCountersFile = "/counters.json";
constexpr const char* kFindingsFile = "/findings.json";
constexpr const char* kHarnessFile = "/harness.json";

// The program's whole environment; nothing of ours is in it, so nothing of ours can change what it does.
std::map<std::string, std::string> environment_of(const Program& program, Backend backend,
                                                  const std::string& home, std::uint64_t watch_address,
                                                  const Workshop& workshop) {
  const std::string folder = home + "/run";
  std::map<std::string, std::string> out = {{"LC_ALL", "C"}, {"HOME", folder}, {"TMPDIR", folder}};
  if (program.language == Language::kPython) {
    out.insert({{"PYTHONHASHSEED", "0"}, {"PYTHONUTF8", "1"}, {"PYTHONDONTWRITEBYTECODE", "1"}});
  }
  if (program.expectation.kind == Expectation::Kind::kHarness) out["DRILL_REPORT"] = home + kHarnessFile;
  if (backend == Backend::kGpu) {
    out["LD_LIBRARY_PATH"] = workshop.toolchain.cuda_library_folder();
    out["CUDA_CACHE_PATH"] = folder;
  }
  if (backend == Backend::kEngine) {
    out.insert({{"LD_LIBRARY_PATH", workshop.engine_dir},
                {"DRILLPRESS_CHECK", fmt::format("{}", fmt::join(engine_checkers(program.role), ","))},
                {"DRILLPRESS_COUNTERS", home + kCountersFile},
                {"DRILLPRESS_FINDINGS", home + kFindingsFile},
                {"DRILLPRESS_THREADS", "1"}});
    // The engine stops a launch a little before we stop the process: it can say which kernel it was.
    const auto seconds = static_cast<int>(program.timeout_s * 0.8);
    if (seconds > 0) out["DRILLPRESS_TIMEOUT"] = std::to_string(seconds);
    if (watch_address != 0) out["DRILLPRESS_WATCH"] = fmt::format("{:#x}:1", watch_address);
  }
  return out;
}

std::string text_of_file(const std::string& path) {
  auto text = system::read_file(path, kMaxFileBytes);
  return text.ok() ? std::move(text).value() : std::string();
}

// Puts what is run into the folder under a name that says nothing about this machine; gives back its command
// line.
base::Result<std::vector<std::string>> place_program(const Program& program, const Build& build,
                                                     const InstalledTool& tool, const std::string& folder) {
  const LanguageRow& row = row_of(program.language);
  if (!row.compiled) {
    const std::string name(row.file_name);
    if (auto status = system::write_file(folder + "/" + name, program.code); !status.ok()) {
      return base::Failure{status.error()};
    }
    std::vector<std::string> argv = {tool.path};
    argv.insert(argv.end(), row.flags.begin(), row.flags.end());
    argv.push_back(name);
    return argv;
  }
  // A copy: what the program does to its own file stays in its folder.
  if (auto copied = system::copy_file(build.binary, folder + "/program"); !copied.ok()) return base::Failure{copied.error()};
  return std::vector<std::string>{"./program"};
}

// What the program and the runtime left in the folder.
base::Result<Run> read_reports(const Program& program, const std::string& folder, const PlaceMap& places,
                               Run run) {
  if (run.backend == Backend::kEngine) {
    auto engine = parse_engine_report(text_of_file(folder + kCountersFile),
                                      text_of_file(folder + kFindingsFile), places);
    if (!engine.ok()) return base::Failure{engine.error()};
    run.engine = std::move(engine).value();
  }
  if (program.expectation.kind == Expectation::Kind::kHarness) {
    const std::string text = text_of_file(folder + kHarnessFile);
    auto harness = text.empty() ? base::Result<HarnessReport>(base::Failure{"the program wrote no report"})
                                : parse_harness_report(text);
    if (harness.ok()) {
      run.harness = std::move(harness).value();
    } else {
      run.harness_problem = harness.error();
    }
  }
  return run;
}

}  // namespace

base::Result<Run> run_program(const Program& program, const Build& build, const InstalledTool& tool,
                              Backend backend, std::uint64_t watch_address, const PlaceMap& places,
                              const Workshop& workshop) {
  auto temporary = TemporaryFolder::make(workshop.cache_dir);
  if (!temporary.ok()) return base::Failure{temporary.error()};
  const std::string& outer = temporary.value().path();
  if (auto made = system::make_folders(outer + "/run"); !made.ok()) return base::Failure{made.error()};
  auto argv = place_program(program, build, tool, outer + "/run");
  if (!argv.ok()) return base::Failure{argv.error()};

  // A GPU's driver needs devices that the sandbox does not show.
  const bool inside = backend != Backend::kGpu && workshop.sandbox.works();
  const std::string home = inside ? kInsideFolder : outer;
  std::vector<SandboxFolder> folders = {{outer, kInsideFolder, true}};
  if (backend == Backend::kEngine) folders.push_back({workshop.engine_dir, workshop.engine_dir});
  if (const std::string installation = installation_folder(tool.path); !installation.empty()) {
    folders.push_back({installation, installation});
  }
  system::ProcessRequest request;
  request.argv = std::move(argv).value();
  request.argv.insert(request.argv.end(), program.arguments.begin(), program.arguments.end());
  request.directory = home + "/run";
  request.environment = environment_of(program, backend, home, watch_address, workshop);
  request.limits.timeout_ms = std::max<std::int64_t>(1, static_cast<std::int64_t>(program.timeout_s * 1000));
  request.limits.max_output_bytes = kMaxOutputBytes;
  request.limits.max_file_bytes = kMaxFileBytes;
  // A GPU's driver maps far more than it uses, so the limit would refuse programs that are in order.
  if (backend != Backend::kGpu) request.limits.max_data_bytes = kMaxDataBytes;
  auto outcome = inside ? workshop.sandbox.run(std::move(request), folders) : system::run_process(request);
  if (!outcome.ok()) return base::Failure{outcome.error()};

  Run run;
  run.backend = backend;
  run.process = std::move(outcome).value();
  return read_reports(program, outer, places, std::move(run));
}

}  // namespace drillpress::drill
