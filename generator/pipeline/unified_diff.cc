#include "pipeline/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "highlight/line_diff.h"

namespace drillpress::pipeline {
namespace {

using highlight::DiffRow;
using highlight::LineChange;

constexpr std::size_t kContext = 3;

std::vector<std::string_view> lines_with_ends(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

void append_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

// "3,7": the first line (from 1) and how many; an empty range names the line before it.
std::string range_of(std::size_t first, std::size_t count) {
  const std::size_t shown = count == 0 ? first : first + 1;
  return count == 1 ? fmt::format("{}", shown) : fmt::format("{},{}", shown, count);
}

}  // namespace

std::string render_unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto old_lines = lines_with_ends(before), new_lines = lines_with_ends(after);
  const std::vector<DiffRow> rows = highlight::line_diff(before, after);
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", path);
  std::size_t at = 0, old_line = 0, new_line = 0;  // of the rows before `at`
  const auto advance = [&](std::size_t to) {
    for (; at < to; ++at) {
      if (rows[at].change != LineChange::kAdded) ++old_line;
      if (rows[at].change != LineChange::kRemoved) ++new_line;
    }
  };
  // A last line without a line break is another line than the same with one.
  const auto changed = [&](const DiffRow& row) {
    return row.change != LineChange::kSame || old_lines[row.before] != new_lines[row.after];
  };
  while (true) {
    const auto first = static_cast<std::size_t>(
        std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end(), changed) - rows.begin());
    if (first == rows.size()) return out;
    std::size_t last = first;  // of the changes that are near enough to share a hunk
    for (std::size_t i = first; i < rows.size() && i <= last + 2 * kContext; ++i) {
      if (changed(rows[i])) last = i;
    }
    advance(first - std::min(kContext, first - at));
    const std::size_t end = std::min(rows.size(), last + 1 + kContext);
    const std::size_t old_first = old_line, new_first = new_line, begin = at;
    advance(end);
    out += fmt::format("@@ -{} +{} @@\n", range_of(old_first, old_line - old_first),
                       range_of(new_first, new_line - new_first));
    for (std::size_t i = begin; i < end; ++i) {
      const DiffRow& row = rows[i];
      if (!changed(row)) {
        append_line(out, ' ', old_lines[row.before]);
        continue;
      }
      if (row.change != LineChange::kAdded) append_line(out, '-', old_lines[row.before]);
      if (row.change != LineChange::kRemoved) append_line(out, '+', new_lines[row.after]);
    }
  }
}

}  // namespace drillpress::pipeline
