#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "pipeline/code_parts.h"
#include "pipeline/counter_rows.h"
#include "pipeline/parallel.h"
#include "pipeline/programs.h"
#include "pipeline/view_parts.h"

using namespace drillpress;
using namespace drillpress::pipeline;

TEST_CASE("markers and hidden lines are not shown; numbers count the whole program") {
  const std::string code =
      "#include <x>\n// [hidden]\nsecret\n// [/hidden]\n// [kernel]\nbody\n// [/kernel]\nrest\n";
  CHECK(visible_code(code) == "#include <x>\nbody\nrest\n");
  CHECK(visible_code(code, "kernel") == "body\n");
  CHECK(visible_code(code, "none") == std::nullopt);
  CHECK(anchor_names(code) == std::vector<std::string>{"kernel"});
  const auto lines = visible_lines(code, "kernel");
  REQUIRE(lines);
  CHECK(lines->front().number == 6);
  CHECK(visible_code("x = a[0]  # [i]\n# [part]\ny\n# [/part]\n", "part") == "y\n");
}

TEST_CASE("numbers are for people") {
  CHECK(number_text(4) == "4");
  CHECK(number_text(4.5) == "4.5");
  CHECK(number_text(1.0 / 3) == "0.33");
  CHECK(number_text(2048) == "2048");
  CHECK(number_text(65536) == "65\u2009536");
  CHECK(number_text(1234567) == "1\u2009234\u2009567");
  CHECK(counted(1, "card", "cards") == "1 card");
}

TEST_CASE("a program's owner is the page or drill it belongs to") {
  CHECK(owner_of("transpose/mutants/no-barrier") == "transpose");
  CHECK(owner_of("coalescing#sectors") == "coalescing");
}

TEST_CASE("every counter has its words, and groups stand together") {
  std::vector<std::string_view> groups;
  for (const CounterRow& row : counter_rows()) {
    CHECK(find_counter_row(row.metric) == &row);
    CHECK_FALSE(row.explain.empty());
    if (groups.empty() || groups.back() != row.group) groups.push_back(row.group);
  }
  CHECK(groups.size() == 3);
}

TEST_CASE("work is done once for every index, whatever the threads") {
  for (const unsigned jobs : {1U, 2U, 7U}) {
    std::vector<std::atomic<int>> done(1000);
    for_each_index(done.size(), jobs, [&](std::size_t i) { ++done[i]; });
    CHECK(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; }));
  }
}

TEST_CASE("every verdict has a badge with words") {
  for (const auto verdict :
       {drill::Verdict::kRanOnGpu, drill::Verdict::kRanOnEngine, drill::Verdict::kRanOnHost,
        drill::Verdict::kReplayed, drill::Verdict::kCompiledOnly, drill::Verdict::kStale,
        drill::Verdict::kFailedAsExpected, drill::Verdict::kSkipped, drill::Verdict::kFailed}) {
    const auto badge = badge_of(verdict);
    CHECK_FALSE(badge_label(badge).empty());
    CHECK((badge == "failed") == (verdict == drill::Verdict::kFailed));
  }
}
