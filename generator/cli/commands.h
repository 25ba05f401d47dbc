// The commands of the executable, and the options that all of those about a site share.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "pipeline/build.h"

namespace drillpress::cli {

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

/// --root, -j, --format and their like, then the rest.
std::vector<Argument> with_site_options(SiteOptions& options, const std::vector<Argument>& rest);

/// --trust, for commands that run programs.
Argument trust_flag(SiteOptions& options);

Command build_command();
Command verify_command();
Command check_command();
Command run_command();
Command record_command();
Command records_command();
Command accept_command();
Command emulate_command();
Command new_command();
Command explain_command();

/// Parses the command line and runs the command.
int run_command_line(int argc, const char* const* argv);

}  // namespace drillpress::cli
