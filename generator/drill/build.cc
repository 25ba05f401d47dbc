#include "drill/build.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "drill/workspace.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::drill {
namespace {

constexpr std::uint64_t kMaxCompilerOutputBytes = 8u << 20;
constexpr std::uint64_t kMaxCompilerBytes = 4ull << 30;
constexpr std::uint64_t kMaxCompilerFileBytes = 512u << 20;
constexpr std::uint64_t kMaxCompilerScratchBytes = 1u << 30;

// Where the compiler's folder lies: the source in view/, the site's files that it includes in view/site/, and
// what comes out in view/out/.
struct Desk {
  std::string view;  // outside
  std::string site() const { return view + "/site"; }
  std::string out() const { return view + "/out"; }
};

// The compiler's whole environment: where its own parts are, and where its scratch files go.
std::map<std::string, std::string> compiler_environment(const std::vector<std::string>& executables,
                                                        const std::string& scratch) {
  std::string path;
  for (const std::string& executable : executables)
    path += std::filesystem::path(executable).parent_path().string() + ":";
  return {{"LC_ALL", "C"}, {"TMPDIR", scratch}, {"PATH", path + "/usr/bin:/bin"}};
}

// The compiler sees its own installation and the desk; names in `argv` are relative to the desk's `below`.
base::Result<system::ProcessOutcome> run_compiler(std::vector<std::string> argv, const Desk& desk,
                                                  const std::string& below, const Workshop& workshop) {
  std::vector<std::string> executables = {argv[0]};
  // nvcc leaves host code to the host's compiler.
  if (const auto host = workshop.toolchain.find(Tool::kHostCompiler)) executables.push_back(host->path);
  system::ProcessRequest request;
  request.argv = std::move(argv);
  request.limits.timeout_ms = static_cast<std::int64_t>(workshop.compile_timeout_s * 1000);
  request.limits.max_output_bytes = kMaxCompilerOutputBytes;
  request.limits.max_family_bytes = kMaxCompilerBytes;
  request.limits.max_file_bytes = kMaxCompilerFileBytes;
  if (!workshop.sandbox.works()) {
    request.directory = desk.view + below;
    request.environment = compiler_environment(executables, desk.out());
    return system::run_process(request);
  }
  const std::string inside = std::string(SandboxView::kScratch) + "/desk";
  SandboxView view;
  view.scratch_bytes = kMaxCompilerScratchBytes;
  view.mounts = {{desk.view, inside, SandboxMount::Access::kOwned},
                 {desk.out(), inside + "/out", SandboxMount::Access::kWritable}};
  for (const std::string& executable : executables) {
    for (SandboxMount& mount : installation_of(executable)) view.mounts.push_back(std::move(mount));
  }
  request.directory = inside + below;
  request.environment = compiler_environment(executables, "/tmp");
  return workshop.sandbox.run(std::move(request), view);
}

// In words for people; empty when the compiler was not stopped.
std::string why_stopped(const system::ProcessOutcome& outcome, const Workshop& workshop) {
  if (!outcome.exceeded) return {};
  switch (*outcome.exceeded) {
    case system::Limit::kTime:
      return fmt::format("the compiler did not end within {} s", workshop.compile_timeout_s);
    case system::Limit::kMemory:
      return fmt::format("the compiler used more than {} GiB of memory", kMaxCompilerBytes >> 30);
    case system::Limit::kOutput:
      return fmt::format("the compiler wrote more than {} MiB of messages", kMaxCompilerOutputBytes >> 20);
    case system::Limit::kThreads:
      return "the compiler started too many processes";
  }
  return {};
}

base::Status write_included_files(const Inputs& inputs, const Desk& desk) {
  for (const base::SourcePtr& file : inputs.includes) {
    const std::string path = desk.site() + "/" + file->path();
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (auto made = system::make_folders(folder); !made.ok()) return made;
    if (auto written = system::write_file(path, file->text()); !written.ok()) return written;
  }
  return base::Done{};
}

void finish(Build& build, const std::string& why_stopped, const Program& program, const PlaceMap& places) {
  build.messages = row_of(program.language).compiled ? parse_compiler_output(build.output, places)
                                                     : parse_traceback(build.output, places);
  build.kernels = parse_ptxas_report(build.output);
  if (build.succeeded) return;
  if (!why_stopped.empty()) build.messages.insert(build.messages.begin(), {true, {}, 0, why_stopped, {}});
  for (const CompilerMessage& message : build.messages) {
    if (message.error) return;
  }
  // A failure that says nothing we understand still needs its reason: the last line that says anything.
  std::string last = "the compiler failed and said nothing";
  for (const std::string_view line : base::split_lines(build.output)) {
    if (!base::trim(line).empty()) last = std::string(base::trim(line));
  }
  build.messages.push_back({true, {}, 0, last, {}});
}

base::Result<Build> check_syntax(const Program& program, const InstalledTool& tool, const PlaceMap& places,
                                 const Desk& desk, const Workshop& workshop) {
  const std::string name(row_of(program.language).file_name);
  const std::string check = fmt::format("compile(open('{0}', encoding='utf-8').read(), '{0}', 'exec')", name);
  auto outcome = run_compiler({tool.path, "-s", "-B", "-c", check}, desk, "", workshop);
  if (!outcome.ok()) return base::Failure{outcome.error()};
  Build build;
  build.succeeded = outcome.value().succeeded();
  build.output = outcome.value().err + outcome.value().out;
  finish(build, why_stopped(outcome.value(), workshop), program, places);
  return build;
}

}  // namespace

base::Result<Build> build_program(const Program& program, const Inputs& inputs, const InstalledTool& tool,
                                  const PlaceMap& places, const Workshop& workshop) {
  const LanguageRow& row = row_of(program.language);
  const std::string kept = workshop.cache_dir + "/binaries/" + inputs.binary_key;
  if (row.compiled) {
    // The log is put in place first, so a binary is never without it.
    auto log =
        system::exists(kept) ? system::read_file(kept + ".log") : base::Result<std::string>(base::Failure{});
    if (log.ok()) {
      Build build{true, kept, {}, {}, std::move(log).value()};
      finish(build, "", program, places);
      return build;
    }
  }

  auto folder = TemporaryFolder::make(workshop.cache_dir);
  if (!folder.ok()) return base::Failure{folder.error()};
  const Desk desk{folder.value().path() + "/view"};
  for (const std::string& made : {desk.site(), desk.out()}) {
    if (auto status = system::make_folders(made); !status.ok()) return base::Failure{status.error()};
  }
  // The compiler is told the same name everywhere, so that messages, line tables and __FILE__ depend on no
  // folder.
  const std::string head = row.compiled ? fmt::format("#line 1 \"{}\"\n", row.file_name) : "";
  if (auto status = system::write_file(desk.view + "/" + std::string(row.file_name), head + program.code);
      !status.ok()) {
    return base::Failure{status.error()};
  }
  if (!row.compiled) return check_syntax(program, tool, places, desk, workshop);

  // The files that the key was made of, and no others: what is not among them cannot be included.
  if (auto status = write_included_files(inputs, desk); !status.ok()) return base::Failure{status.error()};
  std::vector<std::string> argv = {tool.path};
  for (std::string& flag : compiler_flags(program, workshop.gpu ? workshop.gpu->architecture : "")) {
    argv.push_back(std::move(flag));
  }
  argv.insert(argv.end(), {"-o", "../out/program", "../" + std::string(row.file_name)});
  auto outcome = run_compiler(argv, desk, "/site", workshop);
  if (!outcome.ok()) return base::Failure{outcome.error()};
  const std::string binary = desk.out() + "/program";
  Build build;
  build.succeeded = outcome.value().succeeded() && system::exists(binary);
  const std::string said = base::replace_all(outcome.value().err + outcome.value().out, "../out/", "");
  build.output = base::replace_all(said, "../" + std::string(row.file_name), row.file_name);
  finish(build, why_stopped(outcome.value(), workshop), program, places);
  if (!build.succeeded) return build;

  if (auto status = system::write_file_atomically(kept + ".log", build.output); !status.ok()) {
    return base::Failure{status.error()};
  }
  if (std::rename(binary.c_str(), kept.c_str()) != 0) {
    return base::Failure{fmt::format("cannot put a binary into `{}/binaries`", workshop.cache_dir)};
  }
  build.binary = kept;
  return build;
}

}  // namespace drillpress::drill
