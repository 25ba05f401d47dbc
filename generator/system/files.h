// Reading and writing files so that nothing is ever half written and nothing outside the root is followed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace drillpress::system {

/// Whole content of a regular file. Fails with a reason for people; `max_bytes` 0 means unlimited.
base::Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes = 0);

/// Writes beside the target, then renames over it. Parent folders are made.
base::Status write_file_atomically(const std::string& path, std::string_view bytes);

/// Writes where a user asks for it: a file as write_file_atomically does, at the end of symbolic links; into a
/// device or pipe what a stream would get, for to replace /dev/null or /dev/stdout would harm the whole machine.
base::Status write_wherever(const std::string& path, std::string_view bytes);

/// Writes in place (for fresh output folders that are swapped in later). Parent folders must exist.
base::Status write_file(const std::string& path, std::string_view bytes);

/// Copies content and permissions to a file that does not exist yet.
base::Status copy_file(const std::string& from, const std::string& to);

enum class EntryKind { kFile, kFolder, kSymlinkInside, kSymlinkOutside, kOther };

struct Entry {
  std::string path;  ///< relative to the listed folder, forward slashes
  EntryKind kind;
  std::uint64_t size_bytes = 0;  ///< of files
};

/// Everything below `folder`, sorted by path, without following symbolic links. A link is judged against
/// `root`: inside or outside of it (a dangling link counts as outside). Names that begin with a dot are left
/// out.
base::Result<std::vector<Entry>> list_tree(const std::string& folder, const std::string& root);

/// What stands at a path below `root`, judged as by list_tree; a link among the folders on the way counts as
/// well. Nothing when there is nothing.
std::optional<EntryKind> kind_of(const std::string& path, const std::string& root);

bool exists(const std::string& path);
bool is_folder(const std::string& path);
base::Status make_folders(const std::string& path);
base::Status remove_tree(const std::string& path);

/// Makes `fresh` the folder at `target` in one step: whoever looks sees the old or the new one, never a
/// mixture. The old one is removed afterwards. `fresh` must be on the same file system.
base::Status swap_in_folder(const std::string& fresh, const std::string& target);

/// Folder of our own executable, without a final slash.
std::string executable_folder();

}  // namespace drillpress::system
