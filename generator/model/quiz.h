// Readiness quizzes: `content/quizzes/*.yaml`, questions with options of which each says why it is right or
// wrong.
#pragma once

#include <string>
#include <vector>

#include "model/front_matter.h"

namespace drillpress::model {

/// A quiz with fewer questions says too little about readiness to be published.
inline constexpr std::size_t kFewestQuizItems = 40;
inline constexpr std::size_t kFewestQuizOptions = 3, kMostQuizOptions = 5;

/// Fields of a quiz's file.
const std::vector<Field>& quiz_fields();

/// What the table of fields cannot say: item ids are given once, options are few and one is right, texts hold
/// nothing but words, code and emphasis, and there are enough questions.
void check_quiz(const FrontMatter& quiz, diagnostics::Sink& sink);

/// Id of an item on the quiz's page.
std::string quiz_anchor(const FrontMatter& item);

/// Reports as `bad-field` a text that is more than one paragraph of words, code spans and emphasis.
void check_inline_text(const Named& text, std::string_view field, diagnostics::Sink& sink);

}  // namespace drillpress::model
