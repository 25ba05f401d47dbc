#include "pipeline/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "pipeline/parallel.h"
#include "system/files.h"

namespace drillpress::pipeline {
namespace {

namespace fs = std::filesystem;

// Every built site has these two; a folder with both may be replaced.
constexpr std::string_view kMarks[] = {"ledger.json", "api/index.json"};

base::Status check_target(const fs::path& root, const fs::path& out) {
  std::error_code error;
  const fs::path inside = root.lexically_relative(out);
  if (!inside.empty() && *inside.begin() != "..") {
    return base::Failure{fmt::format(
        "the output folder `{}` holds the site's sources; choose another with --out", out.string())};
  }
  if (!fs::exists(out, error)) return base::Done{};
  if (!fs::is_directory(out, error)) {
    return base::Failure{fmt::format("the output `{}` exists and is not a folder", out.string())};
  }
  if (fs::is_empty(out, error)) return base::Done{};
  for (const std::string_view mark : kMarks) {
    if (!fs::exists(out / mark, error)) {
      return base::Failure{
          fmt::format("`{}` is not empty and is not a site that drillpress built; it would be replaced, "
                      "so choose another folder with --out or empty it",
                      out.string())};
    }
  }
  return base::Done{};
}

}  // namespace

base::Status write_site(const std::vector<Artifact>& artifacts, const std::string& root,
                        const std::string& out, unsigned jobs) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(out, error);
  if (auto status = check_target(fs::weakly_canonical(root, error), target); !status.ok()) return status;
  const std::string fresh = fmt::format("{}.new-{}", target.string(), ::getpid());
  system::remove_tree(fresh);
  if (auto status = system::make_folders(fresh); !status.ok()) return status;

  std::set<std::string> folders;
  for (const Artifact& artifact : artifacts) {
    const std::string parent = fs::path(artifact.path).parent_path().generic_string();
    if (!parent.empty()) folders.insert(parent);
  }
  base::Status status = base::Done{};
  for (const std::string& folder : folders) {
    if (status.ok()) status = system::make_folders(fresh + "/" + folder);
  }
  if (status.ok()) {
    std::vector<base::Status> written(artifacts.size(), base::Status(base::Done{}));
    for_each_index(artifacts.size(), jobs, [&](std::size_t i) {
      written[i] = system::write_file(fresh + "/" + artifacts[i].path, artifacts[i].bytes);
    });
    for (const base::Status& one : written) {
      if (status.ok() && !one.ok()) status = one;
    }
  }
  if (status.ok()) status = system::swap_in_folder(fresh, target.string());
  if (!status.ok()) system::remove_tree(fresh);
  return status;
}

}  // namespace drillpress::pipeline
