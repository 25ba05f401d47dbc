// The commands of the executable: one declarative table that feeds the parser and every --help.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/build.h"

namespace CLI {
class App;
}

namespace drillpress::cli {

/// Exit status of the executable.
enum ExitStatus : int {
  kClean = 0,
  kContentErrors = 1,
  kUsageError = 2,
  kEnvironmentError = 3,
};

/// Options that every command about a site shares.
struct SiteOptions {
  std::string root = ".";
  std::string out;
  std::string cache;
  std::vector<std::string> tools;
  unsigned jobs = 0;
  std::string format = "text";
  bool quiet = false;
  bool trust = false;

  bool json() const { return format == "json"; }
  /// The same for the pipeline, with absolute paths.
  pipeline::BuildOptions build_options() const;
};

/// One command: adds its options to the parser and gives the function that runs it (returning an exit
/// status).
struct Command {
  std::string_view name;
  std::string_view brief;
  std::function<int()> (*declare)(CLI::App& app);
};

const std::vector<Command>& all_commands();

/// Parses the command line and runs the command.
int run_command_line(int argc, const char* const* argv);

/// Adds --root, -j, --format and their like.
void add_site_options(CLI::App& app, SiteOptions& options);

/// Adds --trust, for commands that run programs.
void add_trust_option(CLI::App& app, SiteOptions& options);

std::function<int()> declare_build(CLI::App& app);
std::function<int()> declare_check(CLI::App& app);
std::function<int()> declare_verify(CLI::App& app);
std::function<int()> declare_run(CLI::App& app);
std::function<int()> declare_record(CLI::App& app);
std::function<int()> declare_records(CLI::App& app);
std::function<int()> declare_accept(CLI::App& app);
std::function<int()> declare_emulate(CLI::App& app);
std::function<int()> declare_new(CLI::App& app);
std::function<int()> declare_explain(CLI::App& app);

}  // namespace drillpress::cli
