#include "lockstep/forms.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>
#include <vector>

#include "lockstep/instruction_set.h"

namespace drillpress::lockstep {
namespace {

/// One place of a pattern: alternatives (without dots), which may be absent if optional.
struct Place {
  std::vector<std::string_view> alternatives;
  bool optional = false;
};
struct Pattern {
  std::vector<Place> places;
  std::uint32_t row = 0;
};

std::vector<std::string_view> split_alternatives(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    std::string_view part = text.substr(0, bar);
    if (!part.empty() && part.front() == '.') part.remove_prefix(1);
    parts.push_back(part);
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
  }
  return parts;
}

/// The pattern after the opcode.
Pattern parse_pattern(std::string_view text, std::uint32_t row) {
  Pattern pattern;
  pattern.row = row;
  while (!text.empty()) {
    Place place;
    std::size_t end = 0;
    if (text.front() == '{') {
      end = text.find('}') + 1;
      place.optional = true;
      place.alternatives = split_alternatives(text.substr(1, end - 2));
    } else if (text.substr(0, 2) == ".(") {
      end = text.find(')') + 1;
      place.alternatives = split_alternatives(text.substr(2, end - 3));
    } else {
      end = text.find_first_of(".{", 1);
      if (end == std::string_view::npos) end = text.size();
      place.alternatives = {text.substr(1, end - 1)};
    }
    pattern.places.push_back(std::move(place));
    text.remove_prefix(end);
  }
  return pattern;
}

bool matches(const Pattern& pattern, std::size_t place, const std::vector<std::string_view>& suffixes,
             std::size_t at) {
  if (place == pattern.places.size()) return at == suffixes.size();
  const Place& here = pattern.places[place];
  if (at < suffixes.size()) {
    for (const std::string_view alternative : here.alternatives) {
      if (alternative == suffixes[at] && matches(pattern, place + 1, suffixes, at + 1)) return true;
    }
  }
  return here.optional && matches(pattern, place + 1, suffixes, at);
}

using Table = std::unordered_map<std::string_view, std::vector<Pattern>>;
const Table& patterns() {
  static const Table table = [] {
    Table built;
    for (std::uint32_t row = 0; row < kInstructionRowCount; ++row) {
      const std::string_view text = kInstructionRows[row].pattern;
      const std::size_t end = std::min(text.find_first_of(".{"), text.size());
      built[text.substr(0, end)].push_back(parse_pattern(text.substr(end), row));
    }
    return built;
  }();
  return table;
}

}  // namespace

std::string form_of(const ptx::Instruction& instruction) {
  std::string form(ptx::name(instruction.opcode));
  for (const ptx::Modifier modifier : instruction.modifiers) form.append(".").append(ptx::text(modifier));
  return form;
}

std::optional<std::uint32_t> find_row(const ptx::Instruction& instruction) {
  const auto found = patterns().find(ptx::name(instruction.opcode));
  if (found == patterns().end()) return std::nullopt;
  const bool selects =  // no row takes a part of a register
      std::any_of(instruction.operands.begin(), instruction.operands.end(),
                  [](const ptx::Operand& operand) { return !operand.selector.empty(); });
  if (selects) return std::nullopt;
  std::vector<std::string_view> suffixes;
  for (const ptx::Modifier modifier : instruction.modifiers) suffixes.push_back(ptx::text(modifier));
  for (const Pattern& pattern : found->second) {
    if (matches(pattern, 0, suffixes, 0)) return pattern.row;
  }
  return std::nullopt;
}

std::uint32_t internal_row(std::string_view name) {
  for (std::uint32_t row = 0; row < kInstructionRowCount; ++row) {
    const std::string_view pattern = kInstructionRows[row].pattern;
    if (pattern.front() == '~' && pattern.substr(1) == name) return row;
  }
  fmt::print(stderr, "internal error: no instruction row ~{}\n", name);
  std::abort();
}

}  // namespace drillpress::lockstep
