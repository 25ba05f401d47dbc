#include "drill/matching.h"

#include <catch2/catch.hpp>

using namespace drillpress::drill;

TEST_CASE("drill: exact output differs at its first line that differs") {
  CHECK_FALSE(compare_output("a\nb\n", "a\nb\n", Match::kExact, 0));
  CHECK_FALSE(compare_output("a\nb", "a\nb\n", Match::kExact, 0));
  CHECK_FALSE(compare_output("", "", Match::kExact, 0));
  CHECK_FALSE(compare_output("\n", "", Match::kExact, 0));

  const auto second = compare_output("a\nb\nc\n", "a\nB\nc\n", Match::kExact, 0);
  REQUIRE(second);
  CHECK(second->line == 2);
  CHECK(*second->expected == "b");
  CHECK(*second->actual == "B");
  CHECK(second->diff == "- b\n+ B");

  const auto early = compare_output("a\nb\n", "a\n", Match::kExact, 0);
  REQUIRE(early);
  CHECK(early->line == 2);
  CHECK(*early->expected == "b");
  CHECK_FALSE(early->actual);

  const auto late = compare_output("a\n", "a\nx\n", Match::kExact, 0);
  REQUIRE(late);
  CHECK(late->line == 2);
  CHECK_FALSE(late->expected);
  CHECK(*late->actual == "x");

  CHECK(compare_output("a\n\n", "a\n", Match::kExact, 0));  // only one line break at the end is free
  CHECK(compare_output("a ", "a", Match::kExact, 0));
}

TEST_CASE("drill: a long difference is shown in part") {
  std::string many;
  for (int i = 0; i < 20; ++i) many += "x\n";
  const auto mismatch = compare_output("", many, Match::kExact, 0);
  REQUIRE(mismatch);
  CHECK(mismatch->diff.find("+ … (12 more)") != std::string::npos);
}

TEST_CASE("drill: glob patterns") {
  CHECK(matches_glob("*", ""));
  CHECK(matches_glob("a*c", "abbc"));
  CHECK(matches_glob("a*b*c", "aXbYbZc"));
  CHECK(matches_glob("?b", "ab"));
  CHECK_FALSE(matches_glob("a*c", "ab"));
  CHECK_FALSE(matches_glob("?", ""));
  CHECK_FALSE(matches_glob("a", "ab"));
  CHECK_FALSE(compare_output("time: * ms\nok\n", "time: 12 ms\nok\n", Match::kGlob, 0));
  CHECK(compare_output("time: * ms\nok\n", "time: 12 ms\nno\n", Match::kGlob, 0));
}

TEST_CASE("drill: numbers match within a relative tolerance, words exactly") {
  CHECK(matches_numbers("sum = 1.0", "sum = 1.0000001", 1e-6));
  CHECK_FALSE(matches_numbers("sum = 1.0", "sum = 1.1", 1e-6));
  CHECK_FALSE(matches_numbers("sum = 1.0", "product = 1.0", 1e-6));
  CHECK(matches_numbers("1e6", "1000000.5", 1e-6));  // relative to the expected value
  CHECK_FALSE(matches_numbers("1e6", "1000002", 1e-6));
  CHECK(matches_numbers("0", "0.0000001", 1e-6));  // near zero relative to 1
  CHECK(matches_numbers("[1, -2, 3]", "[1.0, -2.0, 3.0]", 0));
  CHECK_FALSE(matches_numbers("-2", "2", 0.5));
  CHECK(matches_numbers("nan inf -inf", "nan inf -inf", 0));
  CHECK_FALSE(matches_numbers("nan", "1", 10));
  CHECK_FALSE(matches_numbers("1", "nan", 10));
  CHECK_FALSE(matches_numbers("inf", "-inf", 10));
  CHECK_FALSE(matches_numbers("1", "inf", 10));
  CHECK_FALSE(matches_numbers("sm_90", "sm_91", 10));  // digits within a word are text
  CHECK_FALSE(matches_numbers("information 1", "infinity 1", 10));
  CHECK_FALSE(matches_numbers("1 2", "1", 10));
  CHECK_FALSE(matches_numbers("1", "1 2", 10));
}
