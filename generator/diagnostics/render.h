// Diagnostics as text for people and as JSON for tools.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"

namespace drillpress::diagnostics {

struct TextStyle {
  bool colour = false;  ///< ANSI colours; only for a terminal
};

/// `path:line:column: error: message [code]`, the line with the span underlined, notes and help.
std::string render_text(const Diagnostic& diagnostic, TextStyle style = {});

/// All of them as a JSON array (two-space indentation, sorted keys, final newline).
std::string render_json(const std::vector<Diagnostic>& diagnostics);

}  // namespace drillpress::diagnostics
