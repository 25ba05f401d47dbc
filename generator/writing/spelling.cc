#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "system/process.h"
#include "writing/check.h"
#include "writing/prose.h"

namespace drillpress::writing {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr std::int64_t kTimeoutMs = 600'000;  // looking for suggestions is slow
constexpr std::size_t kMostSuggestions = 3;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}

struct Word {
  std::string text;
  std::size_t begin = 0;
};

// Words of letters, with an apostrophe inside. What has a digit, an underscore, a letter beyond ASCII or
// capitals after its first letter is a name, a symbol or an abbreviation, which no dictionary has.
std::vector<Word> words_of(const std::string& text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto joins = [&](std::size_t i) {
      const char c = text[i];
      return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80 ||
             (c == '\'' && i + 1 < text.size() && is_letter(text[i + 1]) && i > at);
    };
    if (!joins(at)) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && joins(end)) ++end;
    std::string word = text.substr(at, end - at);
    if (word.ends_with("'s")) word.resize(word.size() - 2);
    const bool plain =
        std::all_of(word.begin(), word.end(), [](char c) { return is_letter(c) || c == '\''; });
    if (plain && word.size() > 1 && std::none_of(word.begin() + 1, word.end(), is_upper))
      words.push_back({word, at});
    at = end;
  }
  return words;
}

std::string lower(std::string word) {
  if (is_upper(word[0])) word[0] = static_cast<char>(word[0] - 'A' + 'a');
  return word;
}

// The site's words; entries in lower case also stand for the word at the beginning of a sentence.
struct Dictionary {
  std::map<std::string, std::uint32_t, std::less<>> lines;  // word → line
  std::set<std::string, std::less<>> used;

  bool knows(const std::string& word) {
    for (const std::string& form : {word, lower(word)}) {
      if (lines.count(form) == 0) continue;
      used.insert(form);
      return true;
    }
    return false;
  }
};

Dictionary read_dictionary(const base::SourcePtr& source, diagnostics::Sink& sink) {
  Dictionary dictionary;
  std::string before;
  for (std::uint32_t number = 1; source != nullptr && number <= source->line_count(); ++number) {
    const std::string word(source->line(number));
    if (word.empty() || word[0] == '#') continue;
    const std::size_t begin = source->line_start(number);
    if (word <= before) {
      sink.report({Code::kDictionary,
                   Severity::kError,
                   {source, begin, begin + word.size()},
                   fmt::format("`{}` is out of order or given twice", word),
                   {},
                   "keep one word a line, sorted by bytes (`LC_ALL=C sort -u`)"});
    }
    dictionary.lines.emplace(word, number);
    before = word;
  }
  return dictionary;
}

// Where each page first has a word that the site's dictionary does not know.
using Places = std::map<std::string, std::vector<base::Span>>;

Places unknown_to(Dictionary& dictionary, const model::Registry& registry) {
  Places places;
  for (const model::Page& page : registry.pages()) {
    std::set<std::string> seen;
    for (const Prose& prose : prose_of(page.document)) {
      for (const Word& word : words_of(prose.text)) {
        if (dictionary.knows(word.text) || !seen.insert(word.text).second) continue;
        places[word.text].push_back(prose.span(page.document, word.begin, word.begin + word.text.size()));
      }
    }
  }
  return places;
}

// Word → suggestions, of those that hunspell does not know. Its answer to a line `^word` is `*`, `+ root` or
// `-` for a known word, `& word count offset: a, b` or `# word offset` for another, and an empty line.
std::map<std::string, std::string> parse_answers(const std::string& out) {
  std::map<std::string, std::string> unknown;
  for (const std::string_view line : base::split_lines(out)) {
    if (line.size() < 3 || (line[0] != '&' && line[0] != '#')) continue;
    const std::string word(line.substr(2, line.find(' ', 2) - 2));
    std::string suggestions;
    std::size_t at = line[0] == '&' ? line.find(": ") : std::string_view::npos;
    for (std::size_t n = 0; at != std::string_view::npos && n < kMostSuggestions; ++n) {
      const std::size_t begin = at + 2, end = std::min(line.find(", ", begin), line.size());
      suggestions += fmt::format("{}`{}`", n == 0 ? "" : ", ", line.substr(begin, end - begin));
      at = end < line.size() ? end : std::string_view::npos;
    }
    unknown.emplace(word, std::move(suggestions));
  }
  return unknown;
}

base::Result<std::map<std::string, std::string>> ask_hunspell(const std::string& program,
                                                              const Places& places) {
  system::ProcessRequest request;
  request.argv = {program, "-a", "-i", "UTF-8", "-d", "en_GB"};
  request.environment = system::current_environment();
  request.environment["LC_ALL"] = "C.UTF-8";
  for (const auto& [word, spans] : places) request.input += "^" + word + "\n";
  request.limits.timeout_ms = kTimeoutMs;
  request.limits.max_output_bytes = 64ULL << 20;
  const auto outcome = system::run_process(request);
  if (!outcome.ok()) return base::Failure{outcome.error()};
  if (!outcome.value().succeeded()) {
    const std::string& err = outcome.value().err;
    return base::Failure{
        fmt::format("hunspell failed: {}", err.substr(0, std::min(err.find('\n'), err.size())))};
  }
  return parse_answers(outcome.value().out);
}

void report_unchecked(const std::string& reason, diagnostics::Sink& sink) {
  sink.report({Code::kSpellingUnchecked,
               Severity::kWarning,
               {},
               fmt::format("spelling was not checked: {}", reason),
               {},
               "install `hunspell` and `hunspell-en-gb`"});
}

}  // namespace

void check_spelling(const model::Registry& registry, const SpellingOptions& options,
                    diagnostics::Sink& sink) {
  Dictionary dictionary = read_dictionary(options.dictionary, sink);
  const Places places = unknown_to(dictionary, registry);
  for (const auto& [word, line] : dictionary.lines) {
    if (dictionary.used.count(word) > 0) continue;
    const std::size_t begin = options.dictionary->line_start(line);
    sink.report({Code::kDictionary,
                 Severity::kWarning,
                 {options.dictionary, begin, begin + word.size()},
                 fmt::format("no page uses `{}`", word),
                 {},
                 "remove it"});
  }
  if (options.hunspell.empty()) return report_unchecked("hunspell is not installed", sink);
  const auto unknown = ask_hunspell(options.hunspell, places);
  if (!unknown.ok()) return report_unchecked(unknown.error(), sink);
  for (const auto& [word, suggestions] : unknown.value()) {
    const auto at = places.find(word);
    if (at == places.end()) continue;
    for (const base::Span& span : at->second) {
      sink.report(
          {Code::kSpelling,
           Severity::kError,
           span,
           fmt::format("`{}` is in no dictionary", word),
           {},
           suggestions.empty()
               ? "correct it, or add it to `content/dictionary.txt`"
               : fmt::format("did you mean {}? A word that is right goes into `content/dictionary.txt`",
                             suggestions)});
    }
  }
}

}  // namespace drillpress::writing
