#include "cli/commands.h"

#include <filesystem>

namespace drillpress::cli {

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

std::vector<Argument> with_site_options(SiteOptions& options, const std::vector<Argument>& rest) {
  std::vector<Argument> all = {
      {"--root",
       &options.root,
       "folder of the site: content/, and if there templates/, drills/, site/",
       {.value = "DIR", .shows_default = true}},
      {"--cache", &options.cache, "where results are kept between runs [ROOT/.drillpress]", {.value = "DIR"}},
      {"--tools",
       &options.tools,
       "where nvcc, g++ and python3 are, and nowhere else [PATH, then the CUDA Toolkit]",
       {.value = "DIR"}},
      {"-j,--jobs",
       &options.jobs,
       "how much to do at once [one per core]",
       {.value = "N", .range = Range{1, 1024}}},
      {"--format",
       &options.format,
       "text for people, json for tools",
       {.shows_default = true, .one_of = {"text", "json"}}},
      {"-q,--quiet", &options.quiet, "no progress and no summary"},
  };
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

Argument trust_flag(SiteOptions& options) {
  return {"--trust", &options.trust, "run programs without protection where bubblewrap does not work"};
}

int run_command_line(int argc, const char* const* argv) {
  const Program program = {
      .name = "drillpress",
      .version = "0.1.0",
      .brief = "Builds static sites whose code examples really ran.",
      .commands = {build_command(), verify_command(), check_command(), run_command(), record_command(),
                   records_command(), accept_command(), emulate_command(), new_command(), explain_command()},
      .footer = "Exit status: 0 clean, 1 mistakes in the content, 2 wrong usage, 3 the environment failed.",
  };
  return run_program(program, argc, argv);
}

}  // namespace drillpress::cli
