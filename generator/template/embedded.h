// The built-in templates and site files, which the build compiles into the program.
#pragma once

#include <string_view>
#include <vector>

namespace drillpress::templating {

struct EmbeddedFile {
  std::string_view path;   ///< relative to the repository: "templates/guide.html", "site/assets/base.css"
  std::string_view bytes;  ///< lives as long as the program
};

/// Every file of `templates/` and `site/`, sorted by path.
const std::vector<EmbeddedFile>& embedded_files();

/// One of them by its path, or nullptr.
const EmbeddedFile* find_embedded_file(std::string_view path);

}  // namespace drillpress::templating
