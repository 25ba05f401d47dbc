#include "drill/input_key.h"

#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

struct Fixture {
  Site site;
  Program program =
      file_program("d/a", "drills/d/a.cu", "#include \"problem.cuh\"\nint main() {}\n", Language::kCuda);
  Surroundings around{"nvcc 13.0.88", "engine", "", ""};

  Fixture() {
    site.write("drills/d/problem.cuh", "#pragma once\n#  include \"deep.h\"\n");
    site.write("drills/support/deep.h", "int deep;\n");
    site.write("drills/support/unused.h", "int unused;\n");
    program.include_folders = {"drills/support"};
  }
  Inputs inputs() const {
    SourceFiles files(site.root());
    return describe_inputs(program, around, files);
  }
};

std::vector<std::string> names_that_differ(const Inputs& a, const Inputs& b) {
  REQUIRE(a.components.size() == b.components.size());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < a.components.size(); ++i) {
    REQUIRE(a.components[i].name == b.components[i].name);
    if (a.components[i].hash != b.components[i].hash) out.push_back(a.components[i].name);
  }
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("drill: includes are found through other includes and in order of search") {
  const Fixture f;
  const auto includes = f.inputs().includes;
  REQUIRE(includes.size() == 2);
  CHECK(includes[0]->path() == "drills/d/problem.cuh");
  CHECK(includes[1]->path() == "drills/support/deep.h");

  // A file beside the includer is preferred to one in a folder of the list.
  f.site.write("drills/d/deep.h", "int nearer;\n");
  CHECK(f.inputs().includes[0]->path() == "drills/d/deep.h");
}

TEST_CASE("drill: includes that include each other end") {
  const Site site;
  site.write("a.h", "#include \"b.h\"\n");
  site.write("b.h", "#include \"a.h\"\n#include <vector>\n#include\n#include \"\n");
  Program program = page_program("p#a", "text\n", "#include <a.h>\n", Language::kCpp);
  program.include_folders = {"."};
  SourceFiles files(site.root());
  CHECK(scan_includes(program, files).size() == 2);
}

TEST_CASE("drill: each input has its own component, and changing it changes that one alone") {
  Fixture f;
  const Inputs before = f.inputs();
  CHECK(names_that_differ(before, f.inputs()).empty());
  CHECK(before.key == f.inputs().key);

  const auto expect_change = [&](const Names& names, bool binary_too) {
    const Inputs after = f.inputs();
    CHECK(names_that_differ(before, after) == names);
    CHECK(after.key != before.key);
    CHECK((after.binary_key != before.binary_key) == binary_too);
  };
  SECTION("code") {
    f.program.code += "// more\n";
    f.program.source = base::make_source("drills/d/a.cu", f.program.code);
    expect_change({"code"}, true);
  }
  SECTION("an included file") {
    f.site.write("drills/support/deep.h", "int deeper;\n");
    expect_change({"includes"}, true);
  }
  SECTION("arguments") {
    f.program.arguments = {"1"};
    expect_change({"arguments"}, false);
  }
  SECTION("the mode") {
    f.program.mode = Mode::kShouldFail;
    expect_change({"attributes"}, false);
  }
  SECTION("the expected output") {
    expect_output(f.program, "1\n");
    expect_change({"attributes"}, false);
  }
  SECTION("an expected count") {
    f.program.expected_counts = {{"barriers", Comparison::kEqual, 1, {}}};
    expect_change({"attributes"}, false);
  }
  SECTION("the standard") {
    f.program.standard = "c++17";
    expect_change({"flags"}, true);
  }
  SECTION("the compiler") {
    f.around.compiler = "nvcc 13.1.0";
    expect_change({"compiler"}, true);
  }
  SECTION("the engine") {
    f.around.runtime = "another";
    expect_change({"runtime"}, false);
  }
  SECTION("a GPU") {
    f.around.device = "NVIDIA H200";
    f.around.gpu_architecture = "90";
    expect_change({"device"}, true);
  }
}

TEST_CASE("drill: what cannot change the evidence is no input") {
  Fixture f;
  const Inputs before = f.inputs();
  f.program.timeout_s = 99;
  f.program.id = "other";
  f.site.write("drills/support/unused.h", "int other;\n");
  CHECK(f.inputs().key == before.key);
}

TEST_CASE("drill: the place of a snippet in its page and the site's folder are no inputs") {
  const Site here, there;
  const Surroundings around;
  SourceFiles files_here(here.root()), files_there(there.root());
  const Program first = page_program("p#a", "text\n", "int main() {}\n", Language::kCpp);
  const Program second = page_program("q#b", "much\nmore\ntext\n", "int main() {}\n", Language::kCpp);
  CHECK(describe_inputs(first, around, files_here).key == describe_inputs(second, around, files_there).key);
}

TEST_CASE("drill: a record is stale by what it is about, not by what it was gathered with") {
  Fixture f;
  const Inputs before = f.inputs();
  f.around = {"nvcc 14", "other engine", "gpu", "100"};
  CHECK(changed_components(before.components, f.inputs().components).empty());
  f.program.arguments = {"1"};
  f.site.write("drills/support/deep.h", "int deeper;\n");
  CHECK(changed_components(before.components, f.inputs().components) == Names{"arguments", "includes"});
  CHECK(changed_components({}, before.components).size() == before.components.size() - 3);
}

TEST_CASE("drill: a change is told with what it was and is, where that can be read") {
  Fixture f;
  f.around = {"nvcc 13.0.88", "0123456789abcdef", "", ""};
  const auto before = f.inputs().components;
  f.around = {"nvcc 13.1.20", "", "", ""};
  const auto folders = f.program.include_folders;
  f.program = file_program("d/a", "drills/d/a.cu", f.program.code + "// more\n", Language::kCuda);
  f.program.include_folders = folders;
  f.program.arguments = {"--size", "3"};
  Names told;
  bool all_surrounding = true;
  for (const Change& change : changes(before, f.inputs().components)) {
    told.push_back(describe(change));
    if (told.back().find("compiler") == std::string::npos)
      all_surrounding = all_surrounding && change.surrounding;
  }
  // The engine is not here now, so nobody can say that it has changed.
  CHECK(told == Names{"the arguments changed: none → --size 3", "the code changed",
                      "the compiler changed: nvcc 13.0.88 → nvcc 13.1.20"});
  CHECK_FALSE(all_surrounding);
  CHECK(changes(before, before).empty());
}

TEST_CASE("drill: fields cannot be confused with another split of the same text") {
  Fixture f;
  f.program.arguments = {"ab", "c"};
  const Inputs one = f.inputs();
  f.program.arguments = {"a", "bc"};
  CHECK(names_that_differ(one, f.inputs()) == Names{"arguments"});
}
