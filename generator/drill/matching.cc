#include "drill/matching.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace drillpress::drill {
namespace {

constexpr std::size_t kShownLines = 8;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The number that begins the text and its length, or length 0. "inf" and "nan" count when they are whole
// words.
struct Number {
  double value = 0;
  std::size_t length = 0;
};

Number leading_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::size_t sign = negative || text.starts_with('+') ? 1 : 0;
  if (sign < text.size() && text[sign] == '-') return {};
  Number number;
  const auto [end, error] = std::from_chars(text.data() + sign, text.data() + text.size(), number.value);
  if (error != std::errc()) return {};
  const auto length = static_cast<std::size_t>(end - text.data());
  const bool word = !(text[sign] >= '0' && text[sign] <= '9') && text[sign] != '.';
  if (word && length < text.size() && is_letter_or_digit(text[length])) return {};
  if (negative) number.value = -number.value;
  number.length = length;
  return number;
}

bool near(double expected, double actual, double tolerance) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (std::isinf(expected)) return expected == actual;
  return std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

bool line_matches(std::string_view expected, std::string_view actual, Match match, double tolerance) {
  switch (match) {
    case Match::kExact:
      return expected == actual;
    case Match::kGlob:
      return matches_glob(expected, actual);
    case Match::kNumber:
      return matches_numbers(expected, actual, tolerance);
  }
  return false;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto lines = base::split_lines(text);
  // split_lines drops an empty last line; here it counts, for one line break at the end was taken already.
  if (text.ends_with('\n')) lines.emplace_back();
  return lines;
}

void append_lines(std::string& out, char mark, const std::vector<std::string_view>& lines, std::size_t from,
                  std::size_t to) {
  const std::size_t end = std::min(to, from + kShownLines);
  for (std::size_t i = from; i < end; ++i) out += std::string(1, mark) + " " + std::string(lines[i]) + "\n";
  if (end < to) out += std::string(1, mark) + " … (" + std::to_string(to - end) + " more)\n";
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_numbers(std::string_view expected, std::string_view actual, double tolerance) {
  bool in_word = false;  // digits inside a word ("sm_90") are compared as text
  while (!expected.empty() && !actual.empty()) {
    const Number a = in_word ? Number{} : leading_number(expected);
    const Number b = in_word ? Number{} : leading_number(actual);
    if (a.length > 0 && b.length > 0) {
      if (!near(a.value, b.value, tolerance)) return false;
      expected.remove_prefix(a.length);
      actual.remove_prefix(b.length);
      continue;
    }
    if (expected[0] != actual[0]) return false;
    in_word = is_letter_or_digit(expected[0]);
    expected.remove_prefix(1);
    actual.remove_prefix(1);
  }
  return expected.empty() && actual.empty();
}

std::optional<Mismatch> compare_output(std::string_view expected, std::string_view actual, Match match,
                                       double tolerance) {
  const auto wanted = lines_of(expected), got = lines_of(actual);
  const std::size_t shared = std::min(wanted.size(), got.size());
  std::size_t first = 0;
  while (first < shared && line_matches(wanted[first], got[first], match, tolerance)) ++first;
  if (first == wanted.size() && first == got.size()) return std::nullopt;

  std::size_t tail = 0;
  while (tail < shared - first &&
         line_matches(wanted[wanted.size() - 1 - tail], got[got.size() - 1 - tail], match, tolerance)) {
    ++tail;
  }
  Mismatch out;
  out.line = static_cast<std::uint32_t>(first + 1);
  if (first < wanted.size()) out.expected = std::string(wanted[first]);
  if (first < got.size()) out.actual = std::string(got[first]);
  append_lines(out.diff, '-', wanted, first, wanted.size() - tail);
  append_lines(out.diff, '+', got, first, got.size() - tail);
  out.diff.pop_back();
  return out;
}

}  // namespace drillpress::drill
