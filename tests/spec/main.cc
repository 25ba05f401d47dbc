// Runs a file of specification examples: test_spec EXAMPLES EXPECTED_FAILURES commonmark|gfm
// Exits 0 when exactly the expected examples fail, 1 otherwise, 77 when the examples are not installed.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "../unit/markdown_positions.h"
#include "examples.h"
#include "markdown/parse.h"
#include "markdown/render.h"

namespace {

using drillpress::spec::Example;
namespace markdown = drillpress::markdown;

constexpr int kSkipped = 77;

std::optional<std::string> load_text(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Empty when the example passes.
std::string run_example(const Example& example, bool extensions) {
  drillpress::diagnostics::Sink sink;
  const markdown::ParseOptions options{true, extensions};
  const auto document = markdown::parse_document(
      drillpress::base::make_source("example.md", example.markdown), 0, sink, options);
  std::string failure;
  const std::string html = markdown::render_html(document, {}, markdown::Profile::kCommonMark);
  if (html != example.html) failure += fmt::format("expected:\n{}got:\n{}", example.html, html);
  for (const std::string& error : markdown::testing::position_errors(document))
    failure += "position: " + error + "\n";
  return failure;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto text = load_text(argv[1]);
  if (!text) {
    fmt::print("skipped: {} is not there; run `npm ci` in tests/spec\n", argv[1]);
    return kSkipped;
  }
  const auto expected_text = load_text(argv[2]);
  if (!expected_text) return 2;
  const auto examples = drillpress::spec::parse_examples(*text);
  const auto expected = drillpress::spec::parse_expected_failures(*expected_text);
  int passed = 0;
  int wrong = 0;
  for (const Example& example : examples) {
    const std::string failure = run_example(example, std::string_view(argv[3]) == "gfm");
    const bool may_fail = expected.count(example.number) > 0;
    passed += failure.empty() ? 1 : 0;
    if (failure.empty() && may_fail)
      fmt::print("example {} passes although it is listed as failing\n", example.number);
    if (!failure.empty() && !may_fail) {
      fmt::print("example {} (line {}, {}) fails:\n{}\n{}\n", example.number, example.line, example.section,
                 example.markdown, failure);
    }
    if (failure.empty() == may_fail) ++wrong;
  }
  fmt::print("{} examples, {} pass, {} do not behave as listed\n", examples.size(), passed, wrong);
  return wrong == 0 && !examples.empty() ? 0 : 1;
}
