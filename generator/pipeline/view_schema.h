// What each template receives: the contract between the generator and `templates/`.
#pragma once

#include "template/schema.h"

namespace drillpress::pipeline {

/// Every template that the generator renders, with the names and types it may use. Rules that hold
/// throughout:
/// - Text is already worded and formatted for people; templates decide nothing but how it looks.
/// - A `url` in `site` is relative to the site's root and is written after `page.root`; every other `url` is
/// ready
///   for `href` on that page.
/// - `kind` of a verdict is one of verdict_kinds().
const templating::Schema& view_schema();

/// The verdicts that styles and icons know: the `kind` of a verdict view, with the words for a badge.
struct VerdictKind {
  std::string_view kind;   ///< also the suffix of its CSS class and icon
  std::string_view label;  ///< the usual badge text
};
const std::vector<VerdictKind>& verdict_kinds();

}  // namespace drillpress::pipeline
