#include "markdown/formula.h"

namespace drillpress::markdown {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The first `mark` behind `from` that no backslash escapes.
std::size_t find_unescaped(std::string_view text, std::string_view mark, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text.substr(at, mark.size()) == mark) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool has_text(std::string_view inner) {
  return inner.find_first_not_of(" \t\n") != std::string_view::npos;
}

std::size_t display_length(std::string_view text) {
  const std::size_t close = find_unescaped(text, "$$", 2);
  if (close == std::string_view::npos || !has_text(text.substr(2, close - 2))) return 0;
  return close + 2;
}

std::size_t ticked_length(std::string_view text) {
  const std::size_t close = text.find("`$", 2);
  if (close == std::string_view::npos || !has_text(text.substr(2, close - 2))) return 0;
  return close + 2;
}

std::size_t inline_length(std::string_view text) {
  if (text.size() < 3 || is_blank(text[1])) return 0;
  const std::size_t close = find_unescaped(text, "$", 1);
  if (close == std::string_view::npos || is_blank(text[close - 1])) return 0;
  if (close + 1 < text.size() && (is_digit(text[close + 1]) || text[close + 1] == '$')) return 0;
  // A backtick is no TeX: the two `$` belong to prices or to code around it.
  return text.substr(0, close).find('`') == std::string_view::npos ? close + 1 : 0;
}

FormulaText read(std::string_view text, std::size_t begin, std::size_t end,
                 const std::function<std::size_t(std::size_t)>& offset_of) {
  FormulaText out;
  bool gap = true;  // before the next character of TeX stood a blank, or nothing
  for (std::size_t at = begin; at < end; ++at) {
    if (is_blank(text[at])) {
      gap = true;
      continue;
    }
    if (gap) {
      if (!out.tex.empty()) out.tex += ' ';
      out.formula.places.push_back({out.tex.size(), offset_of(at)});
      gap = false;
    }
    out.tex += text[at];
  }
  return out;
}

}  // namespace

std::size_t formula_length(std::string_view text, char before) {
  text = text.substr(0, kMaxFormulaBytes);
  if (is_word(before) || before == '$' || text.size() < 3) return 0;
  if (text[1] == '$') return display_length(text);
  if (text[1] == '`') return ticked_length(text);
  return inline_length(text);
}

FormulaText read_formula(std::string_view written, const std::function<std::size_t(std::size_t)>& offset_of) {
  const std::size_t mark = written[1] == '$' || written[1] == '`' ? 2 : 1;
  FormulaText out = read(written, mark, written.size() - mark, offset_of);
  out.formula.display = written[1] == '$';
  return out;
}

FormulaText read_formula_block(std::string_view body,
                               const std::function<std::size_t(std::size_t)>& offset_of) {
  FormulaText out = read(body, 0, body.size(), offset_of);
  out.formula.display = out.formula.block = true;
  return out;
}

}  // namespace drillpress::markdown
