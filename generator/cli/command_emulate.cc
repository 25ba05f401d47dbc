// `drillpress emulate`: runs any CUDA program with the engine in place of the CUDA runtime.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/elf.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::cli {
namespace {

constexpr std::string_view kRuntime = "libcudart.so.13";

// One option of the command and the environment variable of the engine it sets.
struct EngineOption {
  std::string_view flag, variable, value, meaning;
};
constexpr EngineOption kEngineOptions[] = {
    {"--check", "DRILLPRESS_CHECK", "LIST",
     "memcheck, synccheck, racecheck, initcheck, leak, all or none, separated by commas "
     "[memcheck,synccheck]"},
    {"--counters", "DRILLPRESS_COUNTERS", "FILE", "write the counters of every launch as JSON"},
    {"--findings", "DRILLPRESS_FINDINGS", "FILE", "write findings and refusals as JSON"},
    {"--device", "DRILLPRESS_DEVICE", "LIST",
     "a100, h100, h200, rtx4090 or t4, then memory=, heap=, sms=, capability= to change it"},
    {"--threads", "DRILLPRESS_THREADS", "N", "host threads; results do not depend on it"},
    {"--schedule", "DRILLPRESS_SCHEDULE", "ORDER", "forward, reverse, random or random:SEED"},
    {"--limit-instructions", "DRILLPRESS_LIMIT_INSTRUCTIONS", "N",
     "stop a launch after so many warp instructions"},
    {"--timeout", "DRILLPRESS_TIMEOUT", "S", "stop a launch after so many seconds [600]; 0: never"},
    {"--trace", "DRILLPRESS_TRACE", "PLACE",
     "FILE:LINE@BLOCK.WARP: write the addresses of that warp's accesses there into the counters file"},
    {"--watch", "DRILLPRESS_WATCH", "ADDRESS", "report who stores into ADDRESS or ADDRESS:BYTES"},
    {"--poison", "DRILLPRESS_POISON", "BYTE", "fill fresh device memory with it instead of zeros"},
};

struct EmulateCommand {
  std::map<std::string, std::string> values;  // by variable
  std::vector<std::string> program;
};

int refuse(const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return kEnvironmentError;
}

constexpr std::string_view kRebuild =
    "nvcc -cudart shared -gencode arch=compute_90,code=compute_90 -lineinfo";

// Why the program would not run on the engine, or nothing: what only its file can tell, before it starts.
// Scripts and programs without device code of their own are none of our business; they may start others.
std::string unfit(const std::string& path) {
  const auto bytes = system::read_file(path);
  if (!bytes.ok() || !bytes.value().starts_with("\x7f"
                                                "ELF"))
    return "";
  const auto libraries = needed_libraries(bytes.value());
  if (!libraries) return fmt::format("`{}` is no 64-bit program", path);
  const auto needs = [&](std::string_view prefix) {
    return std::any_of(libraries->begin(), libraries->end(),
                       [&](const std::string& name) { return name.starts_with(prefix); });
  };
  if (needs("libcuda.so")) {
    return fmt::format("`{}` uses the driver API (libcuda.so), which the engine does not have", path);
  }
  if (const std::string library = called_gpu_library(bytes.value(), *libraries); !library.empty()) {
    return fmt::format(
        "`{}` calls {}, whose machine code only a GPU runs; the engine executes what nvcc compiled from "
        "source",
        path, library);
  }
  const bool device_code = bytes.value().find(".nv_fatbin") != std::string::npos ||
                           bytes.value().find("__nv_relfatbin") != std::string::npos;
  if (needs(kRuntime) || !device_code) return "";
  if (needs("libcudart.so")) {
    return fmt::format(
        "`{}` is linked with another version of the CUDA runtime than {}; rebuild it with CUDA 13: {}", path,
        kRuntime, kRebuild);
  }
  return fmt::format("`{}` is not linked with the shared runtime {}; rebuild it: {}", path, kRuntime,
                     kRebuild);
}

int emulate(const EmulateCommand& command) {
  const std::string engine = system::executable_folder() + "/../lib/drillpress";
  if (!system::exists(engine + "/" + std::string(kRuntime))) {
    return refuse(
        fmt::format("the engine `{}/{}` is missing; build the target cudart_dropin", engine, kRuntime));
  }
  std::string path = command.program.front();
  if (path.find('/') == std::string::npos) path = system::find_program(path);
  if (path.empty() || !system::exists(path))
    return refuse(fmt::format("cannot find the program `{}`", command.program.front()));
  if (::access(path.c_str(), X_OK) != 0) return refuse(fmt::format("`{}` is not executable", path));
  if (const std::string why = unfit(path); !why.empty()) return refuse(why);
  auto environment = system::current_environment();
  for (const auto& [variable, value] : command.values) {
    if (!value.empty()) environment[variable] = value;
  }
  // A kernel that never ends would wait for ever: a device would hang, too, but nobody watches this one.
  environment.try_emplace("DRILLPRESS_TIMEOUT", "600");
  const std::string inherited = environment["LD_LIBRARY_PATH"];
  environment["LD_LIBRARY_PATH"] = inherited.empty() ? engine : engine + ":" + inherited;
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment) entries.push_back(name + "=" + value);
  std::vector<char*> envp, argv;
  for (std::string& entry : entries) envp.push_back(entry.data());
  for (const std::string& argument : command.program) argv.push_back(const_cast<char*>(argument.c_str()));
  envp.push_back(nullptr);
  argv.push_back(nullptr);
  ::execve(path.c_str(), argv.data(), envp.data());
  return refuse(fmt::format("cannot run `{}`: {}", path, std::strerror(errno)));
}

}  // namespace

Command emulate_command() {
  auto command = std::make_shared<EmulateCommand>();
  std::vector<Argument> arguments;
  for (const EngineOption& option : kEngineOptions) {
    arguments.push_back({std::string(option.flag),
                         &command->values[std::string(option.variable)],
                         std::string(option.meaning),
                         {.value = std::string(option.value)}});
  }
  arguments.push_back({"program",
                       &command->program,
                       "the program and its arguments, after --",
                       {.value = "PROGRAM ARGS…", .required = true, .takes_several = true}});
  return {
      .name = "emulate",
      .brief = "run any CUDA program on the lockstep engine, without a GPU",
      .arguments = std::move(arguments),
      .run = [command] { return emulate(*command); },
      .positionals_last = true,
      .footer =
          "The program must be linked with the shared runtime and hold PTX: nvcc -cudart shared -gencode\n"
          "arch=compute_90,code=compute_90 -lineinfo. Exit status: the program's own; 86 when it ended well "
          "but the\n"
          "checkers found something, 87 when the engine had to refuse an instruction or a call, 3 when it "
          "cannot start.",
  };
}

}  // namespace drillpress::cli
