#include "drill/compiler_output.h"

#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

// The lines that the messages below are about.
constexpr const char* kCode = R"(#include <vector>
#include "h.h"
__global__ void k(float* p) { p[threadIdx.x] = y;
  p[0] = "abc"; }
int main() {
  int unused = 3;
  std::sort(v.begin(), v.end());
}
)";

std::vector<CompilerMessage> parse(std::string_view text) {
  static const Program program = file_program("d/a", "drills/d/a.cu", kCode, Language::kCuda);
  static const PlaceMap places(program, "/site",
                               {base::make_source("drills/support/h.h", "template\nbody\n")});
  return parse_compiler_output(text, places);
}

}  // namespace

TEST_CASE("drill: nvcc's errors have line, column and message") {
  const auto messages = parse(R"(program.cu(3): error: identifier "y" is undefined
  __attribute__((global)) void k(float* p) { p[threadIdx.x] = y;
                                                              ^

program.cu(4): error: a value of type "const char *" cannot be assigned to an entity of type "float"
    p[0] = "abc"; }
         ^

2 errors detected in the compilation of "/tmp/x/program.cu".
)");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].error);
  CHECK(messages[0].place == CodePlace{"", 3});
  CHECK(messages[0].column == 48);  // of y in the text as written, not with __global__ expanded
  CHECK(messages[0].message == "identifier \"y\" is undefined");
  CHECK(messages[1].place == CodePlace{"", 4});
  CHECK(messages[1].column == 8);
}

TEST_CASE("drill: nvcc's details belong to the message, its echoes and notes in headers do not") {
  const auto messages =
      parse(R"(program.cu(7): error: no instance of overloaded function "push_back" matches the argument list
            argument types are: (const char [2])
            object type is: std::vector<int>
    std::sort(v.begin(), v.end());
         ^
/usr/include/c++/12/bits/stl_vector.h(1293): note #3326-D: function "push_back" does not match
        push_back(value_type&& __x)
        ^
)");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].message ==
        "no instance of overloaded function \"push_back\" matches the argument list, argument types are: "
        "(const char "
        "[2]), object type is: std::vector<int>");
  CHECK(messages[0].column == 8);
  CHECK(messages[0].notes.empty());
}

TEST_CASE("drill: nvcc repeats a warning for each architecture; it is one") {
  const std::string warning =
      "program.cu(6): warning #177-D: variable \"unused\" was declared but never referenced\n"
      "    int unused = 3;\n        ^\n\nRemark: The warnings can be suppressed with \"-diag-suppress "
      "<warning-number>\"\n\n";
  const auto messages = parse(warning + warning + "ptxas info    : 0 bytes gmem\n" + warning);
  REQUIRE(messages.size() == 1);
  CHECK_FALSE(messages[0].error);
  CHECK(messages[0].place == CodePlace{"", 6});
  CHECK(messages[0].column == 7);
}

TEST_CASE("drill: an error inside a header is shown where the program led to it, once") {
  const std::string chain =
      "          detected during:\n"
      "            instantiation of \"void std::__sort(_It, _It) [with _It=X]\" at line 4820\n"
      "            instantiation of \"void std::sort(_RAIter, _RAIter) [with _RAIter=X]\" at line 7 of "
      "program.cu\n\n";
  const auto messages = parse(
      "/usr/include/c++/12/bits/stl_algo.h(1938): error: no operator \"-\" matches these operands\n"
      "            operand types are: X - X\n"
      "      std::__lg(__last - __first) * 2,\n"
      "                       ^\n" +
      chain + "/usr/include/c++/12/bits/stl_algo.h(1850): error: no operator \"+\" matches\n" + chain);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].place == CodePlace{"", 7});
  CHECK(messages[0].message ==
        "no operator \"-\" matches these operands, operand types are: X - X (in `<c++/12/bits/stl_algo.h>`)");
}

TEST_CASE("drill: warnings inside headers of the toolkit are not the author's") {
  CHECK(parse("/usr/local/cuda/include/cub/x.cuh(3): warning #1-D: nothing of yours\n").empty());
}

TEST_CASE("drill: GCC's errors, notes and ways into headers") {
  const auto messages = parse(R"(In file included from /usr/include/c++/12/algorithm:61,
                 from program.cu:2:
/usr/include/c++/12/bits/stl_algo.h: In instantiation of 'void std::__sort(_It, _It) [with _It = X]':
/usr/include/c++/12/bits/stl_algo.h:4820:18:   required from 'void std::sort(_It, _It) [with _It = X]'
program.cu:7:12:   required from here
/usr/include/c++/12/bits/stl_algo.h:1938:50: error: no match for 'operator-' (operand types are 'X' and 'X')
 1938 |                                 std::__lg(__last - __first) * 2,
      |                                           ~~~~~~~^~~~~~~~~
program.cu: In function 'int main()':
program.cu:6:7: warning: unused variable 'unused' [-Wunused-variable]
    6 |   int unused = 3;
      |       ^~~~~~
program.cu:3:48: error: 'y' was not declared in this scope
drills/support/h.h:2:1: note: suggested alternative
program.cu:2:10: fatal error: nope.h: No such file or directory
compilation terminated.
)");
  REQUIRE(messages.size() == 4);
  CHECK(messages[0].place == CodePlace{"", 7});
  CHECK(messages[0].column == 12);
  CHECK(messages[0].message ==
        "no match for 'operator-' (operand types are 'X' and 'X') (in `<c++/12/bits/stl_algo.h>`)");
  CHECK_FALSE(messages[1].error);
  CHECK(messages[1].column == 7);
  CHECK(messages[2].message == "'y' was not declared in this scope");
  REQUIRE(messages[2].notes.size() == 1);
  CHECK(messages[2].notes[0].place == CodePlace{"drills/support/h.h", 2});
  CHECK(messages[3].message == "nope.h: No such file or directory");
}

TEST_CASE("drill: ptxas, nvlink, nvcc and the linker") {
  const auto ptxas = parse(
      "ptxas /tmp/tmpxft_1-6_l.ptx, line 21; error   : Unknown modifier '.bar'\n"
      "ptxas fatal   : Ptx assembly aborted due to errors\n");
  REQUIRE(ptxas.size() == 1);
  CHECK(ptxas[0].message == "Unknown modifier '.bar'");
  CHECK(ptxas[0].place.line == 0);
  CHECK(parse("nvcc fatal   : Unsupported gpu architecture 'compute_1'\n").at(0).message ==
        "Unsupported gpu architecture 'compute_1'");
  CHECK(parse("ptxas fatal   : Unresolved extern function '_Z1hv'\n").at(0).error);
  CHECK(parse("ptxas info    : Used 10 registers\n").empty());
  const auto assembler =
      parse("/tmp/cc6LbYZ1.s: Assembler messages:\n/tmp/cc6LbYZ1.s:4: Error: no such instruction\n");
  REQUIRE(assembler.size() == 1);
  CHECK(assembler[0].message == "no such instruction");
  CHECK(assembler[0].place == CodePlace{});
  CHECK(
      parse("cc1plus: fatal error: x: No such file or directory\ncompilation terminated.\n").at(0).message ==
      "x: No such file or directory");
  const auto linker = parse(
      "/usr/bin/ld: /tmp/ccX.o: in function `main':\nprogram.cu:(.text+0x5): undefined reference to `g()'\n"
      "collect2: error: ld returned 1 exit status\n");
  REQUIRE(linker.size() == 1);
  CHECK(linker[0].message == "undefined reference to `g()'");
}

TEST_CASE("drill: no more than 20 errors, and text that is no message is none") {
  std::string text;
  for (int i = 1; i <= 9; ++i) text += "program.cu(" + std::to_string(i) + "): error: bad\n";
  for (int i = 1; i <= 40; ++i) text += "drills/support/h.h:" + std::to_string(i) + ":1: error: bad\n";
  CHECK(parse(text).size() == 20);
  CHECK(parse("").empty());
  CHECK(parse("(\n():\n:::\n(1): error\nprogram.cu(x): error: y\nabc(1): \n").empty());
}

TEST_CASE("drill: a traceback is placed at its innermost frame in the program") {
  const Program program =
      page_program("p#a", "text\n", "def f():\n  raise ValueError('no')\nf()\n", Language::kPython);
  const PlaceMap places(program, "/site", {});
  const auto messages = parse_traceback(R"(Traceback (most recent call last):
  File "/tmp/x/program.py", line 3, in <module>
    f()
  File "/tmp/x/program.py", line 2, in f
    raise ValueError('no')
  File "/usr/lib/python3.11/json/__init__.py", line 9, in loads
ValueError: no
)",
                                        places);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].place == CodePlace{"", 2});
  CHECK(messages[0].message == "ValueError: no");
  CHECK(parse_traceback("", places).empty());
}
