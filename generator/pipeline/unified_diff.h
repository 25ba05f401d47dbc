// Two versions of a text file as a unified diff.
#pragma once

#include <string>
#include <string_view>

namespace drillpress::pipeline {

/// Hunks with three lines around each change, as `patch` takes them ("\ No newline at end of file" included).
/// Empty when the versions are the same.
std::string render_unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace drillpress::pipeline
