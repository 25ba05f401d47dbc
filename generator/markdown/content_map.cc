#include "markdown/content_map.h"

#include <algorithm>

#include "base/text.h"

namespace drillpress::markdown {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view trim_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n\f\v");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

std::string_view trim_start(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool same_bytes(std::string_view content, std::string_view line) {
  // The block parser is given a space for a NUL byte (see cmark_parser.cc).
  return std::equal(content.begin(), content.end(), line.begin(), line.end(),
                    [](char a, char b) { return a == b || (a == ' ' && b == '\0'); });
}

// Column (from 0) at which a line of block text lies in a line of the file: it is what follows the container
// markers. A lazy continuation line keeps its indentation, so blanks at its front do not matter.
std::optional<std::size_t> column_of(std::string_view content_line, std::string_view file_line) {
  const std::string_view wanted = trim_end(trim_start(content_line));
  const std::string_view shown = trim_end(file_line);
  if (wanted.size() > shown.size()) return std::nullopt;
  const std::size_t column = shown.size() - wanted.size();
  if (!same_bytes(wanted, shown.substr(column))) return std::nullopt;
  const std::string_view before = shown.substr(0, column);
  if (container_prefix(before) != before.size()) return std::nullopt;
  return column;
}

std::optional<Located> locate_from(const BodyLines& lines, const std::vector<std::string_view>& content,
                                   int first_line) {
  Located found{{}, first_line, first_line + static_cast<int>(content.size()) - 1};
  if (first_line < 1 || found.last_line > lines.count()) return std::nullopt;
  std::size_t content_begin = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const int number = first_line + static_cast<int>(i);
    const auto column = column_of(content[i], lines.line(number));
    if (!column) return std::nullopt;
    const std::size_t indent = content[i].size() - trim_start(content[i]).size();
    const std::size_t file_begin = lines.extent(number).begin + *column;
    found.map.add(content_begin, file_begin - std::min(indent, *column));
    if (indent > 0) found.map.add(content_begin + indent, file_begin);
    content_begin += content[i].size() + 1;
  }
  return found;
}

bool is_setext_underline(std::string_view line) {
  const std::string_view text =
      base::trim(line.substr(std::min(line.size(), line.find_first_not_of(" \t>"))));
  return !text.empty() && (text[0] == '=' || text[0] == '-') &&
         text.find_first_not_of(text[0]) == std::string_view::npos;
}

}  // namespace

void ContentMap::add(std::size_t content_begin, std::size_t file_begin) {
  pieces_.push_back({content_begin, file_begin});
}

std::size_t ContentMap::file_offset(std::size_t content_offset) const {
  const auto after =
      std::upper_bound(pieces_.begin(), pieces_.end(), content_offset,
                       [](std::size_t offset, const Piece& p) { return offset < p.content_begin; });
  if (after == pieces_.begin()) return 0;
  const Piece& piece = *std::prev(after);
  return piece.file_begin + (content_offset - piece.content_begin);
}

Extent ContentMap::extent(std::size_t begin, std::size_t end) const {
  const std::size_t from = file_offset(begin);
  // A tab may have become more blanks than it takes bytes, hence not past the place of what follows.
  return {from, end > begin ? std::max(from, std::min(file_offset(end - 1) + 1, file_offset(end))) : from};
}

std::optional<Located> locate_ending_at(const BodyLines& lines, std::string_view content, int last_line) {
  const auto split = base::split_lines(content);
  return locate_from(lines, split, last_line - static_cast<int>(split.size()) + 1);
}

std::optional<Located> locate_setext(const BodyLines& lines, std::string_view content, int first_line,
                                     int last_line) {
  const auto split = base::split_lines(content);
  for (int first = first_line; first <= last_line; ++first) {
    if (!is_setext_underline(lines.line(first + static_cast<int>(split.size())))) continue;
    if (auto found = locate_from(lines, split, first)) return found;
  }
  return std::nullopt;
}

std::optional<Located> locate_atx(const BodyLines& lines, std::string_view content, int line, int column) {
  const std::size_t begin = lines.offset(line, column) - lines.extent(line).begin;
  const std::string_view text = lines.line(line).substr(begin);
  const std::size_t marks = std::min(text.find_first_not_of('#'), text.size());
  if (marks == 0 || marks > 6) return std::nullopt;
  if (marks < text.size() && kBlank.find(text[marks]) == std::string_view::npos) return std::nullopt;
  const std::size_t start = std::min(text.find_first_not_of(kBlank, marks), text.size());
  if (!same_bytes(content, text.substr(start, content.size()))) return std::nullopt;
  Located found{{}, line, line};
  found.map.add(0, lines.extent(line).begin + begin + start);
  return found;
}

std::vector<ContentMap> locate_cells(const BodyLines& lines, int line, std::size_t begin) {
  const std::string_view text = lines.line(line);
  const std::size_t line_begin = lines.extent(line).begin;
  std::vector<ContentMap> cells;
  std::size_t at = std::min(text.find_first_not_of(kBlank, begin), text.size());
  if (at < text.size() && text[at] == '|') ++at;
  while (at < text.size()) {
    // A pipe after a backslash belongs to the cell, and the cell's text has only the pipe.
    std::size_t from = std::min(text.find_first_not_of(kBlank, at), text.size());
    ContentMap map;
    map.add(0, line_begin + from);
    std::size_t content = 0;
    for (at = from; at < text.size() && text[at] != '|'; ++at, ++content) {
      if (text.compare(at, 2, "\\|") != 0) continue;
      ++at;
      map.add(content, line_begin + at);
    }
    cells.push_back(std::move(map));
    ++at;
  }
  return cells;
}

std::vector<std::size_t> locate_code(const BodyLines& lines, std::string_view literal, int first_line) {
  std::vector<std::size_t> offsets;
  int number = first_line;
  for (const std::string_view line : base::split_lines(literal)) {
    const Extent at = lines.extent(number);
    const std::string_view shown = lines.line(number);
    std::string_view tail = line;
    // A tab that a list or quote used in part was replaced by spaces: find the rest of the line.
    while (!tail.empty() &&
           (tail.size() > shown.size() || !same_bytes(tail, shown.substr(shown.size() - tail.size()))))
      tail.remove_prefix(1);
    offsets.push_back(at.end - tail.size() - std::min(line.size() - tail.size(), shown.size() - tail.size()));
    ++number;
  }
  return offsets;
}

}  // namespace drillpress::markdown
