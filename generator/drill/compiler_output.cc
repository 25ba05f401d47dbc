#include "drill/compiler_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

#include "base/text.h"

namespace drillpress::drill {
namespace {

enum class Kind { kError, kWarning, kNote };

struct KindRow {
  std::string_view word;
  Kind kind;
};
constexpr KindRow kKinds[] = {
    {"catastrophic error", Kind::kError}, {"fatal error", Kind::kError}, {"error", Kind::kError},
    {"warning", Kind::kWarning},          {"note", Kind::kNote},         {"remark", Kind::kNote}};

constexpr std::size_t kMaxErrors = 20;
constexpr std::size_t kMaxNotes = 3;

struct Place {
  std::string_view path;
  std::uint32_t line = 0, column = 0;
};

// The first line of a message: `path(line): error #20-D: text` (EDG) or `path:line:column: error: text` (GCC,
// Clang).
struct Head {
  Place place;
  Kind kind;
  std::string_view text;
};

// A number at the beginning of `text`, which is then cut off.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// `error: text` or `warning #177-D: text`.
std::optional<Head> parse_kind(Place place, std::string_view rest) {
  for (const KindRow& row : kKinds) {
    std::string_view tail = rest;
    if (!take(tail, row.word)) continue;
    if (take(tail, " #")) tail.remove_prefix(std::min(tail.find(':'), tail.size()));
    if (take(tail, ":")) return Head{place, row.kind, base::trim(tail)};
  }
  return std::nullopt;
}

// `path(line): rest`
std::optional<std::pair<Place, std::string_view>> parse_edg_place(std::string_view line) {
  const std::size_t close = line.find("): ");
  if (close == std::string_view::npos) return std::nullopt;
  const std::size_t open = line.rfind('(', close);
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  std::string_view number = line.substr(open + 1, close - open - 1);
  const auto value = take_number(number);
  if (!value || !number.empty()) return std::nullopt;
  return std::pair(Place{line.substr(0, open), *value, 0}, line.substr(close + 3));
}

// `path:line:column: rest` or `path:line: rest`
std::optional<std::pair<Place, std::string_view>> parse_gcc_place(std::string_view line) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    std::string_view rest = line.substr(colon + 1);
    const auto number = take_number(rest);
    if (!number || colon == 0 || !take(rest, ":")) continue;
    Place place{line.substr(0, colon), *number, 0};
    std::string_view after = rest;
    const auto column = take_number(after);
    if (column && take(after, ":")) {
      place.column = *column;
      rest = after;
    }
    return std::pair(place, base::trim(rest));
  }
  return std::nullopt;
}

std::optional<Head> parse_head(std::string_view line) {
  if (line.empty() || line[0] == ' ') return std::nullopt;
  for (const auto& place : {parse_edg_place(line), parse_gcc_place(line)}) {
    if (!place) continue;
    if (auto head = parse_kind(place->first, place->second)) return head;
  }
  return std::nullopt;
}

// `ptxas /tmp/x.ptx, line 21; error   : text`, `nvlink error   : text`, `nvcc fatal   : text`,
// `cc1plus: fatal error: text`
std::optional<Head> parse_tool_line(std::string_view line) {
  constexpr std::string_view kTools[] = {"ptxas",    "nvlink",    "nvcc",   "cicc",
                                         "cudafe++", "fatbinary", "cc1plus"};
  for (const std::string_view tool : kTools) {
    if (!line.starts_with(tool) || line.size() <= tool.size()) continue;
    if (line[tool.size()] != ' ' && line[tool.size()] != ':') continue;
    for (const std::string_view word : {"error", "fatal", "warning"}) {
      const std::size_t at = line.find(word, tool.size());
      if (at == std::string_view::npos) continue;
      std::string_view rest = base::trim(line.substr(at + word.size()));
      if (!take(rest, ":")) continue;
      return Head{{}, word == "warning" ? Kind::kWarning : Kind::kError, base::trim(rest)};
    }
  }
  return std::nullopt;
}

// `/tmp/cc6LbYZ1.s:4: Error: text`; the name of the file is another each time.
std::optional<Head> parse_assembler_line(std::string_view line) {
  const auto place = parse_gcc_place(line);
  if (!place || !place->first.path.ends_with(".s")) return std::nullopt;
  std::string_view text = place->second;
  if (!take(text, "Error: ")) return std::nullopt;
  return Head{{}, Kind::kError, text};
}

std::optional<Head> parse_linker_line(std::string_view line) {
  const std::size_t at = line.find("undefined reference to ");
  if (at == std::string_view::npos) return std::nullopt;
  return Head{{}, Kind::kError, line.substr(at)};
}

// EDG shows the line with macros expanded and two blanks in front, so the column is found from the end of the
// line.
std::uint32_t echoed_column(std::string_view original, std::string_view echoed, std::size_t caret) {
  if (caret >= echoed.size()) return 0;
  const std::string_view tail = echoed.substr(caret);
  if (!original.ends_with(tail)) return 0;
  return static_cast<std::uint32_t>(original.size() - tail.size() + 1);
}

class Parser {
 public:
  Parser(std::string_view text, const PlaceMap& places) : lines_(base::split_lines(text)), places_(places) {}

  std::vector<CompilerMessage> parse() {
    for (at_ = 0; at_ < lines_.size();) {
      const std::string_view line = lines_[at_];
      if (const auto head = parse_head(line)) {
        ++at_;
        parse_message(*head);
        continue;
      }
      if (const auto head = parse_tool_line(line); head && !head->text.starts_with("Ptx assembly aborted")) {
        add({head->kind == Kind::kError, {}, 0, std::string(head->text), {}});
      } else if (const auto refused = parse_assembler_line(line)) {
        add({true, {}, 0, std::string(refused->text), {}});
      } else if (const auto missing = parse_linker_line(line)) {
        add({true, {}, 0, std::string(missing->text), {}});
      } else if (const auto place = parse_gcc_place(line); place && place->second.starts_with("required ")) {
        note_way(place->first.path, place->first.line, place->first.column);
      }
      ++at_;
    }
    return std::move(messages_);
  }

 private:
  // The lines that belong to a message, up to the next head or blank line.
  void parse_message(const Head& head) {
    const CodePlace own = places_.place(head.place.path, head.place.line);
    std::string text(head.text);
    std::uint32_t column = head.place.column;
    std::string_view path_of_way = head.place.path;
    bool details = true;
    for (; at_ < lines_.size() && !base::trim(lines_[at_]).empty() && !parse_head(lines_[at_]); ++at_) {
      const std::string_view line = lines_[at_];
      const std::string_view shown = base::trim(line);
      if (line[0] != ' ') break;
      if (shown == "^") {
        details = false;
      } else if (at_ + 1 < lines_.size() && base::trim(lines_[at_ + 1]) == "^") {
        if (column == 0) column = echoed_column(places_.line_text(own), line, lines_[at_ + 1].find('^'));
        details = false;
      } else if (const std::size_t at = line.rfind("at line "); at != std::string_view::npos) {
        std::string_view rest = line.substr(at + 8);
        const auto number = take_number(rest);
        if (number && take(rest, " of ")) path_of_way = base::trim(rest);
        if (number) note_way(path_of_way, *number, 0);
      } else if (details && line.starts_with("            ")) {
        text += ", " + std::string(shown);
      }
    }
    finish(head, own, column, std::move(text));
  }

  void finish(const Head& head, const CodePlace& own, std::uint32_t column, std::string text) {
    if (head.kind == Kind::kNote) {
      if (!messages_.empty() && places_.is_authors(own) && messages_.back().notes.size() < kMaxNotes) {
        messages_.back().notes.push_back({own, std::move(text)});
      }
      return;
    }
    const std::optional<Way> way = std::exchange(way_, std::nullopt);
    if (places_.is_authors(own)) {
      add({head.kind == Kind::kError, own, column, std::move(text), {}});
    } else if (head.kind == Kind::kError) {
      const std::string where = fmt::format("{} (in `{}`)", text, own.file);
      add({true, way ? way->place : CodePlace{}, way ? way->column : 0, where, {}});
    }
  }

  // The first place of the author on the way from a fault inside a header outwards.
  void note_way(std::string_view path, std::uint32_t line, std::uint32_t column) {
    const CodePlace place = places_.place(path, line);
    if (!way_ && places_.is_authors(place)) way_ = Way{place, column};
  }

  void add(CompilerMessage message) {
    if (!seen_
             .emplace(message.error, message.place.file, message.place.line,
                      message.error ? "" : message.message)
             .second &&
        message.place.line > 0) {
      return;
    }
    const auto same = [&](const CompilerMessage& other) {
      return other.error == message.error && other.place == message.place && other.message == message.message;
    };
    const auto errors =
        std::count_if(messages_.begin(), messages_.end(), [](const auto& m) { return m.error; });
    if (std::any_of(messages_.begin(), messages_.end(), same) ||
        static_cast<std::size_t>(errors) >= kMaxErrors)
      return;
    messages_.push_back(std::move(message));
  }

  struct Way {
    CodePlace place;
    std::uint32_t column;
  };

  std::vector<std::string_view> lines_;
  const PlaceMap& places_;
  std::size_t at_ = 0;
  std::optional<Way> way_;
  std::vector<CompilerMessage> messages_;
  std::set<std::tuple<bool, std::string, std::uint32_t, std::string>> seen_;
};

}  // namespace

std::vector<CompilerMessage> parse_compiler_output(std::string_view text, const PlaceMap& places) {
  return Parser(text, places).parse();
}

std::vector<CompilerMessage> parse_traceback(std::string_view text, const PlaceMap& places) {
  CompilerMessage message;
  for (const std::string_view line : base::split_lines(text)) {
    std::string_view rest = base::trim(line);
    if (take(rest, "File \"")) {
      const std::size_t quote = rest.find("\", line ");
      if (quote == std::string_view::npos) continue;
      const std::string_view path = rest.substr(0, quote);
      rest.remove_prefix(quote + 8);
      const auto number = take_number(rest);
      const CodePlace place = places.place(path, number.value_or(0));
      if (places.is_authors(place)) message.place = place;
    } else if (!line.empty() && line[0] != ' ' && !line.starts_with("Traceback ")) {
      message.message = std::string(rest);
    }
  }
  if (message.message.empty()) return {};
  return {std::move(message)};
}

}  // namespace drillpress::drill
