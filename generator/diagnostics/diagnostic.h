// What went wrong with an author's input, where, and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "base/source.h"
#include "diagnostics/code.h"

namespace drillpress::diagnostics {

enum class Severity { kError, kWarning };

/// A related place ("first defined here").
struct Note {
  base::Span span;
  std::string message;
};

/// One finding. The message is lower case, without a final full stop, with names between backticks.
/// `span.source == nullptr` is allowed only for findings about the whole site.
struct Diagnostic {
  Code code;
  Severity severity = Severity::kError;
  base::Span span;
  std::string message;
  std::vector<Note> notes = {};
  std::string help = {};  ///< what to do; empty when the message says it already
};

}  // namespace drillpress::diagnostics
