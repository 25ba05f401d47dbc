#include "template/html_context.h"

#include <algorithm>

namespace drillpress::templating {
namespace {

using State = HtmlContext::State;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

}  // namespace

void HtmlContext::feed(std::string_view markup, std::size_t offset) {
  for (const char c : markup) step(c, offset++);
}

void HtmlContext::step(char c, std::size_t offset) {
  switch (state_) {
    case State::kText:
    case State::kEscapableText:
    case State::kRawText:
      return step_text(c, offset);
    case State::kComment:
      seen_ += c;
      if (seen_.size() > 3) seen_.erase(0, 1);
      if (seen_ == "-->") state_ = State::kText;
      return;
    case State::kMarkupDeclaration:
      seen_ += c;
      if (seen_ == "--") {
        state_ = State::kComment;
        seen_.clear();
      } else if (c == '>') {
        state_ = State::kText;
      }
      return;
    case State::kTagOpen:
      seen_.clear();
      element_.clear();
      if (c == '!') {
        state_ = State::kMarkupDeclaration;
      } else if (c == '/') {
        closing_ = true;
      } else if (is_letter(c)) {
        state_ = State::kTagName;
        element_ = lower(c);
      } else {
        state_ = State::kText;
      }
      return;
    default:
      return step_tag(c);
  }
}

void HtmlContext::step_text(char c, std::size_t offset) {
  if (state_ == State::kText) {
    if (c != '<') return;
    state_ = State::kTagOpen;
    opened_at_ = offset;
    closing_ = false;
    return;
  }
  // Raw and escapable text end only at the element's own closing tag.
  const std::string closing = "</" + element_;
  seen_ += lower(c);
  if (seen_.size() > closing.size()) seen_.erase(0, 1);
  if (seen_ == closing) {
    state_ = State::kInTag;
    closing_ = true;
    opened_at_ = offset + 1 - closing.size();
  }
}

void HtmlContext::step_tag(char c) {
  switch (state_) {
    case State::kTagName:
      if (c == '>') return leave_tag();
      if (is_space(c) || c == '/') {
        state_ = State::kInTag;
      } else {
        element_ += lower(c);
      }
      return;
    case State::kInTag:
      if (c == '>') return leave_tag();
      if (is_space(c) || c == '/') return;
      state_ = State::kAttributeName;
      attribute_ = lower(c);
      return;
    case State::kAttributeName:
      if (c == '>') return leave_tag();
      if (c == '=') {
        state_ = State::kBeforeValue;
      } else if (is_space(c) || c == '/') {
        state_ = State::kInTag;
        attribute_.clear();
      } else {
        attribute_ += lower(c);
      }
      return;
    case State::kBeforeValue:
      if (c == '"') {
        state_ = State::kDoubleQuoted;
      } else if (c == '\'') {
        state_ = State::kSingleQuoted;
      } else if (c == '>') {
        leave_tag();
      } else if (!is_space(c)) {
        state_ = State::kUnquoted;
      }
      return;
    default: {
      const bool ends = state_ == State::kDoubleQuoted   ? c == '"'
                        : state_ == State::kSingleQuoted ? c == '\''
                                                         : is_space(c);
      if (ends) {
        state_ = State::kInTag;
        attribute_.clear();
      } else if (state_ == State::kUnquoted && c == '>') {
        leave_tag();
      }
    }
  }
}

void HtmlContext::end_name() {
  if (state_ != State::kTagName && state_ != State::kAttributeName) return;
  state_ = State::kInTag;
  attribute_.clear();
}

void HtmlContext::leave_tag() {
  attribute_.clear();
  seen_.clear();
  state_ = State::kText;
  if (!closing_ && (element_ == "script" || element_ == "style")) {
    state_ = State::kRawText;
  } else if (!closing_ && (element_ == "title" || element_ == "textarea")) {
    state_ = State::kEscapableText;
  } else {
    element_.clear();
  }
}

}  // namespace drillpress::templating
