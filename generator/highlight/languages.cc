#include <algorithm>

#include "highlight/syntax.h"
#include "highlight/words.h"

namespace drillpress::highlight {
namespace {

constexpr std::uint32_t kCFeatures = kPreprocessor | kRawStrings | kLetterPrefixes | kLineStrings |
                                     kDoubleBrackets | kCalls | kTypeSuffix | kCapitals;

// The rows, in alphabetical order of the main names.
std::vector<Language> make_languages() {
  using C = TokenClass;
  return {
      {{"bash", "sh", "shell", "zsh"},
       lex_shell,
       {{{C::kKeyword, words::kShellKeywords}, {C::kBuiltin, words::kShellBuiltins}},
        "#",
        "",
        "",
        "\"'",
        0,
        0}},
      {{"cmake"},
       lex_tokens,
       {{{C::kKeyword, words::kCMakeKeywords}, {C::kConstant, words::kCMakeConstants}},
        "#",
        "",
        "",
        "\"",
        0,
        kDollarBraces | kBracketArguments | kCalls | kCapitals | kIgnoreCase}},
      {{"console", "shell-session", "terminal"},
       lex_console,
       {{{C::kKeyword, words::kShellKeywords}, {C::kBuiltin, words::kShellBuiltins}},
        "#",
        "",
        "",
        "\"'",
        0,
        0}},
      {{"cpp", "c", "c++", "cc", "h", "hpp"},
       lex_tokens,
       {{{C::kKeyword, words::kCppKeywords},
         {C::kType, words::kCppTypes},
         {C::kConstant, words::kCppConstants}},
        "//",
        "/*",
        "*/",
        "\"'",
        '\'',
        kCFeatures}},
      {{"cuda", "cu", "cuh"},
       lex_tokens,
       {{{C::kKeyword, words::kCppKeywords},
         {C::kType, words::kCppTypes},
         {C::kConstant, words::kCppConstants},
         {C::kKeyword, words::kCudaQualifiers},
         {C::kType, words::kCudaTypes},
         {C::kBuiltin, words::kCudaBuiltins}},
        "//",
        "/*",
        "*/",
        "\"'",
        '\'',
        kCFeatures | kLaunches}},
      {{"diff", "patch"}, lex_diff, {{}, "", "", "", "", 0, 0}},
      {{"json"},
       lex_tokens,
       {{{C::kConstant, "true false null"}}, "", "", "", "\"", 0, kKeyStrings | kLineStrings}},
      {{"ptx", "asm"},
       lex_tokens,
       {{{C::kKeyword, words::kPtxDirectives},
         {C::kType, words::kPtxTypes},
         {C::kBuiltin, words::kPtxSpecial},
         {C::kFunction, words::kPtxOpcodes}},
        "//",
        "/*",
        "*/",
        "\"",
        0,
        kAssembly | kLineStrings}},
      {{"python", "py"},
       lex_tokens,
       {{{C::kKeyword, words::kPythonKeywords},
         {C::kConstant, "True False None NotImplemented Ellipsis"},
         {C::kBuiltin, words::kPythonBuiltins}},
        "#",
        "",
        "",
        "\"'",
        '_',
        kTripleQuotes | kLetterPrefixes | kLineStrings | kDecorators | kCalls | kCapitals}},
      {{"text", "output", "plain", "txt"}, lex_plain, {{}, "", "", "", "", 0, 0}},
      {{"yaml", "yml"},
       lex_yaml,
       {{{C::kConstant, "true false null yes no on off True False Null ~"}}, "#", "", "", "\"'", 0, 0}},
  };
}

std::vector<WordTable::Entry> entries_of(const Syntax& syntax) {
  std::vector<WordTable::Entry> entries;
  for (const WordList& list : syntax.words) {
    for (std::size_t at = 0; at < list.words.size();) {
      const std::size_t end = std::min(list.words.find(' ', at), list.words.size());
      if (end > at) entries.push_back({list.words.substr(at, end - at), list.token_class});
      at = end + 1;
    }
  }
  return entries;
}

std::vector<Language> with_words(std::vector<Language> languages) {
  for (Language& language : languages) language.words = WordTable(entries_of(language.syntax));
  return languages;
}

}  // namespace

WordTable::WordTable(const std::vector<Entry>& entries) {
  std::size_t size = 4;
  while (size < 4 * entries.size()) size *= 2;
  slots_.resize(size);
  for (const Entry& entry : entries) {
    std::size_t at = slot_of(entry.word);
    while (!slots_[at].word.empty() && slots_[at].word != entry.word) at = (at + 1) & (size - 1);
    if (slots_[at].word.empty()) slots_[at] = entry;
  }
}

const std::vector<Language>& all_languages() {
  static const std::vector<Language> table = with_words(make_languages());
  return table;
}

const Language* find_language(std::string_view name) {
  for (const Language& language : all_languages()) {
    if (std::find(language.names.begin(), language.names.end(), name) != language.names.end())
      return &language;
  }
  return nullptr;
}

}  // namespace drillpress::highlight
