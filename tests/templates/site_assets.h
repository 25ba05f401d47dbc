// Writes a site's assets the way site.yaml describes them, for previews and tests of the built-in site.
#pragma once

#include <string>
#include <vector>

namespace drillpress::test {

struct JoinedParts {
  std::string output;              ///< "assets/site.css"
  std::vector<std::string> parts;  ///< paths below site/
};

/// The `styles:` or `scripts:` block of the built-in site.yaml (its two lines `output:` and `parts: [...]`).
JoinedParts joined_parts(const std::string& block, const std::string& folder, const std::string& extension);

/// The rows of `page_scripts:`, one a line: scripts that only one kind of page loads.
std::vector<JoinedParts> page_scripts();

std::string read_embedded(const std::string& path);
std::string join_parts(const JoinedParts& joined);

}  // namespace drillpress::test
