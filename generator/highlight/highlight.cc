#include "highlight/highlight.h"

#include "highlight/syntax.h"

namespace drillpress::highlight {

std::vector<Classified> highlight(std::string_view language, std::string_view text) {
  Spans spans(text.size());
  const Language* found = find_language(language);
  found ? found->lex(*found, text, spans) : spans.upto(text.size(), TokenClass::kText);
  return spans.take();
}

std::vector<std::string> language_names() {
  std::vector<std::string> names;
  for (const Language& language : all_languages()) names.emplace_back(language.names[0]);
  return names;
}

bool is_known_language(std::string_view name) {
  return find_language(name) != nullptr;
}

}  // namespace drillpress::highlight
