// Whole programs: C++ and Python as they are.
#include "drill/evidence.h"

#include "base/text.h"
#include "drill/sandbox.h"

#include "drill_site.h"

using namespace drillpress;
using namespace drillpress::drill;
using namespace drillpress::drill::testing;

namespace {

using Lines = std::vector<std::string>;

struct Fixture {
  Site site;
  diagnostics::Sink sink;

  Record gather_one(const Program& program) { return gather({program}, site.options(), sink).at(0); }
};

Program cpp(const std::string& body) {
  return page_program("p#a", "# Title\n\n```cpp run\n", "#include <cstdio>\n#include <cstdlib>\n" + body,
                      Language::kCpp);
}
Program python(const std::string& body) {
  return page_program("p#a", "# Title\n\n```python run\n", body, Language::kPython);
}

}  // namespace

TEST_CASE("drill: a program that prints what it should ran here") {
  Fixture f;
  Program program = cpp("int main() { std::puts(\"hello\"); }\n");
  expect_output(program, "hello\n");
  const Record record = f.gather_one(program);
  CHECK(heads(f.sink).empty());
  CHECK(record.verdict == Verdict::kRanOnHost);
  CHECK(record.backends == std::vector<Backend>{Backend::kHost});
  CHECK(record.output == "hello\n");
  CHECK(record.exit_code == 0);
  CHECK(record.checks ==
        std::vector<Check>{{"compiles", true, ""}, {"exit-status", true, "0"}, {"output", true, "exact"}});
  CHECK(record.provenance.compiler.starts_with("g++ "));
  CHECK(record.key.size() == 32);
  CHECK(f.site.leftovers() == 0);
}

TEST_CASE("drill: no path of this machine is in a record") {
  Fixture f;
  const Record record = f.gather_one(cpp("int main() { std::puts(__FILE__); }\n"));
  CHECK(record.output == "program.cpp\n");
  CHECK(render_record(record).find(f.site.root()) == std::string::npos);
  CHECK(render_record(record).find("/tmp") == std::string::npos);
}

TEST_CASE("drill: other output is an error at the expected line") {
  Fixture f;
  Program program = cpp("int main() { std::puts(\"one\\ntwo\"); }\n");
  expect_output(program, "one\n2\n");
  const Record record = f.gather_one(program);
  CHECK(record.verdict == Verdict::kFailed);
  CHECK(record.output == "one\ntwo\n");
  CHECK(heads(f.sink) ==
        Lines{"expected.txt:2:1: error: line 2 of the output is `two`, expected `2` of snippet `p#a` "
              "[output-mismatch]"});
}

TEST_CASE("drill: compiler errors are at the author's line and column, and nothing runs") {
  Fixture f;
  const Record record = f.gather_one(cpp("int main() {\n  return zero;\n}\n"));
  CHECK(record.verdict == Verdict::kFailed);
  CHECK(record.backends.empty());
  CHECK(heads(f.sink) ==
        Lines{"content/pages/p.md:7:10: error: 'zero' was not declared in this scope [compile-failed]"});
  CHECK(f.site.leftovers() == 0);
}

TEST_CASE("drill: an error in an included file is shown there") {
  Fixture f;
  f.site.write("drills/d/a.h", "int f() {\n  return none;\n}\n");
  Program program =
      file_program("d/a", "drills/d/a.cpp", "#include \"a.h\"\nint main() {}\n", Language::kCpp);
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  CHECK(heads(f.sink) ==
        Lines{"drills/d/a.h:2:10: error: 'none' was not declared in this scope [compile-failed]"});
}

TEST_CASE("drill: warnings are shown, again when the record comes from the cache") {
  Fixture f;
  const Program program = cpp("int main() {\n  int unused = 3;\n}\n");
  const Lines warning = {
      "content/pages/p.md:7:7: warning: unused variable 'unused' [-Wunused-variable] [compiler-warning]"};
  CHECK(f.gather_one(program).verdict == Verdict::kRanOnHost);
  CHECK(heads(f.sink) == warning);
  diagnostics::Sink again;
  const Record record = gather({program}, f.site.options(), again).at(0);
  CHECK(record.verdict == Verdict::kRanOnHost);
  CHECK(heads(again) == warning);
}

TEST_CASE("drill: exit statuses, crashes and endless loops") {
  Fixture f;
  SECTION("a status other than 0") {
    CHECK(f.gather_one(cpp("int main() { std::fputs(\"why\\n\", stderr); return 3; }\n")).verdict ==
          Verdict::kFailed);
    CHECK(heads(f.sink) ==
          Lines{"content/pages/p.md:4:1: error: snippet `p#a` ended with status 3, not 0 [exit-status]"});
    CHECK(f.sink.sorted()[0].notes.at(0).message == "the program wrote on standard error:\n  why");
  }
  SECTION("a signal") {
    CHECK(f.gather_one(cpp("int main() { std::abort(); }\n")).verdict == Verdict::kFailed);
    CHECK(
        heads(f.sink) ==
        Lines{"content/pages/p.md:4:1: error: snippet `p#a` was ended by signal SIGABRT [program-crashed]"});
  }
  SECTION("no end") {
    Program program = cpp("int main() { for (volatile int i = 0; i == 0;) {} }\n");
    program.timeout_s = 0.2;
    CHECK(f.gather_one(program).verdict == Verdict::kFailed);
    CHECK(heads(f.sink).at(0) ==
          "content/pages/p.md:4:1: error: snippet `p#a` did not end within 0.2 s [program-timeout]");
  }
  SECTION("too much output") {
    CHECK(f.gather_one(
               cpp("int main() { for (int i = 0; i < 100000; ++i) std::puts(\"0123456789abcdef\"); }\n"))
              .verdict == Verdict::kFailed);
    CHECK(heads(f.sink) ==
          Lines{"content/pages/p.md:4:1: error: snippet `p#a` wrote more than 1 MiB [output-too-long]"});
  }
  CHECK(f.site.leftovers() == 0);
}

TEST_CASE("drill: failures that are asked for") {
  Fixture f;
  Program program = cpp("int main() { return 3; }\n");
  program.mode = Mode::kShouldFail;
  program.exit_code = 3;
  CHECK(f.gather_one(program).verdict == Verdict::kFailedAsExpected);
  CHECK(heads(f.sink).empty());

  program.exit_code = 4;
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  CHECK(heads(f.sink).at(0).find("ended with status 3, not 4 [exit-status]") != std::string::npos);

  Fixture g;
  Program crash = cpp("int main() { std::abort(); }\n");
  crash.mode = Mode::kShouldFail;
  crash.exit_code = 134;
  CHECK(g.gather_one(crash).verdict == Verdict::kFailedAsExpected);
  CHECK(heads(g.sink).empty());
}

TEST_CASE("drill: compile errors that are asked for") {
  Fixture f;
  Program program = cpp("int main() {\n  return zero;\n}\n");
  program.mode = Mode::kCompileFail;
  program.compile_error = "was not declared";
  const Record record = f.gather_one(program);
  CHECK(record.verdict == Verdict::kFailedAsExpected);
  CHECK(record.compiler_output == "line 4: error: 'zero' was not declared in this scope\n");
  CHECK(heads(f.sink).empty());

  program.compile_error = "no such thing";
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  program.code = "int main() {}\n";
  CHECK(f.gather_one(program).verdict == Verdict::kFailed);
  const Lines found = heads(f.sink);
  REQUIRE(found.size() == 2);
  CHECK(found[1].find("rejects snippet `p#a` without saying `no such thing` [other-compile-error]") !=
        std::string::npos);
  CHECK(found[0].find("snippet `p#a` compiles, but should fail to [compile-succeeds]") != std::string::npos);
}

TEST_CASE("drill: a program that is only compiled does not run") {
  Fixture f;
  Program program = cpp("int main() { std::abort(); }\n");
  program.mode = Mode::kCompile;
  const Record record = f.gather_one(program);
  CHECK(record.verdict == Verdict::kCompiledOnly);
  CHECK(record.backends.empty());
  CHECK(heads(f.sink).empty());
}

TEST_CASE("drill: arguments reach the program") {
  Fixture f;
  Program program = cpp("int main(int n, char** a) { std::printf(\"%d %s\\n\", n, a[1]); }\n");
  program.arguments = {"two words", ""};
  expect_output(program, "3 two words\n");
  CHECK(f.gather_one(program).verdict == Verdict::kRanOnHost);
  CHECK(heads(f.sink).empty());
}

TEST_CASE("drill: a program sees nothing of our environment") {
  Fixture f;
  ::setenv("DRILLPRESS_SECRET", "x", 1);
  const Record record =
      f.gather_one(cpp("#include <unistd.h>\nint main() { for (char** e = environ; *e; ++e) "
                       "std::printf(\"%.*s\\n\", 8, *e); }\n"));
  ::unsetenv("DRILLPRESS_SECRET");
  CHECK(record.output.find("DRILLPRE") == std::string::npos);
  CHECK(record.output.find("PATH") == std::string::npos);
  CHECK(record.output.find("LC_ALL=C") != std::string::npos);
}

TEST_CASE("drill: python programs") {
  Fixture f;
  SECTION("that run") {
    Program program = python("print({'b', 'a'} == {'a', 'b'}, '…')\n");
    expect_output(program, "True …\n");
    const Record record = f.gather_one(program);
    CHECK(record.verdict == Verdict::kRanOnHost);
    CHECK(record.provenance.compiler.starts_with("python 3."));
    CHECK(heads(f.sink).empty());
  }
  SECTION("that raise") {
    CHECK(f.gather_one(python("def f():\n  raise ValueError('no')\nf()\n")).verdict == Verdict::kFailed);
    CHECK(heads(f.sink) == Lines{"content/pages/p.md:5:3: error: snippet `p#a` ended with status 1: "
                                 "ValueError: no [exit-status]"});
  }
  SECTION("that are no Python") {
    const Record record = f.gather_one(python("x = 1\nif x\n"));
    CHECK(record.verdict == Verdict::kFailed);
    CHECK(record.backends.empty());
    CHECK(heads(f.sink) ==
          Lines{"content/pages/p.md:5:1: error: SyntaxError: expected ':' [compile-failed]"});
  }
  SECTION("that are only compiled") {
    Program program = python("raise SystemExit(3)\n");
    program.mode = Mode::kCompile;
    CHECK(f.gather_one(program).verdict == Verdict::kCompiledOnly);
  }
  SECTION("that shall not compile") {
    Program program = python("if x\n");
    program.mode = Mode::kCompileFail;
    program.compile_error = "expected ':'";
    CHECK(f.gather_one(program).verdict == Verdict::kFailedAsExpected);
    CHECK(heads(f.sink).empty());
  }
  CHECK(f.site.leftovers() == 0);
}

TEST_CASE("drill: bytes that are no UTF-8 do not reach the record") {
  Fixture f;
  const Record record = f.gather_one(cpp("int main() { std::puts(\"a\\xff\\xfe z\"); }\n"));
  CHECK(record.output == "a\xEF\xBF\xBD\xEF\xBF\xBD z\n");
  const auto back = parse_record(render_record(record));
  REQUIRE(back.ok());
  CHECK(back.value() == record);
}

TEST_CASE("drill: results come in the order of the programs, whatever the number of jobs") {
  const auto programs = [] {
    std::vector<Program> out;
    for (int i = 0; i < 7; ++i) {
      Program program = python("print(" + std::to_string(i) + ")\n" + (i == 3 ? "raise ValueError\n" : ""));
      program.id = "p#" + std::to_string(i);
      out.push_back(program);
    }
    return out;
  }();
  Fixture one, many;
  Options options = one.site.options();
  options.jobs = 1;
  const auto first = gather(programs, options, one.sink);
  options = many.site.options();
  options.jobs = 5;
  const auto second = gather(programs, options, many.sink);
  REQUIRE(first.size() == programs.size());
  CHECK(first == second);
  CHECK(heads(one.sink) == heads(many.sink));
  for (std::size_t i = 0; i < programs.size(); ++i) CHECK(first[i].output == std::to_string(i) + "\n");
}

TEST_CASE("drill: a good result is kept, a bad one is not") {
  Fixture f;
  // The program's own counter, outside of what we watch, says how often it ran.
  const std::string count = f.site.path("count");
  Options options = f.site.options();
  options.containment = Containment::kOff;
  const auto gather_one = [&](const Program& program) { return gather({program}, options, f.sink).at(0); };
  const auto runs = [&] { return f.site.read("count").size(); };
  Program good = python("open('" + count + "', 'a').write('x')\n");
  const Record first = gather_one(good);
  const Record second = gather_one(good);
  CHECK(runs() == 1);
  CHECK(first == second);
  good.id = "q#b";
  CHECK(gather_one(good).id == "q#b");
  CHECK(runs() == 1);

  options.sources = Sources::kRuns;
  gather_one(good);
  options.sources = Sources::kAny;
  CHECK(runs() == 2);

  const Program bad = python("open('" + count + "', 'a').write('x')\nraise SystemExit(1)\n");
  gather_one(bad);
  gather_one(bad);
  CHECK(runs() == 4);
}

TEST_CASE("drill: the sandbox hides the network, the site, homes and other processes") {
  Fixture f;
  if (!Sandbox(Containment::kRequired).works()) {
    WARN("skipped: bubblewrap does not work here");
    return;
  }
  f.site.write("content/secret.txt", "x");
  Program program = python(R"(import os, socket
print(sorted(os.listdir('/')))
print(os.getcwd(), os.listdir('.'))
print(os.path.exists(')" + f.site.path("content/secret.txt") +
                           R"('))
print([p for p in os.listdir('/proc') if p.isdigit() and int(p) > 3])
try:
  socket.create_connection(('127.0.0.1', 1), 1)
except OSError as e:
  print(e.errno)
print([n for n in os.listdir('/sys/class/net')] if os.path.exists('/sys') else 'no /sys')
try:
  open('/usr/x', 'w')
except OSError as e:
  print('read-only')
open(')" + f.site.root() + R"(-inside', 'w')
)");
  const Record record = f.gather_one(program);
  CHECK(heads(f.sink) == Lines{});
  const auto lines = base::split_lines(record.output);
  REQUIRE(lines.size() == 7);
  CHECK(lines[0].find("'home'") == std::string::npos);
  CHECK(lines[0].find("'etc'") != std::string::npos);
  CHECK(lines[1] == "/drill/run ['program.py']");
  CHECK(lines[2] == "False");
  CHECK(lines[3] == "[]");
  CHECK(lines[6] == "read-only");
  CHECK_FALSE(system::exists(f.site.root() + "-inside"));
}

TEST_CASE("drill: a program that ends leaves no process behind") {
  Fixture f;
  for (const bool sandbox : {true, false}) {
    Options options = f.site.options();
    options.containment = sandbox ? Containment::kRequired : Containment::kOff;
    // The child would write after a second, long after its parent has ended.
    Program program =
        cpp("#include <unistd.h>\nint main() { if (fork() == 0) { sleep(1); std::puts(\"late\"); return 0; } "
            "std::puts(\"parent\"); }\n");
    expect_output(program, "parent\n");
    program.arguments = {sandbox ? "1" : "2"};
    CHECK(gather({program}, options, f.sink).at(0).verdict == Verdict::kRanOnHost);
    CHECK(heads(f.sink) == Lines{});
  }
}

TEST_CASE("drill: a compilation that does not end is ended, and says so at the program") {
  Fixture f;
  Options options = f.site.options();
  options.compile_timeout_s = 1;
  // Two new types at each level: more than anybody has time for, at a depth that compilers allow.
  const Program program = cpp(
      "template <int N, class T> struct A { char c[sizeof(A<N - 1, A<N, T>>) + sizeof(A<N - 1, T*>)]; };\n"
      "template <class T> struct A<0, T> { char c; };\nint main() { return sizeof(A<60, int>) > 3; }\n");
  CHECK(gather({program}, options, f.sink).at(0).verdict == Verdict::kFailed);
  CHECK(heads(f.sink) ==
        Lines{"content/pages/p.md:4:1: error: the compiler did not end within 1 s [compile-failed]"});
  CHECK(f.site.leftovers() == 0);
}

TEST_CASE("drill: a program that only its own files explain compiles only with them") {
  Fixture f;
  f.site.write("drills/d/named.h", "inline int named() { return 0; }\n");
  f.site.write("drills/d/other.h", "inline int other() { return 0; }\n");
  const auto program = [](const std::string& include) {
    return file_program("d/a", "drills/d/a.cpp", include + "\nint main() {}\n", Language::kCpp);
  };
  CHECK(f.gather_one(program("#include \"named.h\"")).verdict == Verdict::kRanOnHost);
  // The key does not know this one, so it is not there either.
  CHECK(f.gather_one(program("#define FILE \"other.h\"\n#include FILE")).verdict == Verdict::kFailed);
}
