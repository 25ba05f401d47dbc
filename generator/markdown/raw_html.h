// Raw HTML is not allowed in pages: finds the first tag and says what to write instead.
#pragma once

#include <string_view>

#include "diagnostics/sink.h"
#include "markdown/content_map.h"

namespace drillpress::markdown {

/// Reports the first thing in `html` that is not a comment. `begin` is the position of `html` in the text
/// that `map` maps. Comments alone report nothing and give false.
bool report_raw_html(std::string_view html, std::size_t begin, const ContentMap& map,
                     const base::SourcePtr& source, diagnostics::Sink& sink);

}  // namespace drillpress::markdown
