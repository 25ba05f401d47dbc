#include <algorithm>

#include "highlight/highlight.h"

namespace drillpress::highlight {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

void append_token(std::string& out, std::string_view text, TokenClass token_class) {
  if (text.empty()) return;
  const std::string_view css = info(token_class).css;
  if (css.empty()) return append_escaped(out, text);
  out += "<span class=\"tok-";
  out += css;
  out += "\">";
  append_escaped(out, text);
  out += "</span>";
}

}  // namespace

std::vector<std::string> render_lines(std::string_view language, std::string_view text) {
  std::vector<std::string> lines;
  std::string line;
  for (const Classified& token : highlight(language, text)) {
    std::size_t at = token.begin;
    while (at < token.end) {
      const std::size_t end = std::min<std::size_t>(text.find('\n', at), token.end);
      std::string_view part = text.substr(at, end - at);
      const bool line_ends = end < token.end;
      const bool break_follows = end < text.size() && text[end] == '\n';
      if (break_follows && !part.empty() && part.back() == '\r') part.remove_suffix(1);
      append_token(line, part, token.token_class);
      if (line_ends) {
        lines.push_back(std::move(line));
        line.clear();
      }
      at = end + 1;
    }
  }
  if (!text.empty() && text.back() != '\n') lines.push_back(std::move(line));
  return lines;
}

}  // namespace drillpress::highlight
