#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "diagnostics/render.h"
#include "diagnostics/sink.h"

using namespace drillpress;
using diagnostics::Code;
using diagnostics::Severity;

namespace {

base::Span span_of(const base::SourcePtr& source, std::string_view what) {
  const std::size_t at = source->text().find(what);
  REQUIRE(at != std::string::npos);
  return {source, at, at + what.size()};
}

}  // namespace

TEST_CASE("a diagnostic shows the line, carets under the span, and the fix") {
  const auto source = base::make_source("content/cards/a.md", "first\nSee {{ drill reduce-shfl }} for\n");
  const diagnostics::Diagnostic d{Code::kUnknownDrill,
                                  Severity::kError,
                                  span_of(source, "reduce-shfl"),
                                  "unknown drill `reduce-shfl`",
                                  {},
                                  "replace `reduce-shfl` with `reduce-shuffle`"};
  CHECK(diagnostics::render_text(d) ==
        "content/cards/a.md:2:14: error: unknown drill `reduce-shfl` [unknown-drill]\n"
        " 2 | See {{ drill reduce-shfl }} for\n"
        "   |              ^~~~~~~~~~~\n"
        "help: replace `reduce-shfl` with `reduce-shuffle`\n");
}

TEST_CASE("carets stay under wide characters and tabs") {
  const auto source = base::make_source("a", "\t\xE6\xBC\xA2 bad\n");
  const diagnostics::Diagnostic d{Code::kBadField, Severity::kWarning, span_of(source, "bad"), "m"};
  CHECK(diagnostics::render_text(d) ==
        "a:1:4: warning: m [bad-field]\n 1 |  \xE6\xBC\xA2 bad\n   |     ^~~\n");
}

TEST_CASE("a very long line is cut around the span") {
  const auto source = base::make_source("a", std::string(5000, 'x') + "BAD" + std::string(5000, 'y'));
  const std::string text =
      diagnostics::render_text({Code::kBadField, Severity::kError, span_of(source, "BAD"), "m"});
  CHECK(text.size() < 600);
  CHECK(text.find("xBADy") != std::string::npos);
}

TEST_CASE("a span over several lines or at the end of the file is underlined on its first line") {
  const auto source = base::make_source("a", "one\ntwo");
  CHECK(diagnostics::render_text({Code::kBadField, Severity::kError, {source, 1, 7}, "m"}) ==
        "a:1:2: error: m [bad-field]\n 1 | one\n   |  ^~\n");
  CHECK(diagnostics::render_text({Code::kBadField, Severity::kError, {source, 7, 7}, "m"}) ==
        "a:2:4: error: m [bad-field]\n 2 | two\n   |    ^\n");
}

TEST_CASE("a terminal is sent no commands and no bytes that are not UTF-8") {
  const auto source = base::make_source("a", "x \x1b[31mred\xE9 BAD");
  const std::string text = diagnostics::render_text(
      {Code::kBadField, Severity::kError, span_of(source, "BAD"), "quotes `\x1b[2J`"});
  CHECK(text ==
        "a:1:13: error: quotes `\uFFFD[2J` [bad-field]\n 1 | x \uFFFD[31mred\uFFFD BAD\n   |             "
        "^~~\n");
}

TEST_CASE("a diagnostic without a place has only its message") {
  CHECK(diagnostics::render_text({Code::kEnvironment, Severity::kError, {}, "disk full"}) ==
        "error: disk full [environment]\n");
}

TEST_CASE("JSON carries everything, also for bytes that are not UTF-8") {
  const auto source = base::make_source("a.md", "one\ntwo\n");
  const diagnostics::Diagnostic d{Code::kBadField, Severity::kError,           {source, 4, 7},
                                  "bad \xff byte", {{{source, 0, 3}, "here"}}, "fix it"};
  const auto list = nlohmann::json::parse(diagnostics::render_json({d}));
  REQUIRE(list.size() == 1);
  CHECK(list[0]["code"] == "bad-field");
  CHECK(list[0]["severity"] == "error");
  CHECK(list[0]["span"]["file"] == "a.md");
  CHECK(list[0]["span"]["line"] == 2);
  CHECK(list[0]["span"]["end_column"] == 4);
  CHECK(list[0]["notes"][0]["span"]["line"] == 1);
  CHECK(list[0]["help"] == "fix it");
}

TEST_CASE("the sink sorts by place and drops repetitions, from any number of threads") {
  const auto a = base::make_source("a", "xxxxxxxxxx"), b = base::make_source("b", "xxxxxxxxxx");
  diagnostics::Sink sink;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < 5; ++i) {
        sink.report({Code::kBadField, Severity::kError, {b, i, i + 1}, "m"});
        sink.report({Code::kBadField, Severity::kWarning, {a, i, i + 1}, "m"});
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto sorted = sink.sorted();
  REQUIRE(sorted.size() == 10);
  CHECK(sorted.front().span.source->path() == "a");
  CHECK(sorted.back().span.begin == 4);
  CHECK(sink.has_errors());
}

TEST_CASE("every row of the table of codes can be found, is sorted and explains itself") {
  std::set<std::string_view> names;
  std::string_view before;
  for (const auto& row : diagnostics::all_codes()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(before < row.name);
    before = row.name;
    CHECK(diagnostics::find_code(row.name) == row.code);
    CHECK(diagnostics::info(row.code).name == row.name);
    CHECK(row.brief.size() > 10);
    CHECK_FALSE(row.brief.ends_with("."));
    CHECK(row.explanation.size() > row.brief.size());
  }
  CHECK(diagnostics::find_code("no-such-code") == std::nullopt);
}
