#include "template/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace drillpress::templating {
namespace {

using diagnostics::Code;

struct Delimiter {
  std::string_view open, close;
  std::optional<Piece::Kind> kind;  // nothing: a comment
};
constexpr Delimiter kDelimiters[] = {
    {"{{", "}}", Piece::Kind::kOutput}, {"{%", "%}", Piece::Kind::kBlock}, {"{#", "#}", std::nullopt}};

const Delimiter* delimiter_at(std::string_view text, std::size_t at) {
  for (const Delimiter& d : kDelimiters) {
    if (text.substr(at, 2) == d.open) return &d;
  }
  return nullptr;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// A tag or comment together with where it stands; comments are dropped only after lines have been looked at.
struct Raw {
  std::size_t begin, end;
  const Delimiter* delimiter;  // nullptr: text
};

std::vector<Raw> split_raw(const base::SourcePtr& source, diagnostics::Sink& sink) {
  const std::string_view text = source->text();
  std::vector<Raw> out;
  std::size_t text_begin = 0;
  std::size_t at = 0;
  const auto flush = [&](std::size_t end) {
    if (end > text_begin) out.push_back({text_begin, end, nullptr});
  };
  while ((at = text.find('{', at)) != std::string_view::npos) {
    const Delimiter* delimiter = delimiter_at(text, at);
    if (!delimiter) {
      ++at;
      continue;
    }
    flush(at);
    const std::size_t close = text.find(delimiter->close, at + 2);
    if (close == std::string_view::npos) {
      sink.report({Code::kTemplateSyntax,
                   diagnostics::Severity::kError,
                   {source, at, at + 2},
                   fmt::format("`{}` is never closed", delimiter->open),
                   {},
                   fmt::format("close it with `{}`", delimiter->close)});
      return out;
    }
    out.push_back({at, close + 2, delimiter});
    at = text_begin = close + 2;
  }
  flush(text.size());
  return out;
}

// Tags that write nothing themselves. A layout's `{{ content }}` counts as one, because the page brings its
// own lines.
bool vanishes(std::string_view text, const Raw& raw) {
  if (!raw.delimiter) return false;
  return raw.delimiter->kind != Piece::Kind::kOutput ||
         base::trim(text.substr(raw.begin + 2, raw.end - raw.begin - 4)) == "content";
}

// Cuts the blanks around every run of vanishing tags that has its line or lines to itself.
void drop_tag_lines(std::string_view text, std::vector<Raw>& raws) {
  const auto all_blank = [&](std::size_t begin, std::size_t end) {
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin),
                       text.begin() + static_cast<std::ptrdiff_t>(end), is_blank);
  };
  for (std::size_t first = 0; first < raws.size(); ++first) {
    if (!vanishes(text, raws[first])) continue;
    std::size_t last = first;
    for (;;) {
      const bool blank_next = last + 2 < raws.size() && !raws[last + 1].delimiter &&
                              all_blank(raws[last + 1].begin, raws[last + 1].end);
      const std::size_t next = last + (blank_next ? 2 : 1);
      if (next >= raws.size() || !vanishes(text, raws[next])) break;
      last = next;
    }
    const std::size_t line_begin = text.rfind('\n', raws[first].begin == 0 ? 0 : raws[first].begin - 1);
    std::size_t begin = raws[first].begin == 0 || line_begin == std::string_view::npos ? 0 : line_begin + 1;
    std::size_t end = text.find('\n', raws[last].end);
    end = end == std::string_view::npos ? text.size() : end + 1;
    const bool starts_line = all_blank(begin, raws[first].begin);
    const bool ends_line =
        all_blank(raws[last].end, end > raws[last].end && text[end - 1] == '\n' ? end - 1 : end);
    if (starts_line && ends_line) {
      for (std::size_t i = first; i <= last; ++i) {
        if (!raws[i].delimiter) raws[i].begin = raws[i].end;
      }
      if (first > 0 && !raws[first - 1].delimiter)
        raws[first - 1].end = std::max(raws[first - 1].begin, begin);
      if (last + 1 < raws.size() && !raws[last + 1].delimiter)
        raws[last + 1].begin = std::min(raws[last + 1].end, end);
    }
    first = last;
  }
}

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::vector<Piece> split_pieces(const base::SourcePtr& source, diagnostics::Sink& sink) {
  std::vector<Raw> raws = split_raw(source, sink);
  drop_tag_lines(source->text(), raws);
  std::vector<Piece> pieces;
  for (const Raw& raw : raws) {
    const base::Span span{source, raw.begin, raw.end};
    if (!raw.delimiter) {
      if (raw.end > raw.begin) pieces.push_back({Piece::Kind::kText, span, span});
    } else if (raw.delimiter->kind) {
      pieces.push_back({*raw.delimiter->kind, span, {source, raw.begin + 2, raw.end - 2}});
    }
  }
  return pieces;
}

Tokens split_tokens(const base::Span& inside, diagnostics::Sink& sink) {
  constexpr std::string_view kSymbols[] = {"==", "!=", "=", ".", "|", "(", ")", ","};
  const std::string_view text = inside.source->text();
  Tokens tokens;
  const auto add = [&](Token::Kind kind, std::size_t begin, std::size_t end) {
    tokens.list.push_back({kind, {inside.source, begin, end}});
    return end;
  };
  const auto run = [&](std::size_t at, auto accepts) {
    while (at < inside.end && accepts(text[at])) ++at;
    return at;
  };
  std::size_t at = inside.begin;
  while (at < inside.end) {
    const char c = text[at];
    if (is_blank(c) || c == '\n') {
      ++at;
    } else if (is_name_start(c)) {
      at = add(Token::Kind::kName, at, run(at, [](char d) { return is_name_start(d) || is_digit(d); }));
    } else if (is_digit(c)) {
      at = add(Token::Kind::kInteger, at, run(at, is_digit));
    } else if (const std::size_t close = c == '"' ? text.find('"', at + 1) : std::string_view::npos;
               c == '"' && close < inside.end) {
      at = add(Token::Kind::kText, at, close + 1);
    } else {
      const auto* symbol = std::find_if(std::begin(kSymbols), std::end(kSymbols),
                                        [&](std::string_view s) { return text.substr(at, s.size()) == s; });
      if (symbol == std::end(kSymbols)) {
        const bool quote = c == '"' || c == '\'';
        const std::size_t end =
            run(at + 1, [](char d) { return (static_cast<unsigned char>(d) & 0xC0U) == 0x80U; });
        sink.report(
            {Code::kTemplateSyntax,
             diagnostics::Severity::kError,
             {inside.source, at, end},
             c == '"' ? "the text is not closed" : fmt::format("unexpected `{}`", text.substr(at, end - at)),
             {},
             quote ? "texts stand between two double quotes" : ""});
        tokens.ok = false;
        break;
      }
      at = add(Token::Kind::kSymbol, at, at + symbol->size());
    }
  }
  add(Token::Kind::kEnd, inside.end, inside.end);
  return tokens;
}

}  // namespace drillpress::templating
