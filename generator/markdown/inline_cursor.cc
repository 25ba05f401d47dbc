#include "markdown/inline_cursor.h"

#include <algorithm>

#include "markdown/cmark_parser.h"
#include "markdown/link_syntax.h"

namespace drillpress::markdown {
namespace {

bool starts_at(std::string_view text, std::size_t at, std::string_view wanted) {
  return text.compare(std::min(at, text.size()), wanted.size(), wanted) == 0;
}

}  // namespace

void InlineCursor::text(std::string_view literal, Reading reading) {
  if (reading == Reading::kBareAutolink && starts_at(content_, at_, literal)) {
    at_ += literal.size();
    return;
  }
  for (std::size_t read = 0; read < literal.size() && !lost_;) {
    if (!consume_character(literal, read, reading)) lost_ = true;
  }
}

bool InlineCursor::consume_character(std::string_view literal, std::size_t& read, Reading reading) {
  if (at_ >= content_.size()) return false;
  const char c = content_[at_];
  if (c == '\\' && reading != Reading::kAngleAutolink && at_ + 1 < content_.size() &&
      literal[read] == content_[at_ + 1] && is_escapable(content_[at_ + 1])) {
    at_ += 2;
    ++read;
    return true;
  }
  if (c == '&') {
    const Entity entity = read_entity(content_.substr(at_ + 1));
    if (entity.length > 0 && starts_at(literal, read, entity.bytes)) {
      at_ += entity.length + 1;
      read += entity.bytes.size();
      return true;
    }
  }
  if (c != literal[read]) return false;
  const bool suspicious =
      starts_at(content_, at_, "{{") || starts_at(content_, at_, "[^") || starts_at(content_, at_, "$$");
  if (suspicious && (suspects_.empty() || suspects_.back() + 1 != at_)) suspects_.push_back(at_);
  ++at_;
  ++read;
  return true;
}

void InlineCursor::line_break() {
  const auto skip_blanks = [this] {
    while (at_ < content_.size() && (content_[at_] == ' ' || content_[at_] == '\t')) ++at_;
  };
  skip_blanks();
  // cmark keeps the indentation of a lazy line after a backslash, as text.
  const bool backslash = starts_at(content_, at_, "\\\n");
  if (backslash) ++at_;
  if (!starts_at(content_, at_, "\n")) {
    lost_ = true;
    return;
  }
  ++at_;
  if (!backslash) skip_blanks();
}

std::size_t InlineCursor::run_length(char c) const {
  std::size_t end = at_;
  while (end < content_.size() && content_[end] == c) ++end;
  return end - at_;
}

void InlineCursor::code_span() {
  const std::size_t ticks = run_length('`');
  lost_ = lost_ || ticks == 0;
  at_ += ticks;
  while (!lost_) {
    at_ = content_.find('`', at_);
    if (at_ == std::string_view::npos) {
      at_ = content_.size();
      lost_ = true;
      return;
    }
    const std::size_t run = run_length('`');
    at_ += run;
    if (run == ticks) return;
  }
}

void InlineCursor::verbatim(std::string_view written) {
  lost_ = lost_ || !starts_at(content_, at_, written);
  at_ = std::min(at_ + written.size(), content_.size());
}

void InlineCursor::footnote_reference() {
  const std::size_t close = starts_at(content_, at_, "[^") ? content_.find(']', at_) : std::string_view::npos;
  lost_ = lost_ || close == std::string_view::npos;
  if (!lost_) at_ = close + 1;
}

void InlineCursor::delimiter(std::string_view set, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (at_ >= content_.size() || set.find(content_[at_]) == std::string_view::npos) {
      lost_ = true;
      return;
    }
    ++at_;
  }
}

InlineCursor::LinkForm InlineCursor::open_link(bool image) {
  if (image) {
    verbatim("![");
    return LinkForm::kBracket;
  }
  if (starts_at(content_, at_, "[")) {
    ++at_;
    return LinkForm::kBracket;
  }
  if (starts_at(content_, at_, "<")) {
    ++at_;
    return LinkForm::kAngle;
  }
  return LinkForm::kBare;
}

std::optional<Extent> InlineCursor::inline_destination(std::string_view destination) {
  if (!starts_at(content_, at_, "(")) return std::nullopt;
  const auto found = scan_destination(content_, skip_link_space(content_, at_ + 1));
  if (!found) return std::nullopt;
  std::size_t end = skip_link_space(content_, found->end);
  if (const auto title_end = scan_title(content_, end)) end = skip_link_space(content_, *title_end);
  if (!starts_at(content_, end, ")")) return std::nullopt;
  if (unescape(content_.substr(found->inner.begin, found->inner.end - found->inner.begin)) != destination) {
    return std::nullopt;
  }
  at_ = end + 1;
  return found->inner;
}

InlineCursor::LinkTail InlineCursor::close_bracket(std::size_t text_begin, std::string_view destination) {
  const std::size_t text_end = at_;
  verbatim("]");
  if (lost_) return {};
  if (const auto found = inline_destination(destination)) return {found, {}};
  const std::string text(content_.substr(text_begin, text_end - text_begin));
  const auto label = scan_label(content_, at_);
  if (!label) return {std::nullopt, text};
  at_ = label->end + 1;
  if (label->begin == label->end) return {std::nullopt, text};
  return {std::nullopt, std::string(content_.substr(label->begin, label->end - label->begin))};
}

}  // namespace drillpress::markdown
