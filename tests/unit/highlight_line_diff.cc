#include <catch2/catch.hpp>
#include <random>

#include "base/text.h"
#include "highlight/line_diff.h"

using namespace drillpress::highlight;
namespace base = drillpress::base;

namespace {

// Rows as `=a`, `-b`, `+c`, from the lines' texts.
std::vector<std::string> shown(const std::string& before, const std::string& after) {
  const auto a = base::split_lines(before), b = base::split_lines(after);
  std::vector<std::string> out;
  for (const DiffRow& row : line_diff(before, after)) {
    switch (row.change) {
      case LineChange::kSame:
        CHECK(a.at(row.before) == b.at(row.after));
        out.push_back("=" + std::string(a[row.before]));
        break;
      case LineChange::kRemoved:
        CHECK(row.after == kNoLine);
        out.push_back("-" + std::string(a.at(row.before)));
        break;
      case LineChange::kAdded:
        CHECK(row.before == kNoLine);
        out.push_back("+" + std::string(b.at(row.after)));
        break;
    }
  }
  return out;
}

using Texts = std::vector<std::string>;

// Length of the longest common subsequence, the plain way.
std::size_t common_lines(const std::string& before, const std::string& after) {
  const auto a = base::split_lines(before), b = base::split_lines(after);
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      table[i][j] =
          a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : std::max(table[i - 1][j], table[i][j - 1]);
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

TEST_CASE("line diffs", "[highlight]") {
  CHECK(shown("", "").empty());
  CHECK(shown("a\n", "") == Texts{"-a"});
  CHECK(shown("", "a\nb") == Texts{"+a", "+b"});
  CHECK(shown("a\nb\nc\n", "a\nx\nc\n") == Texts{"=a", "-b", "+x", "=c"});
  CHECK(shown("a\nb\nc\nd\n", "b\nd\ne\n") == Texts{"-a", "=b", "-c", "=d", "+e"});
  CHECK(shown("a\nb\n", "c\nd\n") == Texts{"-a", "-b", "+c", "+d"});
}

TEST_CASE("line diffs are shortest and apply", "[highlight]") {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string before, after;
    for (unsigned i = random() % 12; i > 0; --i)
      before += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    for (unsigned i = random() % 12; i > 0; --i)
      after += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    std::string rebuilt_before, rebuilt_after;
    std::size_t same = 0;
    for (const std::string& row : shown(before, after)) {
      if (row[0] != '+') rebuilt_before += row.substr(1) + "\n";
      if (row[0] != '-') rebuilt_after += row.substr(1) + "\n";
      same += row[0] == '=' ? 1 : 0;
    }
    REQUIRE(rebuilt_before == before);
    REQUIRE(rebuilt_after == after);
    REQUIRE(same == common_lines(before, after));
  }
}
