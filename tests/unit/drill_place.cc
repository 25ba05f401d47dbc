#include "drill/place.h"

#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

std::string head(const base::Span& span) {
  const auto at = span.source->position(span.begin);
  return span.source->path() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
         std::string(span.text());
}

}  // namespace

TEST_CASE("drill: a line of a snippet is a line of its page") {
  const Program program =
      page_program("p#a", "# Title\n\n```cpp run\n", "int main() {\n  return zero;\n}\n", Language::kCpp);
  const PlaceMap places(program, "/site", {});
  const CodePlace place = places.place("/anywhere/program.cpp", 2);
  CHECK(place == CodePlace{"", 2});
  CHECK(head(places.span(place)) == "content/pages/p.md:5:3 return zero;");
  CHECK(head(places.span(place, 10)) == "content/pages/p.md:5:10 zero");
  CHECK(head(places.span(place, 99)) == "content/pages/p.md:5:3 return zero;");
  CHECK(head(places.span({"", 77})) == "content/pages/p.md:4:1 int main() {");
  CHECK(head(places.span({"<vector>", 3})) == "content/pages/p.md:4:1 int main() {");
}

TEST_CASE("drill: code that is indented in its page keeps its columns") {
  Program program = page_program("p#a", "", "", Language::kCpp);
  program.source =
      base::make_source("content/pages/p.md", "- item\n\n  ```cpp run\n  int x;\n    int y;\n  ```\n");
  program.code = "int x;\n  int y;\n";
  program.code_begin = program.source->text().find("int x");
  const PlaceMap places(program, "/site", {});
  CHECK(head(places.span({"", 1}, 5)) == "content/pages/p.md:4:7 x");
  CHECK(head(places.span({"", 2}, 7)) == "content/pages/p.md:5:9 y");
}

TEST_CASE("drill: included files and headers of the toolkit") {
  Program program = file_program("d/a", "drills/d/a.cu", "int main() {}\n", Language::kCuda);
  const PlaceMap places(program, "/site", {base::make_source("drills/d/problem.cuh", "one\ntwo\n")});
  CHECK(places.place("/site/drills/d/problem.cuh", 2) == CodePlace{"drills/d/problem.cuh", 2});
  CHECK(places.place("/elsewhere/drills/d/problem.cuh", 2) == CodePlace{"drills/d/problem.cuh", 2});
  CHECK(head(places.span({"drills/d/problem.cuh", 2})) == "drills/d/problem.cuh:2:1 two");
  CHECK(places.place("/usr/local/cuda/include/cub/block.cuh", 7) == CodePlace{"<cub/block.cuh>", 7});
  CHECK(places.place("", 7).line == 0);
  CHECK(places.is_authors({"", 1}));
  CHECK_FALSE(places.is_authors({"", 0}));
  CHECK_FALSE(places.is_authors({"<cub/block.cuh>", 7}));
}

TEST_CASE("drill: a program's own folder is searched first, and each folder once") {
  Program program = file_program("d/a", "drills/d/rungs/a.cu", "x", Language::kCuda);
  program.include_folders = {"drills/support/", "drills/d", "./drills/support"};
  CHECK(search_folders(program) == std::vector<std::string>{"drills/d/rungs", "drills/support", "drills/d"});
  Program snippet = page_program("p#a", "text\n", "x", Language::kCuda);
  CHECK(search_folders(snippet).empty());
}

TEST_CASE("drill: nothing outside the site is read as an included file") {
  const Site site;
  site.write("a.h", "inside");
  SourceFiles files(site.root() + "/below");
  CHECK(files.load("../a.h") == nullptr);
  CHECK(files.load(site.path("a.h")) == nullptr);
  CHECK(files.load("x/../../a.h") == nullptr);
  SourceFiles inside(site.root());
  REQUIRE(inside.load("x/../a.h") != nullptr);
  CHECK(inside.load("a.h")->text() == "inside");
}

TEST_CASE("drill: neither hidden files nor links out of the site are read as included files") {
  const Site site;
  site.write("site/.git/config", "key");
  site.write("site/d/a.h", "inside");
  site.write("secret.h", "secret");
  std::filesystem::create_symlink(site.path("secret.h"), site.path("site/d/out.h"));
  std::filesystem::create_symlink(site.path("site/d/a.h"), site.path("site/d/in.h"));
  std::filesystem::create_directory_symlink(site.root(), site.path("site/up"));
  SourceFiles files(site.root() + "/site");
  CHECK(files.load(".git/config") == nullptr);
  CHECK(files.load("d/../.git/config") == nullptr);
  CHECK(files.load("d/out.h") == nullptr);
  CHECK(files.load("up/secret.h") == nullptr);
  REQUIRE(files.load("d/in.h") != nullptr);
  CHECK(files.load("d/in.h")->text() == "inside");
}

TEST_CASE("drill: messages name no folder of this machine") {
  Program program = file_program("d/a", "drills/d/a.cu", "int main() {}\n", Language::kCuda);
  const PlaceMap places(program, "/site", {base::make_source("drills/d/problem.cuh", "x")});
  CHECK(places.without_folders("store, at st (PTX line 31, /site/program.cu:4)") ==
        "store, at st (PTX line 31, program.cu:4)");
  CHECK(places.without_folders("/old/site/drills/d/problem.cuh:1 and '/usr/local/cuda/include/cub/x.cuh'") ==
        "drills/d/problem.cuh:1 and '<cub/x.cuh>'");
  CHECK(places.without_folders("a / b, 3/4, n/a") == "a / b, 3/4, n/a");
}
