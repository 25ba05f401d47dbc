#include <algorithm>
#include <array>
#include <string>

#include "highlight/syntax.h"

namespace drillpress::highlight {
namespace {

using C = TokenClass;

constexpr std::string_view kOperators = "+-*/%=<>!&|^~?";
// C++ raw string delimiters have at most 16 characters (ISO/IEC 14882:2020, 5.13.5).
constexpr std::size_t kMaxRawDelimiter = 16;
// How far ahead the end of an attribute or of `${…}` is looked for, so that lexing stays linear.
constexpr std::size_t kMaxNearBytes = 200;
// No word of any table is longer.
constexpr std::size_t kMaxWordBytes = 32;

// What a character may be the first of, so that most are decided by one look.
enum Kind : std::uint8_t { kOther, kSpace, kName, kDigit, kOperatorSign };

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char c = static_cast<char>(i);
    kinds[i] = is_space(c) ? kSpace : is_name_start(c) ? kName : is_digit(c) ? kDigit : kOther;
  }
  for (const char c : kOperators) kinds[static_cast<unsigned char>(c)] = kOperatorSign;
  return kinds;
}
constexpr std::array<Kind, 256> kKinds = make_kinds();

Kind kind_of(char c) {
  return kKinds[static_cast<unsigned char>(c)];
}
bool continues_name(char c) {
  return kind_of(c) == kName || kind_of(c) == kDigit;
}

class TokenLexer {
 public:
  TokenLexer(const Language& language, std::string_view text, Spans& spans)
      : language_(language), syntax_(language.syntax), text_(text), spans_(spans) {}

  void run() {
    while (at_ < text_.size()) step();
  }

 private:
  bool has(Feature feature) const { return (syntax_.features & feature) != 0; }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view wanted) const { return !wanted.empty() && text_at(at_, wanted); }
  // The texts compared are a few bytes long, where a call of memcmp would cost more than the loop.
  bool text_at(std::size_t at, std::string_view wanted) const {
    if (text_.size() - at < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (text_[at + i] != wanted[i]) return false;
    }
    return true;
  }
  void emit(C token_class) { spans_.upto(at_, token_class); }

  void step() {
    const char c = text_[at_];
    const Kind kind = kind_of(c);
    if (kind == kSpace) return space();
    if (kind == kName) return name();
    if (kind == kDigit || (c == '.' && is_digit(peek(1)))) return number();
    if (comment()) return;
    if (syntax_.quotes.find(c) != std::string_view::npos) return string();
    if (c == '#' && has(kPreprocessor) && line_is_fresh_) return directive();
    if (has(kAssembly) && assembly_name()) return;
    if (has(kDoubleBrackets) && looking_at("[[") && attribute()) return;
    if (has(kBracketArguments) && c == '[' && bracket_argument(C::kString)) return;
    if (has(kDollarBraces) && looking_at("${")) return dollar_braces();
    if (has(kDecorators) && c == '@' && line_is_fresh_ && is_name_start(peek(1))) return decorator();
    line_is_fresh_ = false;
    ++at_;
    emit(kind == kOperatorSign ? C::kOperator : C::kPunctuation);
  }

  void space() {
    while (at_ < text_.size() && is_space(text_[at_])) {
      if (text_[at_] == '\n') line_is_fresh_ = true;
      ++at_;
    }
    emit(C::kText);
  }

  bool comment() {
    if (!syntax_.line_comment.empty() && looking_at(syntax_.line_comment)) {
      if (has(kBracketArguments) && peek(1) == '[') {
        ++at_;
        if (bracket_argument(C::kComment)) return true;
        --at_;
      }
      at_ = std::min(text_.find('\n', at_), text_.size());
      // A backslash at the end of a C++ line joins the next one to the comment.
      while (has(kPreprocessor) && at_ < text_.size() && text_[at_ - 1] == '\\') {
        at_ = std::min(text_.find('\n', at_ + 1), text_.size());
      }
      emit(C::kComment);
      return true;
    }
    if (!looking_at(syntax_.block_comment)) return false;
    const std::size_t close = text_.find(syntax_.block_end, at_ + syntax_.block_comment.size());
    at_ = close == std::string_view::npos ? text_.size() : close + syntax_.block_end.size();
    emit(C::kComment);
    return true;
  }

  // Includes the letters before the quote, which were not emitted yet.
  void string() {
    line_is_fresh_ = false;
    const std::size_t begin = spans_.at();
    const char quote = text_[at_];
    std::string_view close = text_.substr(at_, 1);
    const bool triple = has(kTripleQuotes) && peek(1) == quote && peek(2) == quote;
    if (triple) close = text_.substr(at_, 3);
    const bool raw =
        has(kTripleQuotes) && text_.substr(begin, at_ - begin).find_first_of("rR") != std::string_view::npos;
    at_ += close.size();
    while (at_ < text_.size() && !looking_at(close)) {
      if (text_[at_] == '\n' && has(kLineStrings) && !triple) break;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        raw ? static_cast<void>(at_ += 2) : escape();
      } else if (has(kDollarBraces) && looking_at("${")) {
        emit(C::kString);
        dollar_braces();
      } else {
        ++at_;
      }
    }
    if (looking_at(close)) at_ += close.size();
    const bool key = has(kKeyStrings) && followed_by(":");
    emit(key ? C::kAttribute : C::kString);
  }

  void escape() {
    emit(C::kString);
    const char kind = text_[at_ + 1];
    at_ += 2;
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    for (std::size_t i = 0; i < digits && (is_digit(peek()) || (is_letter(peek()) && (peek() | 0x20) <= 'f'));
         ++i)
      ++at_;
    for (std::size_t i = 0; i < 2 && kind >= '0' && kind <= '7' && peek() >= '0' && peek() <= '7'; ++i) ++at_;
    emit(C::kEscape);
  }

  bool raw_string() {
    const std::size_t length = text_.substr(at_ + 1, kMaxRawDelimiter + 1).find('(');
    if (length == std::string_view::npos) return false;
    const std::string close = ")" + std::string(text_.substr(at_ + 1, length)) + "\"";
    const std::size_t end = text_.find(close, at_ + length);
    at_ = end == std::string_view::npos ? text_.size() : end + close.size();
    emit(C::kString);
    return true;
  }

  bool followed_by(std::string_view wanted) const {
    std::size_t at = at_;
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return text_at(at, wanted);
  }

  void name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (has(kLetterPrefixes) && word.size() <= 3 && (peek() == '"' || peek() == '\'') &&
        is_string_prefix(word)) {
      if (!(has(kRawStrings) && word.back() == 'R' && peek() == '"')) return string();
      if (raw_string()) return;
    }
    emit(classify(word));
    line_is_fresh_ = false;
    defines_ = word == "def" ? C::kFunction : word == "class" ? C::kType : C::kText;
  }

  bool is_string_prefix(std::string_view word) const {
    if (has(kTripleQuotes)) return word.find_first_not_of("rRbBfFuU") == std::string_view::npos;
    return word == "L" || word == "u" || word == "U" || word == "u8" || word == "R" || word == "LR" ||
           word == "uR" || word == "UR" || word == "u8R";
  }

  C classify(std::string_view word) const {
    if (word.size() <= kMaxWordBytes) {
      const auto* found = language_.words.find(has(kIgnoreCase) ? lower(word) : word);
      if (found) return found->token_class;
    }
    if (has(kTripleQuotes) && defines_ != C::kText) return defines_;
    if (has(kCalls) && followed_by("(")) return C::kFunction;
    if (has(kLaunches) && followed_by("<<<")) return C::kFunction;
    if (has(kTypeSuffix) && word.size() > 2 && word.substr(word.size() - 2) == "_t") return C::kType;
    if (has(kCapitals) && is_capitals(word)) return C::kConstant;
    return C::kText;
  }

  std::string_view lower(std::string_view word) const {
    std::transform(word.begin(), word.end(), lowered_,
                   [](char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; });
    return {lowered_, word.size()};
  }

  static bool is_capitals(std::string_view word) {
    return word.size() > 1 && is_upper(word[0]) && std::all_of(word.begin(), word.end(), [](char c) {
             return is_upper(c) || is_digit(c) || c == '_';
           });
  }

  void number() {
    line_is_fresh_ = false;
    const bool hexadecimal = peek() == '0' && (peek(1) | 0x20) == 'x';
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const char low = static_cast<char>(c | 0x20);
      const bool sign_follows = peek(1) == '+' || peek(1) == '-';
      if (sign_follows && ((low == 'e' && !hexadecimal) || low == 'p') && is_digit(peek(2))) {
        at_ += 2;
      } else if (c == syntax_.digit_separator && c != '\0') {
        if (!is_name(peek(1))) break;
        ++at_;
      } else if (is_name(c) || c == '.') {
        ++at_;
      } else {
        break;
      }
    }
    emit(C::kNumber);
  }

  void directive() {
    ++at_;
    while (is_blank(peek())) ++at_;
    const std::size_t begin = at_;
    while (is_name(peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    emit(C::kPreprocessor);
    line_is_fresh_ = false;
    if (word != "include" && word != "include_next") return;
    while (is_blank(peek())) ++at_;
    emit(C::kText);
    if (peek() != '<') return;
    const std::size_t close = text_.find_first_of(">\n", at_);
    if (close == std::string_view::npos || text_[close] != '>') return;
    at_ = close + 1;
    emit(C::kString);
  }

  bool attribute() {
    const std::string_view near = text_.substr(at_, kMaxNearBytes);
    const std::size_t close = near.find("]]");
    if (close == std::string_view::npos) return false;
    const std::string_view inside = near.substr(2, close - 2);
    if (inside.find_first_of("[]{};=") != std::string_view::npos) return false;
    at_ += close + 2;
    emit(C::kAttribute);
    line_is_fresh_ = false;
    return true;
  }

  bool bracket_argument(C token_class) {
    std::size_t open = at_ + 1;
    while (open < text_.size() && text_[open] == '=') ++open;
    if (open >= text_.size() || text_[open] != '[') return false;
    const std::string close = "]" + std::string(open - at_ - 1, '=') + "]";
    const std::size_t end = text_.find(close, open);
    at_ = end == std::string_view::npos ? text_.size() : end + close.size();
    emit(token_class);
    return true;
  }

  void dollar_braces() {
    const std::size_t close = text_.substr(at_, kMaxNearBytes).find_first_of("}\n");
    const bool closes = close != std::string_view::npos && text_[at_ + close] == '}';
    at_ += closes ? close + 1 : 2;
    emit(C::kVariable);
  }

  void decorator() {
    ++at_;
    while (is_name(peek()) || peek() == '.') ++at_;
    emit(C::kAttribute);
    line_is_fresh_ = false;
  }

  // %r1, %tid.x, .global, .shared::cta, $L__BB0_1
  bool assembly_name() {
    const char sigil = peek();
    if ((sigil != '%' && sigil != '.' && sigil != '$') || !is_name_start(peek(1))) return false;
    const std::size_t begin = at_++;
    while (is_name(peek()) || (sigil == '%' && (peek() == '.' || peek() == '$')) ||
           (sigil == '.' && peek() == ':' && (peek(1) == ':' || text_[at_ - 1] == ':') &&
            is_name_start(peek(peek(1) == ':' ? 2 : 1)))) {
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    const auto* found = language_.words.find(word);
    if (found) {
      emit(found->token_class);
    } else {
      emit(sigil == '%' ? C::kVariable : sigil == '$' ? C::kConstant : C::kAttribute);
    }
    return true;
  }

  const Language& language_;
  const Syntax& syntax_;
  std::string_view text_;
  Spans& spans_;
  std::size_t at_ = 0;
  bool line_is_fresh_ = true;  // only blanks so far on this line
  C defines_ = C::kText;       // what the name after `def` or `class` is
  mutable char lowered_[kMaxWordBytes] = {};
};

}  // namespace

void lex_tokens(const Language& language, std::string_view text, Spans& spans) {
  TokenLexer(language, text, spans).run();
}

}  // namespace drillpress::highlight
