#include "drill/build.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>

#include "base/text.h"
#include "drill/workspace.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::drill {
namespace {

constexpr std::int64_t kCompileTimeoutMs = 300'000;
constexpr std::uint64_t kMaxCompilerOutputBytes = 8u << 20;

// The compiler's whole environment: where its own parts are, and where its scratch files go.
std::map<std::string, std::string> compiler_environment(const std::string& scratch) {
  const auto ours = system::current_environment();
  std::map<std::string, std::string> out = {{"LC_ALL", "C"}, {"TMPDIR", scratch}};
  if (const auto path = ours.find("PATH"); path != ours.end()) out["PATH"] = path->second;
  return out;
}

// The compiler sees the site, its own installation, and its scratch folder.
base::Result<system::ProcessOutcome> run_compiler(std::vector<std::string> argv, const std::string& directory,
                                                  const std::string& scratch, const Workshop& workshop) {
  std::vector<SandboxFolder> folders = {{workshop.root, workshop.root}};
  std::vector<std::string> executables = {argv[0]};
  // nvcc leaves host code to the host's compiler.
  if (const auto host = workshop.toolchain.find(Tool::kHostCompiler)) executables.push_back(host->path);
  for (const std::string& executable : executables) {
    const std::string installation = installation_folder(executable);
    if (!installation.empty()) folders.push_back({installation, installation});
  }
  folders.push_back({scratch, scratch, true});
  system::ProcessRequest request;
  request.argv = std::move(argv);
  request.directory = directory;
  request.environment = compiler_environment(scratch);
  request.limits.timeout_ms = kCompileTimeoutMs;
  request.limits.max_output_bytes = kMaxCompilerOutputBytes;
  return workshop.sandbox.run(std::move(request), folders);
}

void finish(Build& build, const Program& program, const PlaceMap& places) {
  build.messages = row_of(program.language).compiled ? parse_compiler_output(build.output, places)
                                                     : parse_traceback(build.output, places);
  build.kernels = parse_ptxas_report(build.output);
  if (build.succeeded) return;
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
                                 const std::string& folder, const Workshop& workshop) {
  const std::string name(row_of(program.language).file_name);
  const std::string check = fmt::format("compile(open('{0}', encoding='utf-8').read(), '{0}', 'exec')", name);
  auto outcome = run_compiler({tool.path, "-s", "-B", "-c", check}, folder, folder, workshop);
  if (!outcome.ok()) return base::Failure{outcome.error()};
  Build build;
  build.succeeded = outcome.value().succeeded();
  build.output = outcome.value().err + outcome.value().out;
  finish(build, program, places);
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
      finish(build, program, places);
      return build;
    }
  }

  auto folder = TemporaryFolder::make(workshop.cache_dir);
  if (!folder.ok()) return base::Failure{folder.error()};
  const std::string& scratch = folder.value().path();
  const std::string source = scratch + "/" + std::string(row.file_name), binary = scratch + "/program";
  // The compiler is told the same name everywhere, so that messages, line tables and __FILE__ depend on no
  // folder.
  const std::string head = row.compiled ? fmt::format("#line 1 \"{}\"\n", row.file_name) : "";
  if (auto status = system::write_file(source, head + program.code); !status.ok())
    return base::Failure{status.error()};
  if (!row.compiled) return check_syntax(program, tool, places, scratch, workshop);

  std::vector<std::string> argv = {tool.path};
  for (std::string& flag : compiler_flags(program, workshop.gpu ? workshop.gpu->architecture : "")) {
    argv.push_back(std::move(flag));
  }
  argv.insert(argv.end(), {"-o", binary, source});
  auto outcome = run_compiler(argv, workshop.root, scratch, workshop);
  if (!outcome.ok()) return base::Failure{outcome.error()};
  Build build;
  build.succeeded = outcome.value().succeeded() && system::exists(binary);
  build.output = base::replace_all(outcome.value().err + outcome.value().out, scratch + "/", "");
  if (outcome.value().timed_out) build.output += "the compiler did not end within 300 s\n";
  finish(build, program, places);
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
