#include "markdown/alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace drillpress::markdown {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string in_capitals(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  return out;
}

}  // namespace

std::optional<AlertMarker> find_alert(cmark_node* block_quote) {
  cmark_node* paragraph = cmark_node_first_child(block_quote);
  if (!paragraph || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH) return std::nullopt;
  cmark_node* first = cmark_node_first_child(paragraph);
  if (!first || cmark_node_get_type(first) != CMARK_NODE_TEXT) return std::nullopt;
  const std::string_view text = literal_of(first);
  const std::size_t close = text.find(']');
  if (text.substr(0, 2) != "[!" || close == std::string_view::npos || close == 2) return std::nullopt;

  AlertMarker marker;
  marker.word = text.substr(2, close - 2);
  if (!std::all_of(marker.word.begin(), marker.word.end(), is_letter)) return std::nullopt;
  std::transform(marker.word.begin(), marker.word.end(), std::back_inserter(marker.kind), lower);
  cmark_node* next = cmark_node_next(first);
  const bool line_ends = !next || cmark_node_get_type(next) == CMARK_NODE_SOFTBREAK ||
                         cmark_node_get_type(next) == CMARK_NODE_LINEBREAK;
  marker.alone = line_ends && base::trim(text.substr(close + 1)).empty();
  marker.last = next ? next : first;
  marker.known = marker.alone && std::any_of(std::begin(kAlertKinds), std::end(kAlertKinds),
                                             [&](const AlertKind& row) { return row.name == marker.kind; });
  return marker;
}

void check_alert(const AlertMarker& marker, const ContentMap& map, Conversion& conversion) {
  if (marker.known || map.empty()) return;
  std::vector<std::string> names;
  for (const AlertKind& row : kAlertKinds) names.push_back(in_capitals(row.name));
  const Extent word = map.extent(2, 2 + marker.word.size());
  if (std::find(names.begin(), names.end(), in_capitals(marker.word)) != names.end()) {
    conversion.report(diagnostics::Code::kUnknownAlert, {word.begin - 2, word.end + 1},
                      fmt::format("`[!{}]` must stand alone on its line", marker.word),
                      "put the text on the next `>` line");
    return;
  }
  const auto nearest = base::nearest(in_capitals(marker.word), names);
  conversion.report(diagnostics::Code::kUnknownAlert, word,
                    fmt::format("unknown kind of callout `{}`", marker.word),
                    nearest ? fmt::format("replace `{}` with `{}`", marker.word, *nearest)
                            : fmt::format("use one of {}", fmt::join(names, ", ")));
}

}  // namespace drillpress::markdown
