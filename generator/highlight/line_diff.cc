#include "highlight/line_diff.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace drillpress::highlight {
namespace {

using Lines = std::vector<std::uint32_t>;  // equal lines have equal numbers

struct Range {
  std::size_t begin, end;
  std::size_t size() const { return end - begin; }
};

class Differ {
 public:
  Differ(const Lines& before, const Lines& after) : before_(before), after_(after) {}

  // Marks the lines of `before_` that are kept, in pairs with lines of `after_`.
  void match(Range a, Range b) {
    while (a.size() > 0 && b.size() > 0 && before_[a.begin] == after_[b.begin]) pair(a.begin++, b.begin++);
    while (a.size() > 0 && b.size() > 0 && before_[a.end - 1] == after_[b.end - 1]) pair(--a.end, --b.end);
    if (a.size() == 0 || b.size() == 0) return;
    if (a.size() == 1) {
      for (std::size_t j = b.begin; j < b.end; ++j) {
        if (before_[a.begin] == after_[j]) return pair(a.begin, j);
      }
      return;
    }
    const std::size_t middle = a.begin + a.size() / 2;
    const std::size_t split = b.begin + best_split({a.begin, middle}, {middle, a.end}, b);
    match({a.begin, middle}, {b.begin, split});
    match({middle, a.end}, {split, b.end});
  }

  std::vector<std::pair<std::size_t, std::size_t>> sorted_pairs() {
    std::sort(pairs_.begin(), pairs_.end());
    return std::move(pairs_);
  }

 private:
  void pair(std::size_t a, std::size_t b) { pairs_.emplace_back(a, b); }

  // How many lines of `b` go with the upper half so that both halves together keep the most lines.
  std::size_t best_split(Range upper, Range lower, Range b) const {
    std::vector<std::uint32_t> top(b.size() + 1), bottom(b.size() + 1);
    for (std::size_t i = upper.begin; i < upper.end; ++i) {
      std::uint32_t diagonal = 0;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::uint32_t above = top[j];
        top[j] = before_[i] == after_[b.begin + j - 1] ? diagonal + 1 : std::max(above, top[j - 1]);
        diagonal = above;
      }
    }
    for (std::size_t i = lower.end; i-- > lower.begin;) {
      std::uint32_t diagonal = 0;
      for (std::size_t j = b.size(); j-- > 0;) {
        const std::uint32_t below = bottom[j];
        bottom[j] = before_[i] == after_[b.begin + j] ? diagonal + 1 : std::max(below, bottom[j + 1]);
        diagonal = below;
      }
    }
    std::size_t best = 0;
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (top[j] + bottom[j] > top[best] + bottom[best]) best = j;
    }
    return best;
  }

  const Lines& before_;
  const Lines& after_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
};

Lines number_lines(std::string_view text, std::map<std::string_view, std::uint32_t>& numbers) {
  Lines lines;
  for (const std::string_view line : base::split_lines(text)) {
    lines.push_back(numbers.emplace(line, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  return lines;
}

}  // namespace

std::vector<DiffRow> line_diff(std::string_view before, std::string_view after) {
  std::map<std::string_view, std::uint32_t> numbers;
  const Lines a = number_lines(before, numbers);
  const Lines b = number_lines(after, numbers);
  Differ differ(a, b);
  differ.match({0, a.size()}, {0, b.size()});
  auto pairs = differ.sorted_pairs();
  pairs.emplace_back(a.size(), b.size());

  std::vector<DiffRow> rows;
  std::size_t i = 0;
  std::size_t j = 0;
  for (const auto& [same_before, same_after] : pairs) {
    for (; i < same_before; ++i)
      rows.push_back({LineChange::kRemoved, static_cast<std::uint32_t>(i), kNoLine});
    for (; j < same_after; ++j) rows.push_back({LineChange::kAdded, kNoLine, static_cast<std::uint32_t>(j)});
    if (i == a.size() && j == b.size()) break;
    rows.push_back({LineChange::kSame, static_cast<std::uint32_t>(i++), static_cast<std::uint32_t>(j++)});
  }
  return rows;
}

}  // namespace drillpress::highlight
