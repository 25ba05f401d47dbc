#include "markdown/directive.h"

#include <fmt/format.h>

#include <algorithm>

namespace drillpress::markdown {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

// End of the directive's `}}`, or 0. Quotes hide `}}` unless the quote never closes.
std::size_t directive_length(std::string_view text, bool honour_quotes) {
  bool quoted = false;
  for (std::size_t i = 2; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (honour_quotes && c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '}' && text[i + 1] == '}') {
      return i + 2;
    } else if (!quoted && c == '{' && text[i + 1] == '{') {
      return 0;
    }
  }
  return 0;
}

std::size_t id_length(std::string_view text) {
  const std::size_t end = text.find_first_of("} \t\n");
  return end != std::string_view::npos && text[end] == '}' && end > 2 ? end + 1 : 0;
}

class DirectiveReader {
 public:
  DirectiveReader(std::string_view written, std::size_t begin, const ContentMap& map,
                  const base::SourcePtr& source, diagnostics::Sink& sink)
      : text_(written), begin_(begin), map_(map), source_(source), sink_(sink) {}

  Directive read() {
    Directive directive;
    std::vector<Argument> words;
    at_ = 2;
    for (skip_space(); at_ < text_.size() - 2; skip_space()) words.push_back(read_word());
    if (words.empty() || words[0].quoted || !is_directive_name(words[0].value)) {
      const base::Span whole = span(0, text_.size());
      sink_.report({Code::kDirectiveSyntax,
                    Severity::kError,
                    words.empty() ? whole : words[0].span,
                    words.empty() ? "a directive needs a name"
                                  : fmt::format("`{}` is not a directive's name", words[0].value),
                    {},
                    "write a name such as `{{ drill transpose }}`; text with braces that is not a directive "
                    "goes between backticks"});
    }
    directive.name_span = words.empty() ? span(2, 2) : words[0].span;
    if (!words.empty()) {
      directive.name = words[0].value;
      words.erase(words.begin());
    }
    directive.arguments = std::move(words);
    return directive;
  }

 private:
  base::Span span(std::size_t from, std::size_t to) const {
    const Extent extent = map_.extent(begin_ + from, begin_ + to);
    return {source_, extent.begin, extent.end};
  }

  void skip_space() {
    while (at_ < text_.size() - 2 && is_space(text_[at_])) ++at_;
  }

  Argument read_word() {
    if (text_[at_] == '"') return read_quoted();
    const std::size_t from = at_;
    while (at_ < text_.size() - 2 && !is_space(text_[at_]) && text_[at_] != '"') ++at_;
    return {std::string(text_.substr(from, at_ - from)), span(from, at_), false};
  }

  Argument read_quoted() {
    const std::size_t limit = text_.size() - 2;
    const std::size_t from = ++at_;
    Argument argument{"", {}, true};
    while (at_ < limit && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < limit) ++at_;
      argument.value += text_[at_] == '\n' ? ' ' : text_[at_];
      ++at_;
    }
    argument.span = span(from, at_);
    if (at_ == limit) {
      sink_.report({Code::kDirectiveSyntax,
                    Severity::kError,
                    span(from - 1, at_),
                    "this quote is never closed",
                    {},
                    "close it with `\"` before the `}}`"});
    } else {
      ++at_;
    }
    return argument;
  }

  std::string_view text_;
  std::size_t begin_;
  const ContentMap& map_;
  const base::SourcePtr& source_;
  diagnostics::Sink& sink_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t brace_construct_length(std::string_view text) {
  text = text.substr(0, kMaxDirectiveBytes);
  // cmark asks at the first character of every run of text, whatever it is.
  if (text.size() < 4 || text[0] != '{') return 0;
  if (text[1] == '#') return id_length(text);
  if (text[1] != '{') return 0;
  const std::size_t length = directive_length(text, true);
  return length > 0 ? length : directive_length(text, false);
}

bool is_long_directive(std::string_view text) {
  return directive_length(text, false) > kMaxDirectiveBytes;
}

bool is_directive_name(std::string_view word) {
  return is_valid_id(word) && word[0] >= 'a' && word[0] <= 'z';
}

Directive parse_directive(std::string_view written, std::size_t begin, const ContentMap& map,
                          const base::SourcePtr& source, diagnostics::Sink& sink) {
  return DirectiveReader(written, begin, map, source, sink).read();
}

bool is_valid_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace drillpress::markdown
