// Documents as the search sees them: plain text in parts that a result can lead to.
#pragma once

#include <string>
#include <vector>

#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// What stands under one heading of the second or third level.
struct SearchPart {
  std::string anchor;  ///< id on the page; empty for the page itself
  std::string heading;
  std::string text;     ///< prose with the values of citations; no code blocks
  std::string symbols;  ///< identifiers of code blocks that somebody may look for, each once
};

/// Parts of a page's body, in order, those with nothing but a heading among them; what stands before the
/// first heading has no anchor and is left out when it is empty.
std::vector<SearchPart> search_parts(const SiteModel& site, const model::Page& page);

/// Identifiers of a program that are names of something: with an underscore, a digit or a capital inside.
/// Sorted, each once, separated by spaces.
std::string search_symbols(std::string_view code);

}  // namespace drillpress::pipeline
