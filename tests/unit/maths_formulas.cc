// MathML is cleaned by an allow-list, and the cache of typeset formulas cannot be changed unnoticed.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "diagnostics/sink.h"
#include "maths/cache.h"
#include "maths/mathml.h"
#include "maths/temml.h"

using namespace drillpress;
using namespace drillpress::maths;

namespace {

std::string cleaned(const std::string& mathml) {
  const auto result = clean_mathml(mathml);
  return result.ok() ? result.value() : "refused: " + result.error();
}

bool refused(const std::string& mathml) {
  return !clean_mathml(mathml).ok();
}

Typeset parsed(const std::string& text, std::size_t faults) {
  diagnostics::Sink sink;
  Typeset formulas = parse_cache(base::make_source("content/maths/cache.jsonl", text), sink);
  CHECK(sink.error_count() == faults);
  for (const auto& d : sink.sorted()) CHECK(d.code == diagnostics::Code::kFormulaCache);
  return formulas;
}

const Typeset kTwo = {{{"x^2", false}, "<math><msup><mi>x</mi><mn>2</mn></msup></math>"},
                      {{"x^2", true}, "<math display=\"block\"><msup><mi>x</mi><mn>2</mn></msup></math>"}};

}  // namespace

TEST_CASE("inline styles become classes and other MathML stays", "[maths]") {
  CHECK(cleaned("<math><mi>x</mi></math>") == "<math><mi>x</mi></math>");
  CHECK(cleaned("<math><mspace width=\"1em\"/></math>") == "<math><mspace width=\"1em\"></mspace></math>");
  CHECK(
      cleaned(
          "<math display=\"block\" class=\"tml-display\" style=\"display:block math;\"><mi>α</mi></math>") ==
      "<math display=\"block\" class=\"tml-display\"><mi>α</mi></math>");
  CHECK(
      cleaned("<math><mtd class=\"tml-left\" style=\"padding-left:1em;padding-right:0em;\"></mtd></math>") ==
      "<math><mtd class=\"tml-left tml-l1 tml-r0\"></mtd></math>");
  CHECK(
      cleaned("<math><mo>&lt;</mo><annotation encoding=\"application/x-tex\">a&amp;b</annotation></math>") ==
      "<math><mo>&lt;</mo><annotation encoding=\"application/x-tex\">a&amp;b</annotation></math>");
}

TEST_CASE("cleaning twice is cleaning once", "[maths]") {
  const std::string once = cleaned(
      "<math><mrow style=\"padding:3pt;border:1px solid;\"><mo stretchy=\"false\" class=\"wbk-acc\" "
      "style=\"math-depth:0;\">ˆ</mo></mrow></math>");
  CHECK(once ==
        "<math><mrow class=\"tml-fbox\"><mo stretchy=\"false\" class=\"wbk-acc "
        "tml-flat\">ˆ</mo></mrow></math>");
  CHECK(cleaned(once) == once);
}

TEST_CASE("what could run, load, lead away or break out is refused", "[maths]") {
  const char* cases[] = {
      "",
      "plain text",
      "<math>",
      "<math><mi>x</math></mi>",
      "<math></math><math></math>",
      "<math></math>text",
      "<p><math></math></p>",
      "<math><script>alert(1)</script></math>",
      "<math><mi href=\"javascript:alert(1)\">x</mi></math>",
      "<math><a>x</a></math>",
      "<math><mi onclick=\"x\">x</mi></math>",
      "<math><mi class=\"a&quot;b\">x</mi></math>",
      "<math><mi class=\"a(b)\">x</mi></math>",
      "<math><mi style=\"background:url(x)\">x</mi></math>",
      "<math><mi style=\"color:#ff0000\">x</mi></math>",
      "<math><mglyph src=\"x\"></mglyph></math>",
      "<math><maction actiontype=\"toggle\"></maction></math>",
      "<math><annotation-xml></annotation-xml></math>",
      "<math><mi id=\"x\">x</mi></math>",
      "<math><mi>&nbsp;</mi></math>",
      "<math><!-- --></math>",
      "<math xmlns:x=\"y\"></math>",
      "<MATH></MATH>",
  };
  for (const char* text : cases) {
    INFO(text);
    CHECK(refused(text));
  }
}

TEST_CASE("the cache comes back as it was written, sorted, a line for each formula", "[maths]") {
  const std::string text = render_cache(kTwo);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(parsed(text, 0) == kTwo);
  CHECK(render_cache(parsed(text, 0)) == text);
  const std::size_t second = text.find('\n') + 1;
  CHECK(parsed(text.substr(second) + text.substr(0, second), 0) == kTwo);  // two branches merged
  CHECK(parsed(text + text, 0) == kTwo);
}

TEST_CASE("a changed line of the cache is an error and not used", "[maths]") {
  const std::string text = render_cache(kTwo);
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string copy = text;
    copy.replace(copy.find(from), from.size(), to);
    return copy;
  };
  CHECK(parsed(changed("<mn>2<", "<mn>3<"), 1).size() == 1);
  CHECK(parsed(changed("x^2", "x^3"), 1).size() == 1);
  CHECK(parsed(changed("\"check\":\"", "\"check\":\"0"), 1).size() == 1);
  CHECK(parsed(changed("false", "true"), 1).size() == 1);
  CHECK(parsed(text.substr(0, text.size() - 5), 1).size() == 1);
  CHECK(parsed("[]\n1\nnull\n\"x\"\n{}\n", 5).empty());
}

TEST_CASE("MathML in the cache passes the allow-list even with a right checksum", "[maths]") {
  CHECK(parsed(render_cache({{{"x", false}, "<math><script>x</script></math>"}}), 1).empty());
  CHECK(parsed(render_cache({{{"x", false}, "<math><mi style=\"math-depth:0;\">x</mi></math>"}}), 1).empty());
}

TEST_CASE("the committed package asks for the version of the cache", "[maths]") {
  std::ifstream file(DRILLPRESS_SOURCE_DIR "/site/package.json");
  const auto package = nlohmann::json::parse(file);
  CHECK(package.at("dependencies").at("temml") == kTemmlVersion);
}

TEST_CASE("without Node the reason is given", "[maths]") {
  const auto result = run_temml({{"x", false}}, {"", "/", {"/nonexistent"}});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error() == "Node is not installed");
}
