#include "markdown/info_string.h"

#include <fmt/format.h>

#include <algorithm>

namespace drillpress::markdown {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

class InfoReader {
 public:
  InfoReader(const base::SourcePtr& source, Extent extent, diagnostics::Sink& sink)
      : source_(source), text_(source->text()), at_(extent.begin), end_(extent.end), sink_(sink) {}

  base::Span read_language() {
    const std::size_t from = at_;
    skip_until(" \t");
    return span(from, at_);
  }

  // Nothing at the end of the line.
  std::optional<Attribute> read_attribute() {
    while (at_ < end_ && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ == end_) return std::nullopt;
    Attribute attribute;
    const std::size_t from = at_;
    skip_until("= \t\"");
    attribute.key_span = span(from, at_);
    attribute.key = std::string(attribute.key_span.text());
    attribute.value_span = span(at_, at_);
    if (at_ < end_ && text_[at_] == '=') {
      ++at_;
      read_value(attribute);
    } else if (at_ < end_ && text_[at_] == '"') {
      read_value(attribute);
      fail(span(from, at_), "a quoted value needs a key", "write `key=\"value\"`");
      attribute.key.clear();
      return attribute;
    }
    attribute.span = span(from, at_);
    if (attribute.key.empty())
      fail(attribute.span, "an attribute needs a key before `=`", "write `key=value`");
    return attribute;
  }

 private:
  base::Span span(std::size_t from, std::size_t to) const { return {source_, from, to}; }

  void skip_until(std::string_view stops) {
    while (at_ < end_ && stops.find(text_[at_]) == std::string_view::npos) ++at_;
  }

  void fail(base::Span place, std::string message, std::string help) {
    sink_.report(
        {Code::kFenceAttribute, Severity::kError, std::move(place), std::move(message), {}, std::move(help)});
  }

  void read_value(Attribute& attribute) {
    if (at_ == end_ || text_[at_] != '"') {
      const std::size_t from = at_;
      skip_until(" \t");
      attribute.value_span = span(from, at_);
      attribute.value = std::string(attribute.value_span.text());
      return;
    }
    const std::size_t quote = at_++;
    std::string value;
    while (at_ < end_ && text_[at_] != '"') {
      const bool escape =
          text_[at_] == '\\' && at_ + 1 < end_ && (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
      if (escape) ++at_;
      value += text_[at_++];
    }
    attribute.value_span = span(quote + 1, at_);
    attribute.value = std::move(value);
    if (at_ == end_) {
      fail(span(quote, end_), "this quote is never closed", "close it with `\"` on the same line");
      return;
    }
    ++at_;
    if (at_ < end_ && text_[at_] != ' ' && text_[at_] != '\t') {
      const std::size_t from = at_;
      skip_until(" \t");
      fail(span(from, at_), "text after a closing quote", "put a space between attributes");
    }
  }

  const base::SourcePtr& source_;
  const std::string& text_;
  std::size_t at_;
  std::size_t end_;
  diagnostics::Sink& sink_;
};

}  // namespace

void parse_info(const base::SourcePtr& source, Extent extent, diagnostics::Sink& sink, CodeBlock& block) {
  InfoReader reader(source, extent, sink);
  block.language_span = reader.read_language();
  while (auto attribute = reader.read_attribute()) {
    if (attribute->key.empty()) continue;
    if (const Attribute* first = block.find(attribute->key)) {
      sink.report({Code::kDuplicateAttribute,
                   Severity::kError,
                   attribute->key_span,
                   fmt::format("attribute `{}` is given twice", attribute->key),
                   {{first->key_span, "first given here"}},
                   "keep one of them"});
      continue;
    }
    block.attributes.push_back(std::move(*attribute));
  }
}

}  // namespace drillpress::markdown
