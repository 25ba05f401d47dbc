// Whole sets: which files are missing or unused, and that a set may be used from several threads.
#include <catch2/catch.hpp>
#include <thread>

#include "diagnostics/render.h"
#include "template/html_context.h"
#include "template_cases.h"

namespace drillpress::test {

using namespace templating;

namespace {

std::string findings_of(const std::vector<TemplateFile>& files, const Schema& schema, bool compiles) {
  diagnostics::Sink sink;
  CHECK(TemplateSet::compile(files, schema, sink).has_value() == compiles);
  std::string out;
  for (const auto& diagnostic : sink.sorted()) out += diagnostics::render_text(diagnostic);
  return out;
}

TemplateFile file(std::string name, std::string text) {
  return {name, base::make_source("templates/" + name, text)};
}

HtmlContext after(std::string_view markup) {
  HtmlContext context;
  context.feed(markup, 0);
  return context;
}

}  // namespace

TEST_CASE("a view without a file is an error, a file without a view is a warning") {
  const Schema schema = {{"guide.html", {"guide", {{"title", text(), ""}}}}};
  CHECK(findings_of({}, schema, false) ==
        "error: there is no template `guide.html` [template-include]\nhelp: add `templates/guide.html`\n");
  CHECK(findings_of({file("guide.html", "x\n"), file("giude.html", "y\n")}, schema, true) ==
        "templates/giude.html:1:1: warning: the template `giude.html` is used by no page [template-unused]\n"
        " 1 | y\n   | ^\nhelp: rename it to `guide.html`, if that is what it should replace\n");
}

TEST_CASE("faults of all files are reported in one run") {
  const Schema schema = {{"a.html", {"a", {}}}, {"b.html", {"b", {}}}};
  const std::string findings =
      findings_of({file("a.html", "{{ x }}\n"), file("b.html", "{% if %}\n")}, schema, false);
  CHECK(findings.find("templates/a.html:1:4") != std::string::npos);
  CHECK(findings.find("templates/b.html:1:7") != std::string::npos);
  CHECK(findings.find("templates/b.html:1:4: error: `if` is never closed") != std::string::npos);
}

TEST_CASE("the later file of a name replaces the earlier one") {
  diagnostics::Sink sink;
  const auto set = TemplateSet::compile({file("a.html", "built-in\n"), file("a.html", "own\n")},
                                        {{"a.html", {"a", {}}}}, sink);
  REQUIRE(set);
  CHECK(set->render("a.html", {}).value() == "own\n");
}

TEST_CASE("a partial that several views include is checked for each of them") {
  const Schema schema = {{"a.html", {"a", {{"x", text(), ""}}}}, {"b.html", {"b", {{"y", text(), ""}}}}};
  const std::string findings =
      findings_of({file("a.html", "{% include \"p.html\" %}\n"), file("b.html", "{% include \"p.html\" %}\n"),
                   file("p.html", "{{ x }}\n")},
                  schema, false);
  CHECK(findings.find("templates/p.html:1:4: error: unknown name `x`") != std::string::npos);
}

TEST_CASE("one set renders the same text on several threads") {
  const CompiledCase compiled = compile_case(
      "{% for item in items %}{{ item.title }}{% for tag in tags %}{{ tag }}{% end %}{% end %}\n");
  REQUIRE(compiled.set);
  const std::string expected = compiled.set->render("case.html", case_view()).value();
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) text = compiled.set->render("case.html", case_view()).value();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : texts) CHECK(text == expected);
}

TEST_CASE("the markup's context is followed through every construct") {
  using State = HtmlContext::State;
  struct Row {
    std::string_view markup;
    State state;
    std::string_view element, attribute;
  };
  const std::vector<Row> rows = {
      {"", State::kText, "", ""},
      {"a < b", State::kText, "", ""},
      {"<p", State::kTagName, "p", ""},
      {"<P ", State::kInTag, "p", ""},
      {"<p/", State::kInTag, "p", ""},
      {"<p hid", State::kAttributeName, "p", "hid"},
      {"<p hidden ", State::kInTag, "p", ""},
      {"<p CLASS=", State::kBeforeValue, "p", "class"},
      {"<p class=\"a", State::kDoubleQuoted, "p", "class"},
      {"<p class=\"a > b", State::kDoubleQuoted, "p", "class"},
      {"<p class='a", State::kSingleQuoted, "p", "class"},
      {"<p class=a", State::kUnquoted, "p", "class"},
      {"<p class=a>", State::kText, "", ""},
      {"<p class=\"a\">", State::kText, "", ""},
      {"<p class=>", State::kText, "", ""},
      {"</p", State::kTagName, "p", ""},
      {"</p>", State::kText, "", ""},
      {"<!-- <p ", State::kComment, "", ""},
      {"<!-- -- > --", State::kComment, "", ""},
      {"<!-- -->", State::kText, "", ""},
      {"<!doctype html", State::kMarkupDeclaration, "", ""},
      {"<!doctype html>", State::kText, "", ""},
      {"<script>", State::kRawText, "script", ""},
      {"<script>a < b </p>", State::kRawText, "script", ""},
      {"<script src=\"x\"></SCRIPT>", State::kText, "", ""},
      {"<style>p > a </style>", State::kText, "", ""},
      {"<title>", State::kEscapableText, "title", ""},
      {"<textarea><p>", State::kEscapableText, "textarea", ""},
      {"<title>x</title><p", State::kTagName, "p", ""},
      {"</script>", State::kText, "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.markup);
    const HtmlContext context = after(row.markup);
    CHECK(context.state() == row.state);
    if (row.state != State::kComment && row.state != State::kMarkupDeclaration)
      CHECK(context.element() == row.element);
    CHECK(context.attribute() == row.attribute);
  }
  CHECK(after("<b><i ").opened_at() == 3);
  CHECK(after("<b>").same_place(after("<i>x</i>")));
  CHECK_FALSE(after("<b ").same_place(after("<i ")));
}

}  // namespace drillpress::test
