// PTX text → tokens, one at a time, as views into the text with their line and column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace drillpress::ptx {

/// A fault in the text. Thrown inside the parser to leave a statement, and caught there, where the parser
/// knows how to go on; it never leaves the module.
struct Fault {
  std::uint32_t line;
  std::uint32_t column;  ///< in bytes, from 1
  std::string message;
};

struct Token {
  enum class Kind : std::uint8_t {
    kEnd,
    kIdentifier,   ///< `add`, `$L__BB0_1`, `%r1`
    kSuffix,       ///< what follows a dot, without it: `global`, `shared::cta`, `4d`; directives too
    kNumber,       ///< `12`, `0x1fU`, `0f3F800000`, `1.5e3`
    kString,       ///< without its quotes, escapes as written
    kPunctuation,  ///< one character, or one of << >> <= >= == != && ||
  };
  Kind kind = Kind::kEnd;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string_view text;

  bool is(Kind wanted) const { return kind == wanted; }
  bool is(char punctuation) const {
    return kind == Kind::kPunctuation && text.size() == 1 && text[0] == punctuation;
  }
  bool is_suffix(std::string_view wanted) const { return kind == Kind::kSuffix && text == wanted; }
};

/// The token as an error message shows it: in backquotes, unprintable bytes as `\x00`, long ones cut.
std::string quoted(const Token& token);
std::string quoted(std::string_view text);

/// Looks at one token (`current`) and moves on. Every text ends with kEnd tokens without end. A character
/// that begins no token, or a comment or string that does not end, is a Fault of the advance that meets it;
/// advancing again goes on behind it.
class Lexer {
 public:
  /// Keeps a view of `text`. The first token is read by the first `advance`.
  explicit Lexer(std::string_view text);

  const Token& current() const { return current_; }
  void advance();

  Token take() {
    const Token token = current_;
    advance();
    return token;
  }
  bool accept(char punctuation) {
    if (!current_.is(punctuation)) return false;
    advance();
    return true;
  }
  bool accept_suffix(std::string_view wanted) {
    if (!current_.is_suffix(wanted)) return false;
    advance();
    return true;
  }
  /// Takes the token or faults with "expected `;`, found `x`"; `where`, if given, says after what.
  void expect(char punctuation, std::string_view where = {});
  Token expect(Token::Kind kind, std::string_view what);

  [[noreturn]] static void fail(const Token& at, std::string message) {
    throw Fault{at.line, at.column, std::move(message)};
  }
  [[noreturn]] void fail_expected(std::string_view what) const;

  /// The character right behind the current token, or NUL at the end of the text.
  char next_character() const { return at_ == end_ ? '\0' : *at_; }

 private:
  void skip_blanks();
  void skip_block_comment();
  void scan_number();
  void scan_suffix();
  void scan_string();
  void scan_punctuation();
  [[noreturn]] void fail_here(const char* start, std::string message);
  void finish(Token::Kind kind, const char* begin, const char* end);

  const char* at_;
  const char* end_;
  const char* line_start_;
  std::uint32_t line_ = 1;
  Token current_;
};

}  // namespace drillpress::ptx
