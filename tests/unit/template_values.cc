// Values, their schema, and what happens when a value does not have the schema's shape.
#include <catch2/catch.hpp>

#include "template/schema.h"
#include "template_cases.h"

namespace drillpress::test {

using namespace templating;

TEST_CASE("values know their kind and whether they count as true") {
  struct Row {
    Value value;
    std::string_view kind;
    bool truthy;
  };
  const std::vector<Row> rows = {
      {Value(), "null", false},
      {true, "bool", true},
      {false, "bool", false},
      {7, "integer", true},
      {0, "integer", false},
      {-1L, "integer", true},
      {std::size_t{2}, "integer", true},
      {"x", "text", true},
      {"", "text", false},
      {std::string("s"), "text", true},
      {Html{"<p>"}, "html", true},
      {Html{""}, "html", false},
      {List{Value()}, "list", true},
      {List{}, "list", false},
      {Map{}, "map", true},
      {std::optional<int>(), "null", false},
      {std::optional<std::string>("o"), "text", true},
  };
  for (const Row& row : rows) {
    INFO(row.kind);
    CHECK(row.value.kind_name() == row.kind);
    CHECK(row.value.truthy() == row.truthy);
  }
}

TEST_CASE("maps find by name whatever the order of insertion, and the last value of a name stays") {
  Map map{{"b", 2}, {"a", 1}, {"c", 3}, {"a", 4}};
  map.set("0", 0).set("b", 5);
  REQUIRE(map.size() == 4);
  CHECK(*map.find("a")->as_integer() == 4);
  CHECK(*map.find("b")->as_integer() == 5);
  CHECK(map.find("d") == nullptr);
  std::string names;
  for (const auto& [name, value] : map) names += name;
  CHECK(names == "0abc");
}

TEST_CASE("types are described in words") {
  CHECK(describe(text()) == "text");
  CHECK(describe(optional(list_of(list_of(integer())))) == "optional list of list of integer");
  CHECK(describe(list_of(map_of({"link", {}}))) == "list of link");
}

TEST_CASE("a value that does not fit is named by its path") {
  CHECK_FALSE(find_mismatch(case_view(), case_record()));
  const auto mismatch = [](auto change) {
    Map view = case_view();
    change(view);
    const auto found = find_mismatch(view, case_record());
    return found ? found->path + ": " + found->message : "";
  };
  CHECK(mismatch([](Map& v) { v.set("title", List{}); }) == "title: expected text, found list");
  CHECK(mismatch([](Map& v) { v.set("body", "x"); }) == "body: expected html, found text");
  CHECK(mismatch([](Map& v) { v.set("title", Html{"x"}); }) == "title: expected text, found html");
  CHECK(mismatch([](Map& v) { v.set("title", Value()); }) == "title: expected text, found null");
  CHECK(mismatch([](Map& v) { v.set("tags", List{"a", 3}); }) == "tags[1]: expected text, found integer");
  CHECK(mismatch([](Map& v) {
          v.set("items", List{Map{{"title", "t"}, {"kind", "k"}, {"tags", List{"a", true}}}});
        }) == "items[0].tags[1]: expected text, found bool");
  CHECK(mismatch([](Map& v) {
          v.set("items", List{Map{{"title", "t"}, {"tags", List{}}}});
        }) == "items[0].kind: expected text, found nothing");
  CHECK(mismatch([](Map& v) {
          v.set("next", Map{{"title", "t"}, {"kind", "k"}, {"tags", List{}}, {"tgas", 1}});
        }) == "next.tgas: a item has no such field");
  CHECK(mismatch([](Map& v) { v.set("titel", "x"); }) == "titel: a case view has no such field");
  CHECK(mismatch([](Map& v) { v.set("subtitle", 3); }) == "subtitle: expected optional text, found integer");
  CHECK(mismatch([](Map& v) { v.set("subtitle", Value()).set("next", Value()); }).empty());
}

TEST_CASE("rendering refuses what it was not compiled for, as an internal error") {
  const CompiledCase compiled = compile_case("<p>{{ title }}</p>\n");
  REQUIRE(compiled.set);
  Map view = case_view();
  view.set("tags", 3);
  CHECK(compiled.set->render("case.html", view).error() ==
        "internal error: the view of `case.html` is wrong at `tags`: expected list of text, found integer");
  CHECK(compiled.set->render("other.html", case_view()).error() ==
        "internal error: there is no template `other.html`");
}

}  // namespace drillpress::test
