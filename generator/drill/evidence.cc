#include "drill/evidence.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
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
using diagnostics::Diagnostic;
using diagnostics::Severity;

constexpr const char* kNoSandbox = "there is no sandbox to run it in";

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
        sandbox_(options.containment),
        shop_{root_,  cache_dir_,   {},
              {},     std::nullopt, toolchain_,
              files_, sandbox_,     options.compile_timeout_s} {
    shop_.left_out = options.left_out;
    shop_.engine_dir = absolute(
        options.engine_dir.empty() ? system::executable_folder() + "/../lib/drillpress" : options.engine_dir);
    const auto engine = system::read_file(shop_.engine_dir + "/" + std::string(kEngineLibrary));
    if (engine.ok()) shop_.engine_hash = base::content_hash(engine.value());
    const bool may_run = options.sources != Sources::kCommitted;
    if (may_run && options.use_gpu && toolchain_uses_gpu()) shop_.gpu = find_nvidia_device(cache_dir_);
    remove_abandoned_folders(cache_dir_);
  }

  /// What is reported about the program is added to `told`.
  Record gather(const Program& program, std::vector<Diagnostic>& told) {
    if (options_.wanted && !options_.wanted(program)) return recall(program);
    if (options_.sources == Sources::kCommitted) return replay_committed(program, told);
    const LanguageRow& row = row_of(program.language);
    const auto tool = toolchain_.find(row.tool);
    const Surroundings surroundings = surroundings_of(row, tool);
    const Inputs inputs = describe_inputs(program, surroundings, files_);
    const PlaceMap places(program, root_, inputs.includes);
    const std::string missing = what_is_missing(program, row, tool);
    if (!missing.empty()) return replay(program, inputs, missing, told);
    if (options_.sources != Sources::kRuns && options_.left_out.empty()) {
      if (auto known = load_cached(program, inputs)) {
        add(standing_warnings(program, *known, places), told);
        return std::move(*known);
      }
    }
    if (!sandbox_.may_run()) return replay(program, inputs, kNoSandbox, told);
    Judgement judgement;
    judgement.left_out = options_.left_out;
    Record& record = judgement.record;
    record = empty_record(program, inputs);
    record.left_out = options_.left_out;
    record.provenance = {surroundings.compiler, "", host_architecture(), "", !sandbox_.works()};
    if (const auto failure = make(program, inputs, *tool, places, judgement); !failure.empty()) {
      judgement.diagnostics.push_back(
          {.code = Code::kEnvironment, .span = places.whole_program(), .message = failure});
      record.verdict = Verdict::kFailed;
    }
    add(std::move(judgement.diagnostics), told);
    add(standing_warnings(program, record, places), told);
    if (record.verdict != Verdict::kFailed && record.left_out.empty()) {
      if (auto stored = cache_.store(record); !stored.ok()) {
        told.push_back(
            {.code = Code::kEnvironment, .span = places.whole_program(), .message = stored.error()});
      }
    }
    return std::move(record);
  }

  Standing standing(const Program& program) {
    const LanguageRow& row = row_of(program.language);
    const auto tool = toolchain_.find(row.tool);
    return {describe_inputs(program, surroundings_of(row, tool), files_),
            what_is_missing(program, row, tool)};
  }

  /// One warning for each thing that is missing, however many programs need it.
  void report_missing() {
    if (const auto problem = sandbox_.problem()) report_no_sandbox(*problem);
    for (const std::string& what : missing_) {
      if (what == kNoSandbox) continue;
      report({.code = Code::kNoCompiler,
              .severity = Severity::kWarning,
              .span = {},
              .message = what + "; programs that need it are replayed from records or skipped"});
    }
  }

 private:
  void report_no_sandbox(const std::string& problem) {
    const bool trusted = sandbox_.may_run();
    report({.code = Code::kNoSandbox,
            .severity = Severity::kWarning,
            .span = {},
            .message = fmt::format("bubblewrap does not work here ({}), so programs {}", problem,
                                   trusted ? "ran without a sandbox, as --trust allows"
                                           : "were not run; they are replayed from records or skipped"),
            .help = trusted ? "install bubblewrap and let it make namespaces"
                            : "install bubblewrap and let it make namespaces, or run what you trust without "
                              "protection by --trust"});
  }

  // What ran without a sandbox is gathered again as soon as there is one.
  bool counts(const Record& known) { return !known.provenance.without_sandbox || !sandbox_.works(); }

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

  static Record empty_record(const Program& program, const Inputs& inputs) {
    Record record;
    record.id = program.id;
    record.role = program.role;
    record.language = program.language;
    record.inputs = inputs.components;
    record.key = inputs.key;
    return record;
  }

  std::optional<Record> load_cached(const Program& program, const Inputs& inputs) {
    auto known = cache_.load(inputs.key);
    if (!known || !counts(*known)) return std::nullopt;
    known->id = program.id;
    known->inputs = inputs.components;  // the same by their key, with readable values
    return known;
  }

  std::string path_of(const Program& program) const {
    return options_.record_path ? options_.record_path(program) : std::string();
  }

  // The committed record as evidence of the inputs of now: replayed or stale.
  std::optional<Record> load_committed(const Program& program, const Inputs& inputs) {
    const std::string path = path_of(program);
    auto known = path.empty() ? std::nullopt : committed_.find(path, program.id);
    if (!known) return std::nullopt;
    known->stale_components = changed_components(known->inputs, inputs.components);
    known->original = known->verdict;
    known->verdict = known->stale_components.empty() ? Verdict::kReplayed : Verdict::kStale;
    known->role = program.role;
    known->language = program.language;
    return known;
  }

  Record replay(const Program& program, const Inputs& inputs, const std::string& missing,
                std::vector<Diagnostic>& told) {
    {
      const std::lock_guard lock(mutex_);
      missing_.insert(missing);
    }
    auto known = load_committed(program, inputs);
    if (!known) {
      Record record = empty_record(program, inputs);
      record.verdict = Verdict::kSkipped;
      record.reason = missing + " and there is no record";
      return record;
    }
    const PlaceMap places(program, root_, inputs.includes);
    if (known->verdict == Verdict::kReplayed) add(standing_warnings(program, *known, places), told);
    return std::move(*known);
  }

  // The tools of this machine are not even looked for, so that the answer is the same everywhere.
  Record replay_committed(const Program& program, std::vector<Diagnostic>& told) {
    const Inputs inputs = describe_inputs(program, {}, files_);
    const PlaceMap places(program, root_, inputs.includes);
    const std::string path = path_of(program),
                      title = fmt::format("{} `{}`", name_of(program.role), program.id);
    auto known = load_committed(program, inputs);
    if (!known) {
      Record record = empty_record(program, inputs);
      record.verdict = Verdict::kFailed;
      // A file that does not count has been reported.
      if (!committed_.is_bad(path)) {
        told.push_back({.code = Code::kRecordMissing,
                        .span = places.whole_program(),
                        .message = fmt::format("{} has no committed record", title),
                        .help = fmt::format("run `drillpress record` and commit `{}`", path)});
      }
      return record;
    }
    if (known->verdict == Verdict::kReplayed) {
      add(standing_warnings(program, *known, places), told);
      return std::move(*known);
    }
    std::vector<std::string> reasons;
    for (const Change& change : changes(known->inputs, inputs.components))
      reasons.push_back(describe(change));
    told.push_back(
        {.code = Code::kRecordStale,
         .span = places.whole_program(),
         .message = fmt::format("the committed record of {} is stale: {}", title, fmt::join(reasons, ", ")),
         .notes = {{committed_.place(path, program.id), "the record"}},
         .help = fmt::format("run `drillpress record` and commit `{}`", path)});
    return std::move(*known);
  }

  // What is known of a program that was not asked about.
  Record recall(const Program& program) {
    const bool may_use_cache = options_.sources != Sources::kCommitted;
    const Inputs inputs = may_use_cache ? standing(program).inputs : describe_inputs(program, {}, files_);
    if (may_use_cache) {
      if (auto known = load_cached(program, inputs)) return std::move(*known);
    }
    if (auto known = load_committed(program, inputs)) return std::move(*known);
    Record record = empty_record(program, inputs);
    record.verdict = Verdict::kSkipped;
    record.reason = "it was not asked for, and there is no record";
    return record;
  }

  // Builds, runs and judges. Gives back why the environment failed, or nothing.
  std::string make(const Program& program, const Inputs& inputs, const InstalledTool& tool,
                   const PlaceMap& places, Judgement& judgement) {
    const auto build = build_program(program, inputs, tool, places, shop_);
    if (!build.ok()) return build.error();
    if (!judge_build(program, build.value(), places, judgement)) return {};
    const bool on_engine = row_of(program.language).needs_engine;
    if (on_engine) judgement.record.provenance.engine = engine_name(shop_.engine_hash);
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

  void report(Diagnostic diagnostic) { sink_.report(std::move(diagnostic)); }

  static void add(std::vector<Diagnostic> diagnostics, std::vector<Diagnostic>& told) {
    for (Diagnostic& diagnostic : diagnostics) told.push_back(std::move(diagnostic));
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

std::vector<Standing> describe_standing(const std::vector<Program>& programs, const Options& options) {
  diagnostics::Sink unused;  // nothing is judged here
  Gathering gathering(options, unused);
  std::vector<Standing> out;
  for (const Program& program : programs) out.push_back(gathering.standing(program));
  return out;
}

std::vector<Record> gather(const std::vector<Program>& programs, const Options& options,
                           diagnostics::Sink& sink, Findings* findings) {
  std::vector<Record> records(programs.size());
  Findings told(programs.size());
  if (programs.empty()) return records;
  Gathering gathering(options, sink);
  {
    const auto wanted_count =
        options.wanted
            ? static_cast<std::size_t>(std::count_if(programs.begin(), programs.end(), options.wanted))
            : programs.size();
    system::Progress progress("Verifying programs", wanted_count, options.quiet);
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < programs.size(); i = next++) {
        records[i] = gathering.gather(programs[i], told[i]);
        if (!options.wanted || options.wanted(programs[i])) progress.step(programs[i].id);
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
  for (const auto& diagnostics : told) {
    for (const Diagnostic& diagnostic : diagnostics) sink.report(diagnostic);
  }
  if (findings != nullptr) *findings = std::move(told);
  return records;
}

}  // namespace drillpress::drill
