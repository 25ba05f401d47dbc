// What a language looks like to a lexer: declarative tables, one row a language.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "highlight/spans.h"

namespace drillpress::highlight {

/// Features of token languages that are more than lists of words.
enum Feature : std::uint32_t {
  kPreprocessor = 1U << 0,    ///< `#` first on a line opens a directive; `<…>` after `include` is a string
  kRawStrings = 1U << 1,      ///< R"x(…)x"
  kTripleQuotes = 1U << 2,    ///< """…""" and '''…'''
  kLetterPrefixes = 1U << 3,  ///< strings may have letters before the quote: u8"", rb''
  kLineStrings = 1U << 4,     ///< a string ends with its line even when its quote is missing
  kDoubleBrackets = 1U << 5,  ///< [[attributes]]
  kDecorators = 1U << 6,      ///< @name
  kDollarBraces = 1U << 7,    ///< ${name}, also inside strings
  kBracketArguments = 1U << 8,  ///< [=[ … ]=] and #[[ comments ]]
  kCalls = 1U << 9,             ///< a name before `(` is a function
  kLaunches = 1U << 10,         ///< a name before `<<<` is a function
  kTypeSuffix = 1U << 11,       ///< a name that ends in `_t` is a type
  kCapitals = 1U << 12,         ///< a NAME_IN_CAPITALS is a constant
  kKeyStrings = 1U << 13,       ///< a string before `:` is an attribute
  kAssembly = 1U << 14,         ///< %registers, .directives, $labels, 0f3F800000
  kIgnoreCase = 1U << 15,       ///< of keywords
};

/// Words separated by blanks, all of one class.
struct WordList {
  TokenClass token_class;
  std::string_view words;
};

struct Syntax {
  std::vector<WordList> words;
  std::string_view line_comment;   ///< empty: none
  std::string_view block_comment;  ///< the opening; empty: none
  std::string_view block_end;
  std::string_view quotes;  ///< characters that open and close strings
  char digit_separator;     ///< 0: none
  std::uint32_t features;
};

/// The words of a language by spelling: a hash table with open addressing, because looking words up is what
/// lexing spends its time on.
class WordTable {
 public:
  struct Entry {
    std::string_view word;
    TokenClass token_class = TokenClass::kText;
  };

  /// The first entry of a word counts.
  explicit WordTable(const std::vector<Entry>& entries = {});
  /// The word's entry or null.
  const Entry* find(std::string_view word) const {
    for (std::size_t at = slot_of(word);; at = (at + 1) & (slots_.size() - 1)) {
      const Entry& entry = slots_[at];
      if (entry.word.empty()) return nullptr;
      if (entry.word == word) return &entry;
    }
  }
  const std::vector<Entry>& slots() const { return slots_; }  ///< the unused ones have empty words

 private:
  std::size_t slot_of(std::string_view word) const {
    const auto at = [word](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(word[i]));
    };
    const std::size_t mixed =
        at(0) * 31 + at(word.size() - 1) * 131 + at(word.size() / 2) * 517 + word.size() * 1031;
    return (mixed ^ (mixed >> 7)) & (slots_.size() - 1);
  }

  std::vector<Entry> slots_;  // a power of two of them, at most a quarter in use
};

/// A language: its names, the first being the main one, and how it is read.
struct Language {
  std::vector<std::string_view> names;
  void (*lex)(const Language& language, std::string_view text, Spans& spans);
  Syntax syntax;
  WordTable words = WordTable();  ///< of the syntax
};

/// The language of a name or alias, or null.
const Language* find_language(std::string_view name);
const std::vector<Language>& all_languages();

void lex_tokens(const Language& language, std::string_view text, Spans& spans);
void lex_shell(const Language& language, std::string_view text, Spans& spans);
void lex_console(const Language& language, std::string_view text, Spans& spans);
void lex_yaml(const Language& language, std::string_view text, Spans& spans);
void lex_diff(const Language& language, std::string_view text, Spans& spans);
void lex_plain(const Language& language, std::string_view text, Spans& spans);

/// Facts about ASCII characters that lexers share.
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_space(char c) {
  return is_blank(c) || (c >= '\n' && c <= '\r');
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}
/// Letters of identifiers; bytes of UTF-8 sequences count as letters.
constexpr bool is_name_start(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}

}  // namespace drillpress::highlight
