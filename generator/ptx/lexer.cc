#include "ptx/lexer.h"

#include <array>
#include <cstring>

#include <fmt/format.h>

namespace drillpress::ptx {
namespace {

enum CharClass : std::uint8_t { kOther, kBlank, kSingle, kMayDouble, kLetter, kDigit };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\r', '\n', '\f', '\v'}) classes[static_cast<unsigned char>(c)] = kBlank;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = kLetter;
  for (const char c : {'_', '$'}) classes[static_cast<unsigned char>(c)] = kLetter;
  for (int c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (const char c : std::string_view("{}[]()@^~+-*/%?,;:"))
    classes[static_cast<unsigned char>(c)] = kSingle;
  for (const char c : std::string_view("<>=&|!")) classes[static_cast<unsigned char>(c)] = kMayDouble;
  return classes;
}
constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

CharClass class_of(char c) {
  return static_cast<CharClass>(kClasses[static_cast<unsigned char>(c)]);
}
bool is_word(char c) {
  return class_of(c) >= kLetter;
}
bool is_digit(char c) {
  return class_of(c) == kDigit;
}

constexpr std::size_t kLongestQuote = 60;

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "`";
  for (const char c : text.substr(0, kLongestQuote)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  if (text.size() > kLongestQuote) out += "…";
  return out + "`";
}

std::string quoted(const Token& token) {
  switch (token.kind) {
    case Token::Kind::kEnd:
      return "the end of the text";
    case Token::Kind::kSuffix:
      return quoted("." + std::string(token.text.substr(0, kLongestQuote)));
    case Token::Kind::kString:
      return "a string";
    default:
      return quoted(token.text);
  }
}

Lexer::Lexer(std::string_view text)
    : at_(text.data()), end_(text.data() + text.size()), line_start_(text.data()) {}

void Lexer::finish(Token::Kind kind, const char* begin, const char* end) {
  current_.kind = kind;
  current_.text = std::string_view(begin, static_cast<std::size_t>(end - begin));
}

void Lexer::advance() {
  skip_blanks();
  current_.line = line_;
  current_.column = static_cast<std::uint32_t>(at_ - line_start_) + 1;
  if (at_ == end_) return finish(Token::Kind::kEnd, at_, at_);
  const char c = *at_;
  if (class_of(c) == kLetter || (c == '%' && end_ - at_ > 1 && is_word(at_[1]))) {
    const char* begin = at_++;
    while (at_ != end_ && is_word(*at_)) ++at_;
    return finish(Token::Kind::kIdentifier, begin, at_);
  }
  if (c == '.') return scan_suffix();
  if (is_digit(c)) return scan_number();
  if (c == '"') return scan_string();
  scan_punctuation();
}

void Lexer::skip_blanks() {
  while (at_ != end_) {
    if (*at_ == '\n') {
      ++line_;
      line_start_ = ++at_;
    } else if (class_of(*at_) == kBlank) {
      ++at_;
    } else if (*at_ == '/' && end_ - at_ > 1 && at_[1] == '/') {
      const void* newline = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
      at_ = newline == nullptr ? end_ : static_cast<const char*>(newline);
    } else if (*at_ == '/' && end_ - at_ > 1 && at_[1] == '*') {
      skip_block_comment();
    } else {
      return;
    }
  }
}

void Lexer::skip_block_comment() {
  const std::uint32_t line = line_;
  const auto column = static_cast<std::uint32_t>(at_ - line_start_) + 1;
  for (at_ += 2; end_ - at_ >= 2; ++at_) {
    if (*at_ == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    } else if (*at_ == '*' && at_[1] == '/') {
      at_ += 2;
      return;
    }
  }
  at_ = end_;
  throw Fault{line, column, "the comment that begins here does not end"};
}

void Lexer::scan_suffix() {
  const char* begin = ++at_;
  while (at_ != end_ && is_word(*at_)) ++at_;
  if (at_ == begin) fail_here(begin - 1, "expected a name after `.`");
  while (end_ - at_ > 2 && at_[0] == ':' && at_[1] == ':' && is_word(at_[2])) {
    at_ += 2;
    while (at_ != end_ && is_word(*at_)) ++at_;
  }
  finish(Token::Kind::kSuffix, begin, at_);
}

void Lexer::scan_number() {
  const char* begin = at_;
  const bool decimal = *begin != '0' || end_ - at_ < 2 || class_of(at_[1]) != kLetter;
  while (at_ != end_ && is_digit(*at_)) ++at_;
  if (decimal && end_ - at_ > 1 && *at_ == '.' && is_digit(at_[1])) {
    ++at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
  }
  if (decimal && end_ - at_ > 2 && (*at_ == 'e' || *at_ == 'E') && (at_[1] == '-' || at_[1] == '+') &&
      is_digit(at_[2])) {
    at_ += 2;
  }
  while (at_ != end_ && is_word(*at_)) ++at_;
  finish(Token::Kind::kNumber, begin, at_);
}

void Lexer::scan_string() {
  const char* begin = ++at_;
  for (; at_ != end_ && *at_ != '\n'; ++at_) {
    if (*at_ == '"') {
      finish(Token::Kind::kString, begin, at_++);
      return;
    }
    if (*at_ == '\\' && end_ - at_ > 1 && at_[1] != '\n') ++at_;
  }
  throw Fault{current_.line, current_.column, "the string that begins here does not end on its line"};
}

void Lexer::scan_punctuation() {
  const char* begin = at_;
  const CharClass kind = class_of(*begin);
  if (kind == kOther)
    fail_here(begin, fmt::format("unexpected character {}", quoted(std::string_view(begin, 1))));
  ++at_;
  if (kind == kMayDouble && at_ != end_) {
    const bool doubled = *at_ == *begin && *begin != '!';  // << >> == && ||
    const bool compared = *at_ == '=' && (*begin == '<' || *begin == '>' || *begin == '!');
    if (doubled || compared) ++at_;
  }
  finish(Token::Kind::kPunctuation, begin, at_);
}

void Lexer::fail_here(const char* start, std::string message) {
  at_ = start + 1;
  throw Fault{current_.line, current_.column, std::move(message)};
}

void Lexer::expect(char punctuation, std::string_view where) {
  if (accept(punctuation)) return;
  fail(current_, where.empty()
                     ? fmt::format("expected `{}`, found {}", punctuation, quoted(current_))
                     : fmt::format("expected `{}` {}, found {}", punctuation, where, quoted(current_)));
}

Token Lexer::expect(Token::Kind kind, std::string_view what) {
  if (!current_.is(kind)) fail_expected(what);
  return take();
}

void Lexer::fail_expected(std::string_view what) const {
  fail(current_, fmt::format("expected {}, found {}", what, quoted(current_)));
}

}  // namespace drillpress::ptx
