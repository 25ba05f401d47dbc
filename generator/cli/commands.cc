#include "cli/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "cli/evidence_options.h"

namespace drillpress::cli {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = {
      {"build", "check, run and verify everything, and build the site", declare_build},
      {"verify", "check, compile, run and verify everything or some of it; writes no site", declare_verify},
      {"check", "report every mistake in the sources; runs nothing, writes nothing", declare_check},
      {"run", "run a drill, one of its programs or a page's snippet, and show the evidence", declare_run},
      {"record", "write the committed records of what ran and was verified here", declare_record},
      {"records", "list the committed records and what has changed since; take away what is out of use",
       declare_records},
      {"accept", "show how `output` blocks differ from what their programs print, and rewrite them",
       declare_accept},
      {"emulate", "run any CUDA program on the lockstep engine, without a GPU", declare_emulate},
      {"new", "begin a guide, card, checklist, page or drill that passes the checks", declare_new},
      {"explain", "what a diagnostic means, or why a program's evidence is what it is", declare_explain},
  };
  return commands;
}

pipeline::BuildOptions SiteOptions::build_options() const {
  std::error_code error;
  const auto absolute = [&](const std::string& path) {
    return path.empty() ? path
                        : std::filesystem::weakly_canonical(std::filesystem::absolute(path), error).string();
  };
  pipeline::BuildOptions options;
  options.root = absolute(root);
  options.out = out.empty() ? options.root + "/public" : absolute(out);
  options.cache_dir = cache.empty() ? options.root + "/.drillpress" : absolute(cache);
  for (const std::string& folder : tools) options.tool_folders.push_back(absolute(folder));
  options.jobs = jobs;
  options.quiet = quiet;
  options.trust = trust;
  return options;
}

void add_site_options(CLI::App& app, SiteOptions& options) {
  app.add_option("--root", options.root,
                 "folder of the site: content/, and if there templates/, drills/, site/")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--cache", options.cache, "where results are kept between runs [ROOT/.drillpress]")
      ->type_name("DIR");
  app.add_option("--tools", options.tools,
                 "where nvcc, g++ and python3 are, and nowhere else [PATH, then the CUDA Toolkit]")
      ->type_name("DIR");
  app.add_option("-j,--jobs", options.jobs, "how much to do at once [one per core]")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  app.add_option("--format", options.format, "text for people, json for tools")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_flag("-q,--quiet", options.quiet, "no progress and no summary");
}

void add_trust_option(CLI::App& app, SiteOptions& options) {
  app.add_flag("--trust", options.trust, "run programs without protection where bubblewrap does not work");
}

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Builds static sites whose code examples really ran.", "drillpress");
  app.set_version_flag("--version", "drillpress 0.1.0");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer("Exit status: 0 clean, 1 mistakes in the content, 2 wrong usage, 3 the environment failed.");
  std::vector<std::pair<CLI::App*, std::function<int()>>> declared;
  for (const Command& command : all_commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.brief));
    declared.emplace_back(sub, command.declare(*sub));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == 0;  // --help and --version
    app.exit(error);
    return asked ? kClean : kUsageError;
  }
  for (const auto& [sub, run] : declared) {
    if (!sub->parsed()) continue;
    const std::string contradiction = find_contradiction(*sub);
    if (contradiction.empty()) return run();
    fmt::print(stderr, "error: {}\n", contradiction);
    return kUsageError;
  }
  return kUsageError;
}

}  // namespace drillpress::cli
