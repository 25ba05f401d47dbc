#include "drill/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <thread>

#include "drill/findings.h"
#include "drill/workspace.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxOutputBytes = 1u << 20;
constexpr std::uint64_t kMaxFileBytes = 64u << 20;
constexpr std::uint64_t kMaxScratchBytes = 256u << 20;
// Of memory in use. What a process may ask for is more: the engine reserves address space that it never
// touches.
constexpr std::uint64_t kMaxFamilyBytes = 4ull << 30;
constexpr std::uint64_t kMaxDataBytes = 16ull << 30;

// Where the program and the runtime leave their reports in the program's private folder; its working folder
// is run/ beside them.
constexpr const char* kCountersFile = "counters.json";
constexpr const char* kFindingsFile = "findings.json";
constexpr const char* kHarnessFile = "harness.json";

// Where the engine's library is seen inside the sandbox.
constexpr const char* kInsideEngine = "/engine";

// The program's whole environment; nothing of ours is in it, so nothing of ours can change what it does.
std::map<std::string, std::string> environment_of(const Program& program, Backend backend,
                                                  const std::string& home, std::uint64_t watch_address,
                                                  const Workshop& workshop) {
  const std::string folder = home + "/run";
  std::map<std::string, std::string> out = {{"LC_ALL", "C"}, {"HOME", folder}, {"TMPDIR", folder}};
  if (program.language == Language::kPython) {
    out.insert({{"PYTHONHASHSEED", "0"}, {"PYTHONUTF8", "1"}, {"PYTHONDONTWRITEBYTECODE", "1"}});
  }
  if (program.expectation.kind == Expectation::Kind::kHarness)
    out["DRILL_REPORT"] = home + "/" + kHarnessFile;
  if (backend == Backend::kGpu) {
    out["LD_LIBRARY_PATH"] = workshop.toolchain.cuda_library_folder();
    out["CUDA_CACHE_PATH"] = folder;
  }
  if (backend == Backend::kEngine) {
    out.insert({{"LD_LIBRARY_PATH", home == SandboxView::kScratch ? kInsideEngine : workshop.engine_dir},
                {"DRILLPRESS_CHECK",
                 fmt::format("{}", fmt::join(engine_checkers(program.role, workshop.left_out), ","))},
                {"DRILLPRESS_COUNTERS", home + "/" + kCountersFile},
                {"DRILLPRESS_FINDINGS", home + "/" + kFindingsFile},
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

bool is_left_to_harness(const CheckRow& row) {
  return row.kind == CheckKind::kHarness || row.kind == CheckKind::kLook;
}

// What tells the harness which of its checks to leave out.
std::vector<std::string> harness_arguments(const Program& program, const LeftOut& left_out) {
  std::vector<std::string> out;
  if (program.expectation.kind != Expectation::Kind::kHarness) return out;
  for (const CheckRow& row : kChecks) {
    if (is_left_to_harness(row) && leaves_out(left_out, row.name))
      out.insert(out.end(), {"--without", std::string(row.name)});
  }
  return out;
}

struct Placed {
  std::string file;  // what is run, in the working folder
  std::vector<std::string> argv;
};

// Puts what is run into the folder under a name that says nothing about this machine.
base::Result<Placed> place_program(const Program& program, const Build& build, const InstalledTool& tool,
                                   const std::string& folder) {
  const LanguageRow& row = row_of(program.language);
  if (!row.compiled) {
    const std::string name(row.file_name);
    if (auto status = system::write_file(folder + "/" + name, program.code); !status.ok()) {
      return base::Failure{status.error()};
    }
    std::vector<std::string> argv = {tool.path};
    argv.insert(argv.end(), row.flags.begin(), row.flags.end());
    argv.push_back(name);
    return Placed{name, argv};
  }
  // A copy: what the program does to its own file stays in its folder.
  if (auto copied = system::copy_file(build.binary, folder + "/program"); !copied.ok())
    return base::Failure{copied.error()};
  return Placed{"program", {"./program"}};
}

// What the program and the runtime left in the folder.
base::Result<Run> read_reports(const Program& program, const std::string& folder, const PlaceMap& places,
                               const LeftOut& left_out, Run run) {
  if (run.backend == Backend::kEngine) {
    auto engine = parse_engine_report(text_of_file(folder + "/" + kCountersFile),
                                      text_of_file(folder + "/" + kFindingsFile), places);
    if (!engine.ok()) return base::Failure{engine.error()};
    run.engine = std::move(engine).value();
  }
  if (program.expectation.kind == Expectation::Kind::kHarness) {
    const std::string text = text_of_file(folder + "/" + kHarnessFile);
    auto harness = text.empty() ? base::Result<HarnessReport>(base::Failure{"the program wrote no report"})
                                : parse_harness_report(text, left_out);
    if (harness.ok()) {
      run.harness = std::move(harness).value();
    } else {
      run.harness_problem = harness.error();
    }
  }
  return run;
}

// The files that a run may leave for us.
std::vector<std::string> reports_of(const Program& program, Backend backend) {
  std::vector<std::string> names;
  if (backend == Backend::kEngine) names = {kCountersFile, kFindingsFile};
  if (program.expectation.kind == Expectation::Kind::kHarness) names.emplace_back(kHarnessFile);
  return names;
}

system::ProcessLimits limits_of(const Program& program, Backend backend) {
  system::ProcessLimits limits;
  limits.timeout_ms = std::max<std::int64_t>(1, static_cast<std::int64_t>(program.timeout_s * 1000));
  // Should nobody be there to keep the time: every core for as long as the program may take.
  limits.max_cpu_seconds = static_cast<std::uint64_t>(std::ceil(program.timeout_s)) *
                           std::max(1u, std::thread::hardware_concurrency());
  limits.max_output_bytes = kMaxOutputBytes;
  limits.max_file_bytes = kMaxFileBytes;
  limits.max_family_bytes = kMaxFamilyBytes;
  // A GPU's driver maps far more than it uses.
  if (backend != Backend::kGpu) limits.max_data_bytes = kMaxDataBytes;
  return limits;
}

constexpr std::string_view kGpuDevice = "nvidia";

// Device files of NVIDIA's driver.
std::vector<SandboxMount> gpu_devices() {
  std::vector<SandboxMount> out;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/dev", error), end; !error && it != end; it.increment(error)) {
    const std::string path = it->path().string();
    if (it->path().filename().string().starts_with(kGpuDevice) && it->is_character_file(error))
      out.push_back({path, path, SandboxMount::Access::kDevice});
  }
  std::sort(out.begin(), out.end(),
            [](const SandboxMount& a, const SandboxMount& b) { return a.outside < b.outside; });
  return out;
}

// The run's folder outside has run/, what is run, and out/, one file for each report.
base::Result<SandboxView> view_of(const Program& program, const InstalledTool& tool, Backend backend,
                                  const std::string& outer, const std::string& executed,
                                  const Workshop& workshop) {
  const std::string home = SandboxView::kScratch;
  SandboxView view;
  view.scratch_bytes = kMaxScratchBytes;
  view.folders = {home + "/run", home + "/out"};
  view.mounts = {{outer + "/run/" + executed, home + "/run/" + executed, SandboxMount::Access::kOwned}};
  if (auto made = system::make_folders(outer + "/out"); !made.ok()) return base::Failure{made.error()};
  for (const std::string& name : reports_of(program, backend)) {
    const std::string path = outer + "/out/" + name;
    if (auto made = system::write_file(path, ""); !made.ok()) return base::Failure{made.error()};
    view.mounts.push_back({path, home + "/out/" + name, SandboxMount::Access::kWritable});
    view.fetched.push_back(name);
  }
  if (backend == Backend::kEngine) {
    const std::string engine = workshop.engine_dir + "/" + std::string(kEngineLibrary);
    view.mounts.push_back({engine, kInsideEngine + ("/" + std::string(kEngineLibrary))});
  }
  if (backend == Backend::kGpu) {
    view.for_gpu = true;
    const std::string libraries = workshop.toolchain.cuda_library_folder();
    view.mounts.push_back({libraries, libraries});
    for (SandboxMount& mount : gpu_devices()) view.mounts.push_back(std::move(mount));
  }
  if (!row_of(program.language).compiled) {
    for (SandboxMount& mount : installation_of(tool.path)) view.mounts.push_back(std::move(mount));
  }
  return view;
}

}  // namespace

base::Result<Run> run_program(const Program& program, const Build& build, const InstalledTool& tool,
                              Backend backend, std::uint64_t watch_address, const PlaceMap& places,
                              const Workshop& workshop) {
  auto temporary = TemporaryFolder::make(workshop.cache_dir);
  if (!temporary.ok()) return base::Failure{temporary.error()};
  const std::string& outer = temporary.value().path();
  if (auto made = system::make_folders(outer + "/run"); !made.ok()) return base::Failure{made.error()};
  auto placed = place_program(program, build, tool, outer + "/run");
  if (!placed.ok()) return base::Failure{placed.error()};
  auto& [executed, argv] = placed.value();

  const bool inside = workshop.sandbox.works();
  const std::string home = inside ? SandboxView::kScratch : outer;
  system::ProcessRequest request;
  request.argv = std::move(argv);
  request.argv.insert(request.argv.end(), program.arguments.begin(), program.arguments.end());
  for (std::string& argument : harness_arguments(program, workshop.left_out))
    request.argv.push_back(std::move(argument));
  request.directory = home + "/run";
  request.environment = environment_of(program, backend, home, watch_address, workshop);
  request.limits = limits_of(program, backend);
  base::Result<system::ProcessOutcome> outcome = base::Failure{};
  if (inside) {
    auto view = view_of(program, tool, backend, outer, executed, workshop);
    if (!view.ok()) return base::Failure{view.error()};
    outcome = workshop.sandbox.run(std::move(request), view.value());
  } else {
    outcome = system::run_process(request);
  }
  if (!outcome.ok()) return base::Failure{outcome.error()};

  Run run;
  run.backend = backend;
  run.process = std::move(outcome).value();
  return read_reports(program, inside ? outer + "/out" : outer, places, workshop.left_out, std::move(run));
}

}  // namespace drillpress::drill
