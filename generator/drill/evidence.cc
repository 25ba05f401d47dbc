#include "drill/evidence.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <thread>

#include "base/hash.h"
#include "drill/judge.h"
#include "drill/occupancy.h"
#include "drill/store.h"
#include "drill/workspace.h"
#include "system/files.h"
#include "system/terminal.h"

namespace drillpress::drill {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr const char* kEngineLibrary = "libcudart.so.13";

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

std::string host_architecture() {
  utsname name{};
  return ::uname(&name) == 0 ? name.machine : "unknown";
}

// The occupancy that follows from the launch that was profiled, for every architecture that ptxas reported
// on.
void add_occupancy(const Build& build, const EngineReport& engine, Record& record) {
  for (std::size_t i = 0; i < build.kernels.size() && i < record.resources.size(); ++i) {
    const KernelUsage& kernel = build.kernels[i];
    for (const EngineLaunch& launch : engine.launches) {
      if (!launch.profiled || launch.mangled != kernel.mangled) continue;
      std::uint32_t threads = 1;
      for (const std::uint32_t extent : launch.launch.block) threads *= extent;
      const KernelDemand demand = {kernel.resources.registers, kernel.barriers,
                                   kernel.resources.static_shared_bytes, launch.launch.dynamic_shared_bytes,
                                   threads};
      record.resources[i].occupancy = theoretical_occupancy(kernel.resources.architecture, demand);
      break;
    }
  }
}

class Gathering {
 public:
  Gathering(const Options& options, diagnostics::Sink& sink)
      : options_(options),
        sink_(sink),
        root_(absolute(options.root)),
        cache_dir_(absolute(options.cache_dir.empty() ? options.root + "/.drillpress" : options.cache_dir)),
        toolchain_(options.tool_folders, cache_dir_),
        files_(root_),
        cache_(cache_dir_),
        committed_(root_, sink),
        sandbox_(options.sandbox),
        shop_{root_, cache_dir_, {}, {}, std::nullopt, toolchain_, files_, sandbox_} {
    shop_.engine_dir = absolute(
        options.engine_dir.empty() ? system::executable_folder() + "/../lib/drillpress" : options.engine_dir);
    const auto engine = system::read_file(shop_.engine_dir + "/" + kEngineLibrary);
    if (engine.ok()) shop_.engine_hash = base::content_hash(engine.value());
    if (options.use_gpu && toolchain_uses_gpu()) shop_.gpu = find_nvidia_device(cache_dir_);
    remove_abandoned_folders(cache_dir_);
  }

  Record gather(const Program& program) {
    Judgement judgement;
    Record& record = judgement.record;
    record.id = program.id;
    record.role = program.role;
    record.language = program.language;
    const LanguageRow& row = row_of(program.language);
    const auto tool = toolchain_.find(row.tool);
    const Surroundings surroundings = surroundings_of(row, tool);
    const Inputs inputs = describe_inputs(program, surroundings, files_);
    const PlaceMap places(program, root_, inputs.includes);
    record.inputs = inputs.components;
    record.key = inputs.key;

    const std::string missing = what_is_missing(program, row, tool);
    if (!missing.empty()) return replay(program, std::move(record), missing);
    if (!options_.fresh) {
      if (auto known = cache_.load(inputs.key)) {
        known->id = program.id;
        report(standing_warnings(program, *known, places));
        return std::move(*known);
      }
    }
    record.provenance = {surroundings.compiler, "", host_architecture(), ""};
    if (const auto failure = make(program, inputs, *tool, places, judgement); !failure.empty()) {
      judgement.diagnostics.push_back(
          {.code = Code::kEnvironment, .span = places.whole_program(), .message = failure});
      record.verdict = Verdict::kFailed;
    }
    report(judgement.diagnostics);
    report(standing_warnings(program, record, places));
    if (record.verdict != Verdict::kFailed) {
      if (auto stored = cache_.store(record); !stored.ok()) {
        report({{.code = Code::kEnvironment, .span = places.whole_program(), .message = stored.error()}});
      }
    }
    return std::move(record);
  }

  /// One warning for each thing that is missing, however many programs need it.
  void report_missing() {
    if (sandbox_.failed()) {
      report({{.code = Code::kNoSandbox,
               .severity = Severity::kWarning,
               .span = {},
               .message = "programs run without a sandbox, because bubblewrap is not there or not allowed",
               .help = "install bubblewrap (bwrap), or build only content that you trust"}});
    }
    for (const std::string& what : missing_) {
      report({{.code = Code::kNoCompiler,
               .severity = Severity::kWarning,
               .span = {},
               .message = what + "; programs that need it are replayed from records or skipped"}});
    }
  }

 private:
  // A driver without a toolkit's runtime library cannot run what nvcc makes.
  bool toolchain_uses_gpu() {
    return system::exists("/dev/nvidia0") && !toolchain_.cuda_library_folder().empty();
  }

  Surroundings surroundings_of(const LanguageRow& row, const std::optional<InstalledTool>& tool) {
    Surroundings out;
    if (tool) out.compiler = tool->identity;
    if (row.tool == Tool::kNvcc) {
      // nvcc leaves host code to the host's compiler.
      const auto host = toolchain_.find(Tool::kHostCompiler);
      if (tool && host) out.compiler += " with " + host->identity;
      out.runtime = shop_.engine_hash;
      if (shop_.gpu) {
        out.device = shop_.gpu->name + ", driver " + shop_.gpu->driver;
        out.gpu_architecture = shop_.gpu->architecture;
      }
    }
    return out;
  }

  // In words for people; empty when nothing that the program needs is missing.
  std::string what_is_missing(const Program& program, const LanguageRow& row,
                              const std::optional<InstalledTool>& tool) {
    if (!tool) return std::string(all_tools().at(static_cast<std::size_t>(row.tool)).missing);
    const bool runs = program.mode == Mode::kRun || program.mode == Mode::kShouldFail;
    if (runs && row.needs_engine && shop_.engine_hash.empty())
      return "the lockstep engine's library was not found";
    return {};
  }

  Record replay(const Program& program, Record record, const std::string& missing) {
    {
      const std::lock_guard lock(mutex_);
      missing_.insert(missing);
    }
    const std::string path = options_.record_path ? options_.record_path(program) : std::string();
    auto known = path.empty() ? std::nullopt : committed_.find(path, program.id);
    if (!known) {
      record.verdict = Verdict::kSkipped;
      record.reason = missing + " and there is no record";
      return record;
    }
    known->stale_components = changed_components(known->inputs, record.inputs);
    known->original = known->verdict;
    known->verdict = known->stale_components.empty() ? Verdict::kReplayed : Verdict::kStale;
    known->role = program.role;
    known->language = program.language;
    const PlaceMap places(program, root_, scan_includes(program, files_));
    if (known->verdict == Verdict::kReplayed) report(standing_warnings(program, *known, places));
    return std::move(*known);
  }

  // Builds, runs and judges. Gives back why the environment failed, or nothing.
  std::string make(const Program& program, const Inputs& inputs, const InstalledTool& tool,
                   const PlaceMap& places, Judgement& judgement) {
    const auto build = build_program(program, inputs, tool, places, shop_);
    if (!build.ok()) return build.error();
    if (!judge_build(program, build.value(), places, judgement)) return {};
    const bool on_engine = row_of(program.language).needs_engine;
    if (on_engine) judgement.record.provenance.engine = "lockstep " + shop_.engine_hash.substr(0, 12);
    const auto run = run_program(program, build.value(), tool, on_engine ? Backend::kEngine : Backend::kHost,
                                 0, places, shop_);
    if (!run.ok()) return run.error();

    std::optional<CodePlace> wrong_store;
    if (wants_watch(program, run.value())) {
      const auto again = run_program(program, build.value(), tool, Backend::kEngine,
                                     run.value().harness->first_wrong_address, places, shop_);
      if (again.ok()) wrong_store = parse_watched_store(again.value().process.err, places);
    }
    judge_run(program, run.value(), wrong_store, places, judgement);
    add_occupancy(build.value(), run.value().engine, judgement.record);

    const bool on_gpu = on_engine && shop_.gpu && program.mode == Mode::kRun &&
                        judgement.record.verdict == Verdict::kRanOnEngine;
    if (!on_gpu) return {};
    judgement.record.provenance.device = shop_.gpu->name;
    const auto gpu_run = run_program(program, build.value(), tool, Backend::kGpu, 0, places, shop_);
    if (!gpu_run.ok()) return gpu_run.error();
    judge_gpu_run(program, gpu_run.value(), places, judgement);
    return {};
  }

  void report(std::vector<diagnostics::Diagnostic> diagnostics) {
    for (diagnostics::Diagnostic& diagnostic : diagnostics) sink_.report(std::move(diagnostic));
  }

  const Options& options_;
  diagnostics::Sink& sink_;
  std::string root_, cache_dir_;
  Toolchain toolchain_;
  SourceFiles files_;
  RecordCache cache_;
  CommittedRecords committed_;
  Sandbox sandbox_;
  Workshop shop_;
  std::mutex mutex_;
  std::set<std::string> missing_;
};

}  // namespace

std::vector<Record> gather(const std::vector<Program>& programs, const Options& options,
                           diagnostics::Sink& sink) {
  std::vector<Record> records(programs.size());
  if (programs.empty()) return records;
  Gathering gathering(options, sink);
  {
    system::Progress progress("Verifying programs", programs.size(), options.quiet);
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < programs.size(); i = next++) {
        records[i] = gathering.gather(programs[i]);
        progress.step(programs[i].id);
      }
    };
    const unsigned wanted =
        options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
    const auto count = std::min<std::size_t>(wanted, programs.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < count; ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
  }
  gathering.report_missing();
  return records;
}

}  // namespace drillpress::drill
