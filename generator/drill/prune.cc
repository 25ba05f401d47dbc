#include "drill/prune.h"

#include <set>

#include "system/files.h"

namespace drillpress::drill {
namespace {

// Removes the files of a folder whose names without what follows the first dot are in use by nobody.
base::Result<std::size_t> sweep(const std::string& folder, const std::set<std::string>& used, bool pretend,
                                std::uint64_t& bytes) {
  std::size_t removed = 0;
  if (!system::is_folder(folder)) return removed;
  const auto entries = system::list_tree(folder, folder);
  if (!entries.ok()) return base::Failure{entries.error()};
  std::set<std::string> names;
  for (const system::Entry& entry : entries.value()) {
    const std::string name = entry.path.substr(0, entry.path.find('.'));
    if (entry.kind != system::EntryKind::kFile || used.contains(name)) continue;
    if (!pretend) {
      if (auto done = system::remove_tree(folder + "/" + entry.path); !done.ok())
        return base::Failure{done.error()};
    }
    bytes += entry.size_bytes;
    names.insert(name);
  }
  return names.size();
}

}  // namespace

base::Result<Pruned> prune_cache(const std::vector<Program>& programs, const Options& options, bool pretend) {
  Pruned out;
  std::set<std::string> keys, binary_keys;
  for (const Standing& standing : describe_standing(programs, options)) {
    if (!standing.missing.empty()) {
      out.kept_because = standing.missing;
      return out;
    }
    keys.insert(standing.inputs.key);
    binary_keys.insert(standing.inputs.binary_key);
  }
  const std::string cache = options.cache_dir.empty() ? options.root + "/.drillpress" : options.cache_dir;
  auto records = sweep(cache + "/records", keys, pretend, out.bytes);
  if (!records.ok()) return base::Failure{records.error()};
  auto binaries = sweep(cache + "/binaries", binary_keys, pretend, out.bytes);
  if (!binaries.ok()) return base::Failure{binaries.error()};
  out.records = records.value();
  out.binaries = binaries.value();
  return out;
}

}  // namespace drillpress::drill
