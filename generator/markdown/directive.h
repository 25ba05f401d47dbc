// The project's inline syntax: directives `{{ name argument "quoted" }}` and ids `{#name}`.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/sink.h"
#include "markdown/content_map.h"
#include "markdown/document.h"

namespace drillpress::markdown {

/// A directive is at most this long, so that text full of `{{` is still read in linear time.
inline constexpr std::size_t kMaxDirectiveBytes = 1000;

/// Length of the directive or id at the front of `text` (which begins with `{`); 0 when there is none or it
/// does not end.
std::size_t brace_construct_length(std::string_view text);

/// Whether the text, which begins with `{{`, would be a directive if that might be longer.
bool is_long_directive(std::string_view text);

/// An id that begins with a letter.
bool is_directive_name(std::string_view word);

/// Parses `{{ … }}` that lies at `begin` of a block's text; mistakes in it go to the sink.
Directive parse_directive(std::string_view written, std::size_t begin, const ContentMap& map,
                          const base::SourcePtr& source, diagnostics::Sink& sink);

/// Ids are `[a-z0-9-]`, so that they can be typed, linked and stored without escaping.
bool is_valid_id(std::string_view id);

}  // namespace drillpress::markdown
