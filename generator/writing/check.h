// What `drillpress check` asks of the writing of a site: parts, evidence, sentences, spelling.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/sink.h"
#include "model/reference.h"

namespace drillpress::writing {

/// Guides have every part that the table in parts.cc names.
void check_parts(const model::Page& page, diagnostics::Sink& sink);

/// A statement about pay or process in a guide has an `{{ evidence … }}` in its paragraph; one in a table or
/// a list there or in a neighbouring block.
void check_claims(const model::Page& page, diagnostics::Sink& sink);

/// Warns of sentences of more than kMostSentenceWords words and paragraphs of more than kMostParagraphWords.
void check_sentences(const model::Page& page, diagnostics::Sink& sink);
inline constexpr std::size_t kMostSentenceWords = 45;
inline constexpr std::size_t kMostParagraphWords = 180;

/// What spelling needs of its surroundings.
struct SpellingOptions {
  base::SourcePtr dictionary;  ///< the site's own words, one a line, sorted; may be null
  std::string hunspell;        ///< path of the program; empty: not there, which is a warning
};

/// Reports each word of prose that neither hunspell's British dictionary nor the site's knows, once a page,
/// and entries of the site's dictionary that are out of order or that no page uses. One process for all
/// pages.
void check_spelling(const model::Registry& registry, const SpellingOptions& options, diagnostics::Sink& sink);

}  // namespace drillpress::writing
