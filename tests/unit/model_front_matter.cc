#include <algorithm>
#include <catch2/catch.hpp>

#include "model/front_matter.h"
#include "model/reference.h"

using namespace drillpress;
using namespace drillpress::model;

namespace {

std::vector<std::string> codes(const diagnostics::Sink& sink) {
  std::vector<std::string> out;
  for (const auto& d : sink.sorted()) out.emplace_back(diagnostics::info(d.code).name);
  return out;
}

}  // namespace

TEST_CASE("dates, slugs and evidence are what they say") {
  CHECK(is_date("2024-02-29"));
  CHECK_FALSE(is_date("2026-02-29"));
  CHECK_FALSE(is_date("2026-13-01"));
  CHECK_FALSE(is_date("2026-1-1"));
  CHECK(is_date("2026-03", true));
  CHECK(is_slug("bank-conflicts-2"));
  for (const char* bad : {"", "-a", "a-", "A", "a b", "a_b"}) CHECK_FALSE(is_slug(bad));
  std::string level, month;
  CHECK(parse_evidence("reported 2026-03", level, month));
  CHECK(level == "reported");
  CHECK(month == "2026-03");
  CHECK_FALSE(parse_evidence("rumoured 2026-03", level, month));
}

TEST_CASE("front matter keeps text as written, and places values behind wide characters") {
  const auto source =
      base::make_source("a.md", "---\ntitle: \"\xE6\xBC\xA2: no\"\ntags: [\xC3\xA9, no]\n---\nBody\n");
  diagnostics::Sink sink;
  const auto page = parse_front_matter(source, PageKind::kPage, sink);
  REQUIRE(page);
  CHECK(codes(sink).empty());
  CHECK(page->front.text("title") == "\xE6\xBC\xA2: no");
  const auto tags = page->front.list("tags");
  REQUIRE(tags.size() == 2);
  CHECK(tags[1].text == "no");
  CHECK(tags[1].span.text() == "no");
  CHECK(source->text().substr(page->body_offset) == "Body\n");
}

TEST_CASE("every kind's table refuses unknown keys and asks for what is required") {
  for (const PageKind kind : all_page_kinds()) {
    diagnostics::Sink sink;
    parse_front_matter(base::make_source("a.md", "---\nnonsense: 1\n---\n"), kind, sink);
    std::size_t required = 0;
    for (const Field& field : front_matter_fields(kind)) required += field.required ? 1 : 0;
    const auto found = codes(sink);
    CHECK(std::count(found.begin(), found.end(), "unknown-key") == 1);
    CHECK(static_cast<std::size_t>(std::count(found.begin(), found.end(), "missing-field")) == required);
  }
}

TEST_CASE("YAML that is not ours is refused, once") {
  for (const char* text : {"a: [1", "a: *b", "? [x]\n: y", "a: 1\na: 2"}) {
    diagnostics::Sink sink;
    parse_yaml(base::make_source("a", text), 0, std::string_view(text).size(), sink);
    CAPTURE(text);
    CHECK(sink.error_count() == 1);
  }
  diagnostics::Sink sink;
  const std::string deep(100, '[');
  parse_yaml(base::make_source("a", deep), 0, deep.size(), sink);
  CHECK(sink.error_count() == 1);
}

TEST_CASE("addresses are relative from any page to any other") {
  CHECK(relative_url("cards/a.html", "drills/b.html") == "../drills/b.html");
  CHECK(relative_url("cards/a.html", "cards/b.html") == "b.html");
  CHECK(relative_url("index.html", "cards/b.html") == "cards/b.html");
  CHECK(relative_url("cards/a.html", "index.html") == "../index.html");
  CHECK(root_prefix("a/b/c.html") == "../../");
  CHECK(root_prefix("index.html").empty());
}
