// Markdown source to Document: CommonMark with GitHub's tables, task lists, strikethrough, autolinks,
// footnotes and alerts, and this project's ids `{#id}` and directives `{{ name … }}`.
#pragma once

#include <cstddef>

#include "base/source.h"
#include "diagnostics/sink.h"
#include "markdown/document.h"

namespace drillpress::markdown {

struct ParseOptions {
  /// Keep raw HTML as nodes instead of reporting it. For the conformance suites only: pages may not contain
  /// any.
  bool allow_raw_html = false;
  /// Without it, plain CommonMark: no GitHub extensions, no alerts, ids or directives.
  bool extensions = true;
};

/// Parses the part of the file from `body_offset` (which must begin a line) to its end. Author mistakes go to
/// the sink; the document is complete and can be rendered whatever was reported. Safe to call from several
/// threads.
Document parse_document(base::SourcePtr source, std::size_t body_offset, diagnostics::Sink& sink,
                        ParseOptions options = {});

}  // namespace drillpress::markdown
