#include "markdown/link_syntax.h"

namespace drillpress::markdown {
namespace {

constexpr std::size_t kMaxLabel = 1000;

// Length of the character at `at`, a backslash escape counting as one.
std::size_t step(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && is_escapable(text[at + 1]) ? 2 : 1;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

}  // namespace

bool is_escapable(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

std::size_t skip_link_space(std::string_view text, std::size_t at) {
  at = skip_blanks(text, at);
  return at < text.size() && text[at] == '\n' ? skip_blanks(text, at + 1) : at;
}

std::optional<Destination> scan_destination(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  if (at < text.size() && text[at] == '<') {
    for (++at; at < text.size(); at += step(text, at)) {
      if (text[at] == '>') return Destination{{begin + 1, at}, at + 1};
      if (text[at] == '<' || text[at] == '\n') break;
    }
    return std::nullopt;
  }
  std::size_t depth = 0;
  for (; at < text.size(); at += step(text, at)) {
    const char c = text[at];
    if (c == '(') ++depth;
    if (c == ')' && depth-- == 0) break;
    if (c >= '\0' && c <= ' ') break;
  }
  return Destination{{begin, at}, at};
}

std::optional<std::size_t> scan_title(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  const char open = text[at];
  if (open != '"' && open != '\'' && open != '(') return std::nullopt;
  const char close = open == '(' ? ')' : open;
  for (++at; at < text.size(); at += step(text, at)) {
    if (text[at] == close) return at + 1;
    if (open == '(' && text[at] == '(') return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Extent> scan_label(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '[') return std::nullopt;
  const std::size_t begin = ++at;
  for (; at < text.size() && at - begin <= kMaxLabel; at += step(text, at)) {
    if (text[at] == ']') return Extent{begin, at};
    if (text[at] == '[') return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace drillpress::markdown
