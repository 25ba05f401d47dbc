// Ids of headings and list items: checked when written, generated when not.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "markdown/document.h"

namespace drillpress::markdown {

/// Reports ids given twice and gives every heading without one a unique id made from its text.
void assign_ids(std::vector<Node>& nodes, diagnostics::Sink& sink);

/// HTML id of one use of a footnote; the footnote itself is `fn-NUMBER`.
std::string footnote_reference_id(int number, int occurrence);

/// Text of a subtree without markup (see Document's plain_text).
std::string plain_text(const std::vector<Node>& nodes, NodeId id);

/// An image's description: what it would read without markup, nested images by their description.
std::string image_description(const Document& document, NodeId id);

}  // namespace drillpress::markdown
