#include "markdown_fixture.h"

using namespace drillpress::markdown;
using namespace drillpress::markdown::testing;

TEST_CASE("every author mistake is reported at its smallest place", "[markdown]") {
  const auto [text, expected] = GENERATE(table<std::string, Texts>({
      {"a <b>x</b> c\n", {"raw-html@<b>"}},
      {"text <kbd>\n", {"raw-html@<kbd>"}},
      {"use vector<int> here\n", {"raw-html@<int>"}},
      {"> <div class=\"x\">\n> text\n> </div>\n", {"raw-html@<div class=\"x\">"}},
      {"<div>\n\ntext\n\n</div>\n", {"raw-html@<div>"}},
      {"<!-- fine -->\n\na <!-- fine --> b\n", {}},
      {"<!-- c --> lost\n", {"raw-html@lost"}},
      {"<!-- open\n\nlost\n", {"raw-html@<!--"}},
      {"> [!NOTES]\n> x\n", {"unknown-alert@NOTES"}},
      {"> [!NOTE] x\n", {"unknown-alert@[!NOTE]"}},
      {"## a {#x}\n\n## b {#x}\n", {"duplicate-id@x"}},
      {"## a {#x}\n\n- b {#x}\n", {"duplicate-id@x"}},
      {"## a {#Not_Good}\n", {"invalid-id@Not_Good"}},
      {"a {#b} c\n", {"misplaced-id@{#b}"}},
      {"## {#b} c\n", {"misplaced-id@{#b}"}},
      {"a {{ drill x\n\nb }}\n", {"directive-syntax@{{"}},
      {"a {{ }}\n", {"directive-syntax@{{ }}"}},
      {"a {{ Drill }}\n", {"directive-syntax@Drill"}},
      {"a {{1,2},{3,4}}\n", {"directive-syntax@1,2},{3,4"}},
      {"a {{ evidence \"x }}\n", {"directive-syntax@\"x "}},
      {"```cuda a=\"x\n```\n", {"fence-attribute@\"x"}},
      {"```cuda =x\n```\n", {"fence-attribute@=x"}},
      {"```cuda a=\"x\"y\n```\n", {"fence-attribute@y"}},
      {"```cuda \"x\"\n```\n", {"fence-attribute@\"x\""}},
      {"```cuda a=1 a=2\n```\n", {"duplicate-attribute@a"}},
      {"```cuda\nx\n", {"unclosed-fence@```cuda"}},
      {"> ```cuda\n> x\n\ny\n", {"unclosed-fence@```cuda"}},
      {"```cuda\nx\n```\n", {}},
      {"a[^x]\n", {"unknown-footnote@[^x]"}},
      {"a\n\n[^x]: never\n", {"unused-footnote@[^x]"}},
      {"a[^x]\n\n[^x]:\n\n    - list\n", {}},
      {std::string("a\0b\n", 4), {std::string("nul-byte@\0", 10)}},
  }));
  CAPTURE(text);
  CHECK(parse(text).codes() == expected);
}

TEST_CASE("messages name the fix", "[markdown]") {
  const auto shown = [](const std::string& text) {
    return drillpress::diagnostics::render_text(parse(text).findings.at(0));
  };
  CHECK(shown("x\n> [!WARNNG]\n> y\n") ==
        "a.md:2:5: error: unknown kind of callout `WARNNG` [unknown-alert]\n"
        " 2 | > [!WARNNG]\n"
        "   |     ^~~~~~\n"
        "help: replace `WARNNG` with `WARNING`\n");
  CHECK(shown("é <kbd>x</kbd>\n") ==
        "a.md:1:3: error: raw html `<kbd>` is not allowed [raw-html]\n"
        " 1 | é <kbd>x</kbd>\n"
        "   |   ^~~~~\n"
        "help: put the key between backticks\n");
  CHECK(shown("a vector<T>\n").find("help: if `<T>` is code, put it between backticks") != std::string::npos);
}

TEST_CASE("mistakes inside table cells and quotes point into the file", "[markdown]") {
  CHECK(parse("> | a |\n> |---|\n> | x \\| <b> {{ |\n").codes() ==
        Texts{"raw-html@<b>", "directive-syntax@{{"});
}
