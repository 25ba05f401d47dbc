// Which lines two versions of a program share, for showing what a step of a drill changes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace drillpress::highlight {

enum class LineChange : std::uint8_t { kSame, kRemoved, kAdded };

inline constexpr std::uint32_t kNoLine = 0xFFFFFFFF;

/// Line numbers are from 0; kNoLine in the version that does not have the line.
struct DiffRow {
  LineChange change;
  std::uint32_t before;
  std::uint32_t after;
};

/// A shortest edit of lines (longest common subsequence; Hirschberg, CACM 18(6), 1975), in order; where both
/// versions changed, removed lines come first. Time is the product of the changed parts' line counts.
std::vector<DiffRow> line_diff(std::string_view before, std::string_view after);

}  // namespace drillpress::highlight
