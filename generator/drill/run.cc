#include "drill/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "drill/workspace.h"
#include "system/files.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxOutputBytes = 1u << 20;
constexpr std::uint64_t kMaxFileBytes = 64u << 20;
constexpr std::uint64_t kMaxDataBytes = 8ull << 30;

// Where the program and the runtime leave their reports.
struct Reports {
  std::string counters, findings, harness;
};

// The program's whole environment; nothing of ours is in it, so nothing of ours can change what it does.
std::map<std::string, std::string> environment_of(const Program& program, Backend backend,
                                                  const std::string& folder, const Reports& reports,
                                                  std::uint64_t watch_address, const Workshop& workshop) {
  std::map<std::string, std::string> out = {{"LC_ALL", "C"}, {"HOME", folder}, {"TMPDIR", folder}};
  if (program.language == Language::kPython) {
    out.insert({{"PYTHONHASHSEED", "0"}, {"PYTHONUTF8", "1"}, {"PYTHONDONTWRITEBYTECODE", "1"}});
  }
  if (program.expectation.kind == Expectation::Kind::kHarness) out["DRILL_REPORT"] = reports.harness;
  if (backend == Backend::kGpu) {
    out["LD_LIBRARY_PATH"] = workshop.toolchain.cuda_library_folder();
    out["CUDA_CACHE_PATH"] = folder;
  }
  if (backend == Backend::kEngine) {
    out.insert({{"LD_LIBRARY_PATH", workshop.engine_dir},
                {"DRILLPRESS_CHECK", "all"},
                {"DRILLPRESS_COUNTERS", reports.counters},
                {"DRILLPRESS_FINDINGS", reports.findings},
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
  std::error_code error;
  std::filesystem::create_symlink(build.binary, folder + "/program", error);
  if (error)
    return base::Failure{fmt::format("cannot link the program into `{}`: {}", folder, error.message())};
  return std::vector<std::string>{"./program"};
}

}  // namespace

base::Result<Run> run_program(const Program& program, const Build& build, const InstalledTool& tool,
                              Backend backend, std::uint64_t watch_address, const PlaceMap& places,
                              const Workshop& workshop) {
  auto temporary = TemporaryFolder::make(workshop.cache_dir);
  if (!temporary.ok()) return base::Failure{temporary.error()};
  const std::string& outer = temporary.value().path();
  const std::string folder = outer + "/run";
  if (auto made = system::make_folders(folder); !made.ok()) return base::Failure{made.error()};
  auto argv = place_program(program, build, tool, folder);
  if (!argv.ok()) return base::Failure{argv.error()};

  const Reports reports = {outer + "/counters.json", outer + "/findings.json", outer + "/harness.json"};
  system::ProcessRequest request;
  request.argv = std::move(argv).value();
  request.argv.insert(request.argv.end(), program.arguments.begin(), program.arguments.end());
  request.directory = folder;
  request.environment = environment_of(program, backend, folder, reports, watch_address, workshop);
  request.limits.timeout_ms = std::max<std::int64_t>(1, static_cast<std::int64_t>(program.timeout_s * 1000));
  request.limits.max_output_bytes = kMaxOutputBytes;
  request.limits.max_file_bytes = kMaxFileBytes;
  // A GPU's driver maps far more than it uses, so the limit would refuse programs that are in order.
  if (backend != Backend::kGpu) request.limits.max_data_bytes = kMaxDataBytes;
  auto outcome = system::run_process(request);
  if (!outcome.ok()) return base::Failure{outcome.error()};

  Run run;
  run.backend = backend;
  run.process = std::move(outcome).value();
  if (backend == Backend::kEngine) {
    auto engine = parse_engine_report(text_of_file(reports.counters), text_of_file(reports.findings), places);
    if (!engine.ok()) return base::Failure{engine.error()};
    run.engine = std::move(engine).value();
  }
  if (program.expectation.kind == Expectation::Kind::kHarness) {
    const std::string text = text_of_file(reports.harness);
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

}  // namespace drillpress::drill
