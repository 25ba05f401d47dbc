// The parts of a program that readers see: named anchors and hidden lines, marked by comments in the code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drillpress::pipeline {

/// One visible line and its 1-based number in the whole program.
struct CodeLine {
  std::size_t number;
  std::string_view text;
};

/// Lines without markers (`// [name]`, `// [/name]`, `#` for Python) and without what stands between
/// `[hidden]` and
/// `[/hidden]`. With an anchor, only what stands between its markers; nothing when there is no such anchor.
std::optional<std::vector<CodeLine>> visible_lines(std::string_view code, std::string_view anchor = {});

/// The same as text, each line ended by a line break.
std::optional<std::string> visible_code(std::string_view code, std::string_view anchor = {});

/// Names of the anchors in the code, in order.
std::vector<std::string> anchor_names(std::string_view code);

}  // namespace drillpress::pipeline
