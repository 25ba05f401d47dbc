#include <fmt/format.h>

#include <string_view>

#include "writing/check.h"
#include "writing/prose.h"

namespace drillpress::writing {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// A sentence ends at `.`, `!` or `?`, and closing quotes or brackets, before a blank; `e.g. x` does not end
// one where a lower-case letter follows.
bool ends_sentence(const std::string& text, std::size_t at) {
  if (text[at] != '.' && text[at] != '!' && text[at] != '?') return false;
  std::size_t next = at + 1;
  while (next < text.size() && (text[next] == '"' || text[next] == ')' || text[next] == '\'')) ++next;
  if (next == text.size()) return true;
  if (!is_blank(text[next])) return false;
  while (next < text.size() && is_blank(text[next])) ++next;
  return next == text.size() || text[next] < 'a' || text[next] > 'z';
}

std::size_t count_words(const std::string& text, std::size_t begin, std::size_t end) {
  std::size_t words = 0;
  for (std::size_t at = begin; at < end; ++at) {
    if (!is_blank(text[at]) && (at == begin || is_blank(text[at - 1]))) ++words;
  }
  return words;
}

void warn(const model::Page& page, const Prose& prose, std::size_t begin, std::size_t end,
          std::string message, std::string help, diagnostics::Sink& sink) {
  while (begin < end && is_blank(prose.text[begin])) ++begin;
  sink.report({diagnostics::Code::kLongSentence,
               diagnostics::Severity::kWarning,
               prose.span(page.document, begin, std::min(end, begin + 40)),
               std::move(message),
               {},
               std::move(help)});
}

// Entries with dots between them: nobody reads such a paragraph from end to end.
bool is_list(const std::string& text) {
  constexpr std::string_view kDot = " ·";
  std::size_t dots = 0;
  for (std::size_t at = text.find(kDot); at != std::string::npos; at = text.find(kDot, at + 1)) ++dots;
  return dots > 1;
}

}  // namespace

void check_sentences(const model::Page& page, diagnostics::Sink& sink) {
  for (const Prose& prose : prose_of(page.document)) {
    if (page.document.node(prose.block).kind != markdown::Kind::kParagraph || is_list(prose.text)) continue;
    const std::size_t words = count_words(prose.text, 0, prose.text.size());
    if (words > kMostParagraphWords) {
      warn(page, prose, 0, prose.text.size(), fmt::format("this paragraph has {} words", words),
           fmt::format("make two of it: more than {} are hard to read", kMostParagraphWords), sink);
    }
    std::size_t begin = 0;
    for (std::size_t at = 0; at < prose.text.size(); ++at) {
      if (!ends_sentence(prose.text, at) && at + 1 < prose.text.size()) continue;
      const std::size_t count = count_words(prose.text, begin, at + 1);
      if (count > kMostSentenceWords) {
        warn(page, prose, begin, at + 1, fmt::format("this sentence has {} words", count),
             fmt::format("make two of it: more than {} are hard to read", kMostSentenceWords), sink);
      }
      begin = at + 1;
    }
  }
}

}  // namespace drillpress::writing
