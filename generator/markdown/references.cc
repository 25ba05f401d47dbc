#include "markdown/references.h"

#include <fmt/format.h>

#include "base/text.h"
#include "markdown/cmark_parser.h"
#include "markdown/content_map.h"
#include "markdown/link_syntax.h"

namespace drillpress::markdown {
namespace {

// Lines that follow each other, without their container markers.
struct Run {
  std::string text;
  ContentMap map;
};

// Markers before a definition are never `[…]`: that is the definition itself.
std::size_t prefix_length(std::string_view line) {
  std::size_t bracket = line.find('[');
  if (bracket == std::string_view::npos) bracket = line.size();
  return container_prefix(line.substr(0, bracket));
}

std::vector<Run> uncovered_runs(const BodyLines& lines, const std::vector<bool>& covered) {
  std::vector<Run> runs;
  bool open = false;
  for (int number = 1; number <= lines.count(); ++number) {
    const std::string_view line = lines.line(number);
    const std::size_t prefix = prefix_length(line);
    if (covered[static_cast<std::size_t>(number)] || prefix == line.size()) {
      open = false;
      continue;
    }
    if (!open) runs.emplace_back();
    open = true;
    runs.back().map.add(runs.back().text.size(), lines.extent(number).begin + prefix);
    runs.back().text += std::string(line.substr(prefix)) + "\n";
  }
  return runs;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at < text.size() && text[at] == '\n' ? at : std::string_view::npos;
}

struct Scanned {
  Definition definition;
  std::size_t end = 0;
};

std::optional<Scanned> scan_definition(const Run& run, std::size_t begin) {
  const std::string_view text = run.text;
  const auto label = scan_label(text, begin);
  if (!label || text.compare(label->end, 2, "]:") != 0) return std::nullopt;
  const auto destination = scan_destination(text, skip_link_space(text, label->end + 2));
  if (!destination || destination->end == destination->inner.begin) return std::nullopt;
  std::size_t written_end = destination->end;
  std::size_t end = line_end(text, written_end);
  // The title is part of the definition only if nothing follows it on its line.
  if (const auto title = scan_title(text, skip_link_space(text, destination->end))) {
    const std::size_t title_line_end = line_end(text, *title);
    if (title_line_end != std::string_view::npos) {
      written_end = *title;
      end = title_line_end;
    }
  }
  if (end == std::string_view::npos) return std::nullopt;
  const Extent inner = destination->inner;
  return Scanned{{normalised_label(text.substr(label->begin, label->end - label->begin)),
                  run.map.extent(begin, written_end), run.map.extent(inner.begin, inner.end),
                  unescape(text.substr(inner.begin, inner.end - inner.begin))},
                 end};
}

}  // namespace

std::vector<Definition> find_definitions(const BodyLines& lines, const std::vector<bool>& covered) {
  std::vector<Definition> found;
  for (const Run& run : uncovered_runs(lines, covered)) {
    for (std::size_t at = 0; at < run.text.size();) {
      auto scanned = scan_definition(run, at);
      at = run.text.find('\n', scanned ? scanned->end : at) + 1;
      if (scanned) found.push_back(std::move(scanned->definition));
    }
  }
  return found;
}

void report_unused_footnotes(const BodyLines& lines, const std::vector<bool>& covered,
                             diagnostics::Sink& sink) {
  for (int number = 1; number <= lines.count(); ++number) {
    if (covered[static_cast<std::size_t>(number)]) continue;
    const std::string_view line = lines.line(number);
    const std::size_t prefix = prefix_length(line);
    const auto label = scan_label(line, prefix);
    if (!label || line[label->begin] != '^' || line.compare(label->end, 2, "]:") != 0) continue;
    const std::size_t begin = lines.extent(number).begin;
    const std::string name(line.substr(label->begin + 1, label->end - label->begin - 1));
    sink.report({diagnostics::Code::kUnusedFootnote,
                 diagnostics::Severity::kWarning,
                 lines.span({begin + prefix, begin + label->end + 1}),
                 fmt::format("footnote `{}` is never referred to, so it is not shown", name),
                 {},
                 fmt::format("write `[^{}]` where it belongs, or remove it", name)});
  }
}

}  // namespace drillpress::markdown
