// Sample values for every page kind: rich enough to reach every branch of the templates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "template/value.h"

namespace drillpress::test {

struct SamplePage {
  std::string template_name;
  std::string path;  ///< where a site would write it
  templating::Map view;
};

/// The view of `partials/snippet.html`.
templating::Map sample_snippet();

/// One of each template of the schema; the bodies of guides and cards contain the rendered snippet.
std::vector<SamplePage> sample_pages(const std::string& rendered_snippet);

/// The names that only a drill page has.
templating::Map sample_drill();
/// The names that only a quiz page has.
templating::Map sample_quiz();
/// The names that only a scorecard page has.
templating::Map sample_scorecard();

// Pieces that both files of samples use.
templating::Map verdict(std::string kind, std::string label, std::string detail = "");
templating::Map fact(std::string label, std::string value);
templating::Map section_body(std::string id, std::string title, std::string body);
templating::Map content_link(std::string kind, std::string id, std::string title, std::string description,
                             templating::List facts);
templating::Map comparison();
templating::Map picture();
/// Escaped code with spans around some words, as the highlighter gives it.
templating::Html code(std::string_view text);
/// One word of each token class, so that contrast is looked at for all of them.
templating::Html every_token();

}  // namespace drillpress::test
