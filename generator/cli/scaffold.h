// The files with which a new page or drill begins.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"

namespace drillpress::cli {

struct ScaffoldFile {
  std::string path;  ///< relative to the site's root
  std::string text;
};

/// Files that pass `drillpress check` (and, for a drill, `drillpress run`) as they are. None for quizzes, which need forty items before they pass.
std::vector<ScaffoldFile> scaffold(model::PageKind kind, std::string_view slug);

}  // namespace drillpress::cli
