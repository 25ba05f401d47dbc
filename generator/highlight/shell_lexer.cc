#include "highlight/shell_lexer.h"

#include <algorithm>
#include <string>
#include <utility>

namespace drillpress::highlight {
namespace {

using C = TokenClass;

// How far ahead the end of `${…}` is looked for, so that lexing stays linear.
constexpr std::size_t kMaxNearBytes = 200;

bool ends_word(char c) {
  return is_space(c) || std::string_view("|&;<>()\"'`$=\\").find(c) != std::string_view::npos;
}

class ShellLexer {
 public:
  ShellLexer(const Language& language, std::string_view text, std::size_t end, Spans& spans)
      : language_(language), text_(text.substr(0, end)), spans_(spans), at_(spans.at()) {}

  void run() {
    while (at_ < text_.size()) step();
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void emit(C token_class) { spans_.upto(at_, token_class); }

  void step() {
    const char c = text_[at_];
    in_assignment_ = in_assignment_ && !is_space(c);
    if (c == '\n') return new_line();
    if (is_space(c)) {
      while (at_ < text_.size() && is_space(text_[at_]) && text_[at_] != '\n') ++at_;
      return emit(C::kText);
    }
    if (c == '#' && word_may_begin()) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return emit(C::kComment);
    }
    if (c == '\'') return single_quotes();
    if (c == '"') return double_quotes();
    if (c == '$' && variable()) return;
    if (c == '\\') {
      at_ = std::min(at_ + 2, text_.size());
      command_next_ = command_next_ && text_[at_ - 1] == '\n';
      return emit(C::kEscape);
    }
    if (std::string_view("|&;()").find(c) != std::string_view::npos) {
      ++at_;
      command_next_ = true;
      return emit(C::kOperator);
    }
    if (c == '<' || c == '>') return redirection();
    if (ends_word(c)) {
      ++at_;
      return emit(C::kOperator);
    }
    word();
  }

  bool word_may_begin() const { return at_ == 0 || ends_word(text_[at_ - 1]); }

  void new_line() {
    ++at_;
    emit(C::kText);
    command_next_ = true;
    if (!here_document_.empty()) here_document();
  }

  // The lines up to the one that is the word after `<<`.
  void here_document() {
    const std::string word = std::exchange(here_document_, {});
    while (at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      while (!line.empty() && line.front() == '\t') line.remove_prefix(1);
      at_ = end;
      if (line == word) break;
      at_ = std::min(end + 1, text_.size());
    }
    emit(C::kString);
  }

  void redirection() {
    const bool here = text_.compare(at_, 2, "<<") == 0 && peek(2) != '<';
    while (peek() == '<' || peek() == '>' || peek() == '&') ++at_;
    if (here && peek() == '-') ++at_;
    emit(C::kOperator);
    if (!here) return;
    while (is_blank(peek())) ++at_;
    emit(C::kText);
    const std::size_t begin = at_;
    while (is_name(peek()) || peek() == '\'' || peek() == '"') ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    word.erase(std::remove_if(word.begin(), word.end(), [](char c) { return c == '\'' || c == '"'; }),
               word.end());
    here_document_ = word;
    emit(C::kString);
  }

  void single_quotes() {
    const std::size_t close = text_.find('\'', at_ + 1);
    at_ = close == std::string_view::npos ? text_.size() : close + 1;
    value_done();
    emit(C::kString);
  }

  void double_quotes() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        emit(C::kString);
        at_ += 2;
        emit(C::kEscape);
      } else if (text_[at_] == '$') {
        emit(C::kString);
        if (!variable()) ++at_;
      } else {
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, text_.size());
    value_done();
    emit(C::kString);
  }

  // $name, ${name…}, $1, $?; not the `$` of `$(`.
  bool variable() {
    const char next = peek(1);
    if (next == '{') {
      const std::size_t close = text_.substr(at_, kMaxNearBytes).find_first_of("}\n");
      at_ += close != std::string_view::npos && text_[at_ + close] == '}' ? close + 1 : 2;
    } else if (is_name_start(next)) {
      ++at_;
      while (is_name(peek())) ++at_;
    } else if (is_digit(next) || std::string_view("?#@*!$-").find(next) != std::string_view::npos) {
      if (next == '\0') return false;
      at_ += 2;
    } else {
      return false;
    }
    value_done();
    emit(C::kVariable);
    return true;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (peek() == '=' && command_next_ && is_name_start(word[0])) {
      emit(C::kVariable);
      ++at_;
      in_assignment_ = true;
      return emit(C::kOperator);
    }
    if (in_assignment_) return emit(value_class(word));
    const auto* found = language_.words.find(word);
    const bool keyword = found && found->token_class == C::kKeyword;
    if (command_next_ && found) {
      command_next_ = keyword;
      return emit(found->token_class);
    }
    if (word[0] == '-' && word.size() > 1) return emit(C::kAttribute);
    if (command_next_) {
      command_next_ = false;
      return emit(C::kFunction);
    }
    emit(value_class(word));
  }

  static C value_class(std::string_view word) {
    return std::all_of(word.begin(), word.end(), is_digit) ? C::kNumber : C::kText;
  }

  // The command may still follow the value of `NAME=value`.
  void value_done() { command_next_ = command_next_ && in_assignment_; }

  const Language& language_;
  std::string_view text_;
  Spans& spans_;
  std::size_t at_;
  bool command_next_ = true;    // the next word names a command
  bool in_assignment_ = false;  // until the blank after `NAME=value`
  std::string here_document_;
};

// Length of the prompt that opens a line of a session; 0 for a line of output. `$ `, `# `, `% `, `> `, `>>>
// `, also after `user@host:path` or `(environment) `.
std::size_t prompt_length(std::string_view line) {
  if (line.substr(0, 4) == ">>> ") return 4;
  std::size_t at = 0;
  if (line.substr(0, 1) == "(") {
    const std::size_t close = line.find(") ");
    if (close != std::string_view::npos) at = close + 2;
  }
  const std::size_t sign = line.find_first_of("$#%>", at);
  if (sign == std::string_view::npos || (sign + 1 < line.size() && line[sign + 1] != ' ')) return 0;
  const std::string_view host = line.substr(at, sign - at);
  const bool is_host = host.find('@') != std::string_view::npos && host.find(' ') == std::string_view::npos;
  return host.empty() || is_host ? std::min(sign + 2, line.size()) : 0;
}

}  // namespace

void lex_commands(const Language& language, std::string_view text, std::size_t end, Spans& spans) {
  ShellLexer(language, text, end, spans).run();
}

void lex_shell(const Language& language, std::string_view text, Spans& spans) {
  lex_commands(language, text, text.size(), spans);
}

void lex_console(const Language& language, std::string_view text, Spans& spans) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t prompt = prompt_length(text.substr(at, end - at));
    if (prompt == 0) {
      at = std::min(end + 1, text.size());
      spans.upto(at, C::kOutput);
      continue;
    }
    // A backslash at the end of a command continues it on the next line.
    while (end < text.size() && text[end - 1] == '\\') end = std::min(text.find('\n', end + 1), text.size());
    spans.upto(at + prompt, C::kPrompt);
    lex_commands(language, text, end, spans);
    at = std::min(end + 1, text.size());
    spans.upto(at, C::kText);
  }
}

}  // namespace drillpress::highlight
