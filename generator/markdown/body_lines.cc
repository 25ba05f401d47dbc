#include "markdown/body_lines.h"

#include <algorithm>

namespace drillpress::markdown {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Length of a list marker (`-`, `12.`) that is followed by a blank or the line's end; 0 when there is none.
std::size_t list_marker(std::string_view text) {
  std::size_t length = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '*')) {
    length = 1;
  } else {
    while (length < text.size() && length < 9 && is_digit(text[length])) ++length;
    if (length == 0 || length == text.size() || (text[length] != '.' && text[length] != ')')) return 0;
    ++length;
  }
  return length == text.size() || is_blank(text[length]) ? length : 0;
}

// Length of `[x]` before a blank, or of `[^label]:`; 0 when there is neither.
std::size_t bracket_marker(std::string_view text) {
  if (text.size() < 3 || text[0] != '[') return 0;
  if (text[1] == '^') {
    const std::size_t close = text.find(']');
    const bool definition =
        close != std::string_view::npos && close + 1 < text.size() && text[close + 1] == ':';
    return definition ? close + 2 : 0;
  }
  const bool box = (is_blank(text[1]) || text[1] == 'x' || text[1] == 'X') && text[2] == ']';
  return box && (text.size() == 3 || is_blank(text[3])) ? 3 : 0;
}

}  // namespace

BodyLines::BodyLines(base::SourcePtr source, std::size_t body_offset) : source_(std::move(source)) {
  const std::string& text = source_->text();
  std::size_t begin = std::min(body_offset, text.size());
  while (begin < text.size()) {
    std::size_t end = text.find_first_of("\r\n", begin);
    if (end == std::string::npos) end = text.size();
    lines_.push_back({begin, end});
    begin = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
  }
}

Extent BodyLines::extent(int number) const {
  if (number < 1 || number > count()) return {source_->text().size(), source_->text().size()};
  return lines_[static_cast<std::size_t>(number) - 1];
}

std::string_view BodyLines::line(int number) const {
  const Extent at = extent(number);
  return std::string_view(source_->text()).substr(at.begin, at.end - at.begin);
}

std::size_t BodyLines::offset(int number, int column) const {
  const Extent at = extent(number);
  return std::min(at.end, at.begin + static_cast<std::size_t>(std::max(column, 1) - 1));
}

std::size_t container_prefix(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size()) {
    const std::string_view rest = line.substr(at);
    std::size_t length = is_blank(rest[0]) || rest[0] == '>' ? 1 : list_marker(rest);
    if (length == 0) length = bracket_marker(rest);
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::size_t container_count(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    const std::size_t length = rest[0] == '>' ? 1 : list_marker(rest);
    if (length > 0) ++count;
    if (length == 0 && !is_blank(rest[0])) break;
    at += std::max<std::size_t>(length, 1);
  }
  return count;
}

}  // namespace drillpress::markdown
