#include <algorithm>

#include "highlight/syntax.h"

namespace drillpress::highlight {
namespace {

using C = TokenClass;

struct DiffPrefix {
  std::string_view prefix;
  C token_class;
};

// The first that matches decides; headers come before the signs they begin with.
constexpr DiffPrefix kPrefixes[] = {
    {"+++ ", C::kKeyword},   {"--- ", C::kKeyword},          {"@@", C::kHunk},    {"diff ", C::kKeyword},
    {"index ", C::kComment}, {"\\ No newline", C::kComment}, {"+", C::kInserted}, {"-", C::kDeleted},
};

}  // namespace

void lex_diff(const Language&, std::string_view text, Spans& spans) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const auto* row = std::find_if(std::begin(kPrefixes), std::end(kPrefixes), [line](const DiffPrefix& p) {
      return line.substr(0, p.prefix.size()) == p.prefix;
    });
    spans.upto(end, row == std::end(kPrefixes) ? C::kText : row->token_class);
    at = std::min(end + 1, text.size());
    spans.upto(at, C::kText);
  }
}

void lex_plain(const Language&, std::string_view text, Spans& spans) {
  spans.upto(text.size(), C::kText);
}

}  // namespace drillpress::highlight
