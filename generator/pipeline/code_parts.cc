#include "pipeline/code_parts.h"

#include <algorithm>

#include "base/text.h"

namespace drillpress::pipeline {
namespace {

constexpr std::string_view kHidden = "hidden";

struct Marker {
  std::string_view name;
  bool closes;
};

// `// [name]` or `# [/name]`, alone on its line.
std::optional<Marker> parse_marker(std::string_view line) {
  line = base::trim(line);
  if (line.starts_with("//")) {
    line.remove_prefix(2);
  } else if (line.starts_with("#")) {
    line.remove_prefix(1);
  } else {
    return std::nullopt;
  }
  line = base::trim(line);
  if (line.size() < 3 || line.front() != '[' || line.back() != ']') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  const bool closes = line.starts_with('/');
  if (closes) line.remove_prefix(1);
  const bool is_name = !line.empty() && std::all_of(line.begin(), line.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return is_name ? std::optional(Marker{line, closes}) : std::nullopt;
}

}  // namespace

std::optional<std::vector<CodeLine>> visible_lines(std::string_view code, std::string_view anchor) {
  std::vector<CodeLine> lines;
  bool hidden = false, inside = anchor.empty(), found = anchor.empty();
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(code)) {
    ++number;
    if (const auto marker = parse_marker(line)) {
      if (marker->name == kHidden) hidden = !marker->closes;
      if (!anchor.empty() && marker->name == anchor) {
        inside = !marker->closes;
        found = true;
      }
      continue;
    }
    if (inside && !hidden) lines.push_back({number, line});
  }
  if (!found) return std::nullopt;
  while (!lines.empty() && base::trim(lines.front().text).empty()) lines.erase(lines.begin());
  while (!lines.empty() && base::trim(lines.back().text).empty()) lines.pop_back();
  return lines;
}

std::optional<std::string> visible_code(std::string_view code, std::string_view anchor) {
  const auto lines = visible_lines(code, anchor);
  if (!lines) return std::nullopt;
  std::string text;
  for (const CodeLine& line : *lines) {
    text += line.text;
    text += '\n';
  }
  return text;
}

std::vector<std::string> anchor_names(std::string_view code) {
  std::vector<std::string> names;
  for (const std::string_view line : base::split_lines(code)) {
    const auto marker = parse_marker(line);
    if (marker && !marker->closes && marker->name != kHidden) names.emplace_back(marker->name);
  }
  return names;
}

}  // namespace drillpress::pipeline
