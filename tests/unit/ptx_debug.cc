// `.file`, `.loc` and the names of inlined functions.
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

const std::string kStrings =
    ".section .debug_str\n{\n$names0:\n.b8 102,111,111,0\n$names1:\n.b8 98,97\n.b8 114,0\n}\n"
    ".section .debug_abbrev\n{\n.b8 1\n.b32 .debug_str\n.b64 $names0\n$end:\n}\n";

}  // namespace

TEST_CASE("files", "[ptx]") {
  const Module module = parse(".file 1 \"/a/b.cu\", 1700000000, 1234\n.file 3 \"q\\\"\\\\ \\303\\251\"\n");
  CHECK(module.files == std::vector<SourceFile>{{1, "/a/b.cu"}, {3, "q\"\\ \xC3\xA9"}});
}

TEST_CASE("a place holds until the next one and ends with its function", "[ptx]") {
  const Module module = parse(
      ".func f() {\nret;\n.loc 1 20 5\nret; ret;\n.loc 2 7 0\nret;\n}\n"
      ".func g() {\nret;\n}\n");
  const auto& f = module.functions[0].instructions;
  CHECK(f[0].location == Location{});
  CHECK(f[1].location == Location{1, 20, 5, -1});
  CHECK(f[2].location == f[1].location);
  CHECK(f[3].location == Location{2, 7, 0, -1});
  CHECK(module.functions[1].instructions[0].location == Location{});
}

TEST_CASE("inlined places form chains with the names of the functions", "[ptx]") {
  const Module module = parse(
      ".func f() {\n"
      ".loc 1 20 5\nret;\n"
      ".loc 1 9 1, function_name $names0, inlined_at 1 20 5\nret;\n"
      ".loc 2 3 1, function_name $names1, inlined_at 1 9 1\nret;\n"
      ".loc 1 9 2, function_name $names0, inlined_at 1 20 5\nret;\n"
      ".loc 1 20 5\nret;\n"
      ".loc 2 4 1, function_name $names1+1, inlined_at 1 20 5\nret;\n"
      ".loc 1 9 1\nret;\n"
      ".loc 2 3 1, function_name $names1, inlined_at 1 9 1\nret;\n"
      ".loc 2 3 1, function_name $nowhere, inlined_at 1 9 1\nret;\n"
      "}\n" +
      kStrings);
  const auto& f = module.functions[0].instructions;
  REQUIRE(f.size() == 9);
  REQUIRE(module.inline_sites.size() == 5);
  CHECK(f[0].location.inlined_at == -1);
  CHECK(f[1].location == Location{1, 9, 1, 0});
  CHECK(module.inline_sites[0] == InlineSite{{1, 20, 5, -1}, "foo"});
  // A call at an inlined place: the site tells of the site around it.
  CHECK(f[2].location == Location{2, 3, 1, 1});
  CHECK(module.inline_sites[1] == InlineSite{{1, 9, 1, 0}, "bar"});
  CHECK(f[3].location.inlined_at == 0);
  CHECK(f[4].location.inlined_at == -1);
  CHECK(module.inline_sites[2] == InlineSite{{1, 20, 5, -1}, "ar"});
  // The same place again, no longer inlined.
  CHECK(f[7].location.inlined_at == 3);
  CHECK(module.inline_sites[3] == InlineSite{{1, 9, 1, -1}, "bar"});
  CHECK(module.inline_sites[4].function.empty());
}

TEST_CASE("malformed debug directives are named", "[ptx]") {
  const std::pair<const char*, const char*> cases[] = {
      {".loc 1 2", "10:1: expected a constant, found `}`\n"},
      {".loc 1 2 3, frob", "9:13: expected `function_name` after `,` of `.loc`\n"},
      {".loc 1 2 3, function_name $x ret;", "9:30: expected `,`, found `ret`\n"},
      {".loc 1 2 3, function_name $x, frob 1 2 3", "9:31: expected `inlined_at` after the function's name\n"},
      {".loc -1 2 3", "9:6: the number of a file must be an integer from 0 to 4294967295\n"},
      {".loc 1 4294967296 3", "9:8: a line must be an integer from 0 to 4294967295\n"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    CHECK(errors_of(kernel(text)) == message);
  }
  CHECK(errors_of(".file 1 2") == "1:9: expected the path of a file, found `2`\n");
  CHECK(errors_of(".section .debug_str { .b8 256 }") == "1:27: a byte must be an integer from 0 to 255\n");
}

TEST_CASE("one long name shared by many sites cannot take memory without bound", "[ptx]") {
  std::string text = ".func f() {\n";
  for (int i = 0; i < 2000; ++i)
    text += ".loc 1 1 1, function_name $x, inlined_at 1 " + std::to_string(i) + " 1\n";
  text += "ret; }\n.section .debug_str { $x: .b8 1";
  for (int i = 0; i < 20000; ++i) text += ",1";
  CHECK(errors_of(text + ",0 }\n") == "2003:10: the names of inlined functions are too long\n");
}
