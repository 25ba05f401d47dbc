// Output blocks and their differences as text: merging with patterns, unified diffs.
#include <catch2/catch.hpp>

#include "pipeline/accept.h"
#include "pipeline/test_report.h"
#include "pipeline/unified_diff.h"

using namespace drillpress;
using namespace drillpress::pipeline;

namespace {

drill::ExpectedOutput expected(const std::string& text, drill::Match match, double tolerance = 0) {
  drill::ExpectedOutput out;
  out.text = text;
  out.match = match;
  out.tolerance = tolerance;
  return out;
}

}  // namespace

TEST_CASE("pipeline: lines that a pattern still covers stay as the author wrote them") {
  const auto glob = [](const std::string& text) { return expected(text, drill::Match::kGlob); };
  CHECK(merge_output(glob("a *\nb\nc *\n"), "a 1\nx\ny\nc 2\n") == "a *\nx\ny\nc *\n");
  CHECK(merge_output(glob("*\n"), "") == "");
  CHECK(merge_output(glob(""), "a\n\nb") == "a\n\nb\n");
  CHECK(merge_output(glob("a *\n"), "b\na 1\n") == "b\na *\n");
  CHECK(merge_output(expected("v 1.0\nw 2\n", drill::Match::kNumber, 0.1), "v 1.05\nw 3\n") ==
        "v 1.0\nw 3\n");
  CHECK(merge_output(expected("a *\n", drill::Match::kExact), "a 1\n") == "a 1\n");
}

TEST_CASE(
    "pipeline: a unified diff has hunks with three lines around, and says where a last line break is "
    "missing") {
  CHECK(render_unified_diff("f", "a\n", "a\n").empty());
  CHECK(render_unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n") ==
        "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  CHECK(render_unified_diff("f", "", "a\n") == "--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(render_unified_diff("f", "a\nb", "a\nb\nc") ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at "
        "end of file\n");
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 4 || i == 25 ? "x" : std::to_string(i)) + "\n";
  }
  const std::string two = render_unified_diff("f", before, after);
  CHECK(two.find("@@ -2,7 +2,7 @@") != std::string::npos);
  CHECK(two.find("@@ -23,7 +23,7 @@") != std::string::npos);
}

TEST_CASE("pipeline: a report is valid XML whatever the text") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  TestCase test{"suite", every, "file.md", 3, Outcome::kFailed, every, every + "]]>\xEF\xBF\xBF"};
  const std::string xml = render_junit({test});
  for (const char c : xml) CHECK((c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(xml.find("]]>") == std::string::npos);
  CHECK(xml.find("\u2400\u2401") != std::string::npos);
  CHECK(xml.find("&#9;&#10;\u240B") != std::string::npos);
  CHECK(xml.find("failures=\"1\"") != std::string::npos);
}
