#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "markdown_fixture.h"

using namespace drillpress::markdown;
using namespace drillpress::markdown::testing;
namespace base = drillpress::base;
namespace diagnostics = drillpress::diagnostics;

namespace {

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string visible(std::string text) {
  text = base::replace_all(text, "\n", "\\n");
  return base::replace_all(base::replace_all(text, "\r", "\\r"), "\t", "\\t");
}

std::uint32_t depth_of(const Document& document) {
  std::uint32_t depth = 0;
  for (const Node& node : document.nodes()) depth = std::max(depth, node.depth);
  return depth;
}

}  // namespace

TEST_CASE("pathological input is finished, bounded in depth, and rendered", "[markdown]") {
  constexpr int kTimes = 50000;
  std::string lists;
  for (int i = 0; i < 600; ++i) lists += std::string(static_cast<std::size_t>(2 * i), ' ') + "- a\n";
  const auto [text, too_deep] = GENERATE_COPY(table<std::string, bool>({
      {repeat("> ", kTimes) + "a", true},
      {repeat("- ", kTimes) + "a", true},
      {repeat("1. ", kTimes) + "a", true},
      {lists, true},
      {repeat("*a **a ", kTimes) + repeat("b** b* ", kTimes), true},
      {repeat("[", kTimes) + "a" + repeat("]", kTimes), false},
      {repeat("[a](", kTimes), false},
      {repeat("![[]()", kTimes / 10), false},
      {repeat("[^a", kTimes), false},
      {repeat("a**b", kTimes) + repeat("c* ", kTimes), false},
      {repeat("*", kTimes) + "a" + repeat("_", kTimes), false},
      {repeat("{{ ", kTimes), false},
      {repeat("{{ \"", kTimes), false},
      {"{{ \"" + repeat("{{ a ", kTimes), false},
      {repeat("{#", kTimes), false},
      {repeat("<!--", kTimes), false},
      {"a " + repeat("<!-- ", kTimes), false},
      {repeat("&", kTimes), false},
      {repeat("\\", kTimes), false},
      {repeat("|", kTimes / 10) + "\n" + repeat("|-", 1000), false},
      {repeat("> [!NOTE]\n\n", 2000), false},
      {repeat("> [!STRONG]\n> a\n\n", 5000), false},
      {repeat("## a\n", 5000), false},
  }));
  CAPTURE(text.substr(0, 20));
  const Parsed p = parse(text);
  CHECK(depth_of(p.document) <= kMaxDepth);
  const bool reported = std::any_of(p.findings.begin(), p.findings.end(), [](const auto& d) {
    return d.code == diagnostics::Code::kNestingTooDeep;
  });
  CHECK(reported == too_deep);
  CHECK(render_html(p.document).size() < 40 * text.size() + 100000);
}

TEST_CASE("many runs of backticks of different lengths", "[markdown]") {
  std::string text;
  for (int i = 1; i < 1500; ++i) text += "e" + std::string(static_cast<std::size_t>(i), '`');
  CHECK(parse(text).count(Kind::kCodeSpan) == 0);
}

TEST_CASE("positions hold for random text made of syntax", "[markdown]") {
  const std::vector<std::string> pieces = {"a",
                                           "word ",
                                           "*",
                                           "**",
                                           "_",
                                           "`",
                                           "``",
                                           "[",
                                           "]",
                                           "(",
                                           ")",
                                           "](/u)",
                                           "![",
                                           "[x]",
                                           "[x]: /u\n",
                                           "<",
                                           ">",
                                           "<http://x.y>",
                                           "http://z.w/q",
                                           "me@x.yz",
                                           "\\",
                                           "&amp;",
                                           "&",
                                           "\n",
                                           "\n\n",
                                           "> ",
                                           "- ",
                                           "1. ",
                                           "  ",
                                           "    ",
                                           "\t",
                                           "# ",
                                           "\n---\n",
                                           "\n===\n",
                                           "```\n",
                                           "~~",
                                           "|",
                                           "\n|-|-|\n",
                                           "| b ",
                                           "[^n]",
                                           "\n\n[^n]: ",
                                           "{{ d x }}",
                                           "{#i}",
                                           "{{",
                                           "}}",
                                           "[ ] ",
                                           "é",
                                           "\r\n",
                                           "<!-- c -->",
                                           "  \n"};
  std::mt19937 random(20260301);
  for (int round = 0; round < 60000; ++round) {
    std::string text;
    for (unsigned i = random() % 24; i > 0; --i) text += pieces[random() % pieces.size()];
    diagnostics::Sink sink;
    const Document document = parse_document(base::make_source("r.md", text), 0, sink, {true, true});
    const auto errors = position_errors(document);
    if (!errors.empty()) {
      CAPTURE(visible(text));
      CHECK(errors == std::vector<std::string>{});
      break;
    }
    for (const auto& d : sink.sorted()) REQUIRE(d.span.end <= text.size());
  }
}

TEST_CASE("bytes that are no UTF-8 do no harm", "[markdown]") {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (unsigned i = random() % 60; i > 0; --i) {
      const unsigned roll = random() % 4;
      text += roll == 0 ? static_cast<char>(random() % 256) : "*[]()`<>#-_\n|~&{} !:^x"[random() % 22];
    }
    diagnostics::Sink sink;
    const Document document = parse_document(base::make_source("r.md", text), 0, sink);
    for (const Node& node : document.nodes()) REQUIRE(node.source_end <= text.size());
    render_html(document);
  }
}

TEST_CASE("parsing from many threads gives the same documents", "[markdown]") {
  const std::string text =
      repeat("- [ ] ~~a~~ www.x.yz {{ d x }} [^n] `c` {#i}\n\n| a |\n|---|\n| me@x.yz |\n\n", 20) +
      "[^n]: note\n";
  const auto html = [&text] {
    diagnostics::Sink sink;
    return render_html(parse_document(base::make_source("t.md", text), 0, sink));
  };
  const std::string expected = html();
  CHECK(expected.find("<del>") != std::string::npos);
  CHECK(expected.find("http://www.x.yz") != std::string::npos);
  std::vector<int> different(8);
  std::vector<std::thread> threads;
  for (int& count : different) {
    threads.emplace_back([&] {
      for (int i = 0; i < 40; ++i) count += html() == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(different == std::vector<int>(8));
}
