#include <algorithm>

#include "highlight/syntax.h"

namespace drillpress::highlight {
namespace {

using C = TokenClass;

class YamlLexer {
 public:
  YamlLexer(const Language& language, std::string_view text, Spans& spans)
      : language_(language), text_(text), spans_(spans) {}

  void run() {
    while (at_ < text_.size()) line();
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  void emit(C token_class) { spans_.upto(at_, token_class); }

  void line() {
    end_ = std::min(text_.find('\n', at_), text_.size());
    const std::size_t begin = at_;
    while (is_blank(peek())) ++at_;
    const std::size_t indent = at_ - begin;
    const bool blank = at_ == end_ || peek() == '\r';
    if (in_block_ && (blank || indent > block_indent_)) {
      at_ = end_;
      emit(C::kString);
    } else {
      in_block_ = in_block_ && blank;
      emit(C::kText);
      content(indent);
    }
    at_ = std::min(end_ + 1, text_.size());
    emit(C::kText);
  }

  void content(std::size_t indent) {
    if (text_.compare(at_, 3, "---") == 0 || text_.compare(at_, 3, "...") == 0) {
      at_ += 3;
      emit(C::kPunctuation);
    }
    bool value_may_begin = true;  // false inside plain text, where `#` and quotes mean nothing
    while (at_ < end_) {
      const char c = text_[at_];
      if (is_space(c)) {
        while (at_ < end_ && is_space(text_[at_])) ++at_;
        emit(C::kText);
      } else if (c == '#' && (at_ == 0 || is_space(text_[at_ - 1]))) {
        at_ = end_;
        emit(C::kComment);
      } else if ((c == '"' || c == '\'') && value_may_begin) {
        quoted(c);
        value_may_begin = false;
      } else if (std::string_view("[]{},").find(c) != std::string_view::npos ||
                 (std::string_view("-?:").find(c) != std::string_view::npos &&
                  (at_ + 1 >= end_ || is_space(peek(1))))) {
        ++at_;
        emit(C::kPunctuation);
        value_may_begin = true;
      } else if ((c == '|' || c == '>') && value_may_begin && block_header()) {
        in_block_ = true;
        block_indent_ = indent;
      } else if (c == '&' || c == '*' || c == '!') {
        word();
        emit(c == '!' ? C::kType : C::kVariable);
      } else {
        plain();
        value_may_begin = false;
      }
    }
  }

  void word() {
    while (at_ < end_ && !is_space(text_[at_]) &&
           std::string_view(",[]{}").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
  }

  // `|`, `>-`, `|2+`: nothing but a comment follows.
  bool block_header() {
    std::size_t at = at_ + 1;
    while (at < end_ && (is_digit(text_[at]) || text_[at] == '+' || text_[at] == '-')) ++at;
    std::size_t rest = at;
    while (rest < end_ && is_space(text_[rest])) ++rest;
    if (rest < end_ && text_[rest] != '#') return false;
    at_ = at;
    emit(C::kOperator);
    return true;
  }

  // Quoted text may go on over lines.
  void quoted(char quote) {
    ++at_;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        emit(C::kString);
        at_ += 2;
        emit(C::kEscape);
      } else if (text_[at_++] == quote) {
        break;
      }
    }
    end_ = std::min(text_.find('\n', at_), text_.size());
    emit(is_key() ? C::kAttribute : C::kString);
  }

  bool is_key() const {
    std::size_t at = at_;
    while (at < end_ && is_blank(text_[at])) ++at;
    return at < end_ && text_[at] == ':' && (at + 1 >= end_ || is_space(text_[at + 1]));
  }

  // Up to `: `, ` #` or an indicator of a flow collection.
  void plain() {
    const std::size_t begin = at_;
    while (at_ < end_ && text_[at_] != ',' && text_[at_] != ']' && text_[at_] != '}' && text_[at_] != '\r') {
      if (text_[at_] == ':' && (at_ + 1 >= end_ || is_space(text_[at_ + 1]))) break;
      if (is_space(text_[at_]) && at_ + 1 < end_ && text_[at_ + 1] == '#') break;
      ++at_;
    }
    if (at_ == begin) ++at_;
    if (is_key()) return emit(C::kAttribute);
    std::string_view value = text_.substr(begin, at_ - begin);
    while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
    const auto* found = language_.words.find(value);
    if (found) return emit(found->token_class);
    const bool number = value.find_first_of("0123456789") != std::string_view::npos &&
                        value.find_first_not_of("0123456789.+-eE_") == std::string_view::npos;
    emit(number ? C::kNumber : C::kString);
  }

  const Language& language_;
  std::string_view text_;
  Spans& spans_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  // of the line
  bool in_block_ = false;
  std::size_t block_indent_ = 0;  // of the line whose `|` opened the block
};

}  // namespace

void lex_yaml(const Language& language, std::string_view text, Spans& spans) {
  YamlLexer(language, text, spans).run();
}

}  // namespace drillpress::highlight
