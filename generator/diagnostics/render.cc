#include "diagnostics/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace drillpress::diagnostics {
namespace {

constexpr std::size_t kShownColumns = 160;

struct Paint {
  bool on;
  std::string operator()(std::string_view sequence, std::string_view text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", sequence, text) : std::string(text);
  }
};

// Messages may quote an author's words, and may have several lines.
std::string message_text(std::string_view message) {
  std::string text;
  for (const std::string_view line : base::split_lines(message))
    text += (text.empty() ? "" : "\n") + base::printable(line);
  return text;
}

std::string place(const base::Span& span) {
  if (!span.source) return {};
  const auto at = span.source->position(span.begin);
  return fmt::format("{}:{}:{}: ", base::printable(span.source->path()), at.line, at.column);
}

// The source line with carets under the part of the span that is on it, printable so that the carets stay
// under what they mean and a terminal is sent no commands. Very long lines are cut around the span.
std::string excerpt(const base::Span& span, const Paint& paint) {
  if (!span.source || span.source->text().empty()) return {};
  const auto at = span.source->position(span.begin);
  const std::string_view line = span.source->line(at.line);
  const std::size_t start = span.source->line_start(at.line);
  if (line.empty() && span.begin > start) return {};
  std::size_t from = std::min(span.begin - start, line.size());
  std::size_t to = std::clamp(span.end > start ? span.end - start : 0, from, line.size());

  std::string_view shown = line;
  std::string_view before_mark;
  if (line.size() > kShownColumns) {
    std::size_t left = from > kShownColumns / 2 ? from - kShownColumns / 2 : 0;
    while (left > 0 && (static_cast<unsigned char>(line[left]) & 0xC0U) == 0x80U) --left;
    std::size_t length = std::min(kShownColumns, line.size() - left);
    while (left + length < line.size() &&
           (static_cast<unsigned char>(line[left + length]) & 0xC0U) == 0x80U) {
      ++length;
    }
    shown = line.substr(left, length);
    before_mark = left > 0 ? "…" : "";
    from -= left;
    to = std::min(to - left, shown.size());
  }
  const std::string text = std::string(before_mark) + base::printable(shown);
  const auto width_of = [](std::string_view part) { return base::display_width(base::printable(part)); };
  const std::size_t indent = base::display_width(before_mark) + width_of(shown.substr(0, from));
  const std::size_t width = std::max<std::size_t>(1, width_of(shown.substr(from, to - from)));
  const std::string number = std::to_string(at.line);
  return fmt::format(" {} | {}\n {} | {}{}\n", number, text, std::string(number.size(), ' '),
                     std::string(indent, ' '), paint("1;31", "^" + std::string(width - 1, '~')));
}

nlohmann::json span_json(const base::Span& span) {
  if (!span.source) return nullptr;
  const auto from = span.source->position(span.begin);
  const auto to = span.source->position(std::max(span.begin, span.end));
  return {{"file", span.source->path()},
          {"line", from.line},
          {"column", from.column},
          {"end_line", to.line},
          {"end_column", to.column}};
}

}  // namespace

std::string render_text(const Diagnostic& d, TextStyle style) {
  const Paint paint{style.colour};
  const bool error = d.severity == Severity::kError;
  std::string out = fmt::format("{}{}: {} [{}]\n", paint("1", place(d.span)),
                                paint(error ? "1;31" : "1;33", error ? "error" : "warning"),
                                message_text(d.message), info(d.code).name);
  out += excerpt(d.span, paint);
  for (const Note& note : d.notes) {
    out += fmt::format("{}{}: {}\n", place(note.span), paint("1;36", "note"), message_text(note.message));
    out += excerpt(note.span, paint);
  }
  if (!d.help.empty()) out += fmt::format("{}: {}\n", paint("1;32", "help"), message_text(d.help));
  return out;
}

std::string render_json(const std::vector<Diagnostic>& diagnostics) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& d : diagnostics) {
    nlohmann::json notes = nlohmann::json::array();
    for (const Note& note : d.notes)
      notes.push_back({{"message", note.message}, {"span", span_json(note.span)}});
    list.push_back({{"code", info(d.code).name},
                    {"severity", d.severity == Severity::kError ? "error" : "warning"},
                    {"message", d.message},
                    {"span", span_json(d.span)},
                    {"notes", notes},
                    {"help", d.help}});
  }
  return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace drillpress::diagnostics
