#include "pipeline/quantity_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/text.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

constexpr int kMostDecimals = 6;
constexpr std::string_view kNoBreakSpace = "\u00a0";

struct UnitRow {
  std::string_view name;
  double scale;
  std::string_view unit;
};
constexpr UnitRow kUnits[] = {
    {"percent", 100, "%"},
    {"bytes", 1, "bytes"},
    {"kB", 1e-3, "kB"},
    {"MB", 1e-6, "MB"},
    {"GB", 1e-9, "GB"},
    {"KiB", 1.0 / (1 << 10), "KiB"},
    {"MiB", 1.0 / (1 << 20), "MiB"},
    {"GiB", 1.0 / (1 << 30), "GiB"},
};
constexpr std::string_view kNumberWords[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                             "seven", "eight", "nine", "ten",   "eleven", "twelve"};

std::string grouped(std::string text) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

}  // namespace

std::optional<QuantityFormat> parse_quantity_format(const std::vector<Word>& words, diagnostics::Sink& sink) {
  QuantityFormat format;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const bool digit = word.size() == 1 && word[0] >= '0' && word[0] <= '0' + kMostDecimals;
    if (digit && i + 1 < words.size() &&
        (words[i + 1].text == "decimal" || words[i + 1].text == "decimals")) {
      format.decimals = word[0] - '0';
      ++i;
      continue;
    }
    if (word == "plain" || word == "word") {
      (word == "plain" ? format.plain : format.word) = true;
      continue;
    }
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const UnitRow& row) { return row.name == word; });
    if (unit == std::end(kUnits)) {
      std::vector<std::string> known = {"decimals", "plain", "word"};
      for (const UnitRow& row : kUnits) known.emplace_back(row.name);
      const auto near = base::nearest(word, known);
      sink.report({Code::kBadCitation,
                   Severity::kError,
                   words[i].span,
                   fmt::format("`{}` is not a way to write a number", word),
                   {},
                   near ? fmt::format("replace `{}` with `{}`", word, *near)
                        : fmt::format("after `as` come: `1 decimal` (0 to {}), {}", kMostDecimals,
                                      fmt::join(known.begin() + 1, known.end(), ", "))});
      return std::nullopt;
    }
    format.scale = unit->scale;
    format.unit = unit->unit;
  }
  return format;
}

std::string quantity_text(double value, const QuantityFormat& format) {
  const double scaled = value * format.scale;
  if (format.word && scaled >= 0 && scaled < std::size(kNumberWords) && scaled == std::floor(scaled))
    return std::string(kNumberWords[static_cast<std::size_t>(scaled)]);
  std::string text = fmt::format("{:.{}f}", scaled, format.decimals.value_or(2));
  if (!format.decimals) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  if (text.find_first_of("123456789") == std::string::npos && text.starts_with('-')) text.erase(0, 1);
  if (!format.plain) text = grouped(std::move(text));
  if (!format.unit.empty()) text += std::string(kNoBreakSpace) + std::string(format.unit);
  return text;
}

}  // namespace drillpress::pipeline
