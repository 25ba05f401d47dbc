// The built site as values, and their way to the disk: all or nothing.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace drillpress::pipeline {

/// One file of the built site.
struct Artifact {
  std::string path;  ///< relative to the output folder, forward slashes
  std::string bytes;
};

/// Writes the artifacts into a fresh folder beside `out` and swaps it in. On any failure `out` is as it was.
/// Refuses to replace a folder that is neither empty nor a site built before, and one that holds `root`.
base::Status write_site(const std::vector<Artifact>& artifacts, const std::string& root,
                        const std::string& out, unsigned jobs);

}  // namespace drillpress::pipeline
