// The first line of a fenced code block: language and attributes.
#pragma once

#include "diagnostics/sink.h"
#include "markdown/body_lines.h"
#include "markdown/document.h"

namespace drillpress::markdown {

/// Fills the attributes of `block` from an info string at `extent` of the file, whose first word is the
/// language. An attribute is `key` or `key=value`; a value is a word or `"…"` with `\"` and `\\` inside.
void parse_info(const base::SourcePtr& source, Extent extent, diagnostics::Sink& sink, CodeBlock& block);

}  // namespace drillpress::markdown
