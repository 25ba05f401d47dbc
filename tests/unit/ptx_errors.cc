// Malformed PTX: place and message of each error.
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

struct ErrorCase {
  const char* text;
  const char* errors;
};

const ErrorCase kModuleErrors[] = {
    {"hello", "1:1: expected a directive, found `hello`\n"},
    {".frob 3;", "1:1: unknown directive `.frob`\n"},
    {".visible 3;", "1:10: expected a function or variable, found `3`\n"},
    {".version 9;", "1:10: malformed version `9`\n"},
    {".version x;", "1:10: expected a version such as `9.0`, found `x`\n"},
    {".address_size 32\n", "1:15: only 64-bit addresses are supported\n"},
    {"#", "1:1: unexpected character `#`\n"},
    {"\x01", "1:1: unexpected character `\\x01`\n"},
    {". b", "1:1: expected a name after `.`\n"},
    {"/* never\nends", "1:1: the comment that begins here does not end\n"},
    {".file 1 \"a\n\"",
     "1:9: the string that begins here does not end on its line\n"
     "2:1: the string that begins here does not end on its line\n"},
    {".section .debug_str {\n$x:", "1:10: the section that begins here does not end\n"},
    {".section .debug_x {\n.b8", "1:10: the section that begins here does not end\n"},
    {".func", "1:6: expected the name of a function, found the end of the text\n"},
    {".func f", "1:8: expected `{` to open the body of a function, found the end of the text\n"},
    {".func f(", "1:9: expected `.param`, found the end of the text\n"},
    {".func f(.b32 x);", "1:9: expected `.param` or `.reg`, found `.b32`\n"},
    {".func f(.param .b32 x, .param .b32 x);", "1:36: parameter `x` is already declared in this scope\n"},
    {".entry f() .frob { ret; }", "1:12: unknown directive `.frob` of a function\n"},
    {".entry f() .maxntid 0 { ret; }", "1:21: a number of threads must be an integer from 1 to 4294967295\n"},
    {".entry f() .maxntid 1,2,3,4 { ret; }", "1:27: expected at most 3 dimensions, found `4`\n"},
    {".entry f() { ret;", "1:8: the body of `f` does not end: missing `}`\n"},
    {".func f() { ret; }\n.func f() { ret; }", "2:7: `f` is already defined\n"},
    {".global .b32 f;\n.func f();", "2:7: `f` is already defined\n"},
    {".alias g, f;", "1:11: unknown function `f`\n"},
    // A fault does not spoil what follows it.
    {".global .frob x;\n.entry k() { .reg .b32 %r<2>; mov.b32 %r1, 1; }\n.global .frab y = {{1}};\n",
     "1:9: unexpected `.frob` in the declaration of a variable\n"
     "3:9: unexpected `.frab` in the declaration of a variable\n"},
    {".func f(.frob) { { ret; } ret; }\n.globel .b32 x;\n",
     "1:9: expected `.param` or `.reg`, found `.frob`\n"
     "2:1: unknown directive `.globel`\n"},
};

// Within the fixture's kernel, whose body begins on line 9.
const ErrorCase kBodyErrors[] = {
    {"frobnicate %r1;", "9:1: unknown instruction `frobnicate`\n"},
    {"frobnicate %r1;\nfrobnicate %r2;\nmangle;",
     "9:1: unknown instruction `frobnicate`\n"
     "11:1: unknown instruction `mangle`\n"},
    {"add.frob %r1, %r2;", "9:4: unknown suffix `.frob` of `add`\n"},
    {"ld.shared::frob.b32 %r1, [%r2];", "9:3: unknown suffix `.shared::frob` of `ld`\n"},
    {"mma.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync.sync;",
     "9:79: too many suffixes of `mma`\n"},
    {"add.s32 %r1, %r99, %r2;", "9:14: unknown register `%r99`\n"},
    {"add.s32 %r01, %r2, %r2;", "9:9: unknown register `%r01`\n"},
    {"add.s32 %r1, %q, %r2;\nadd.s32 %r1, %q, %s;", "9:14: unknown register `%q`\n"},
    {"add.s32 %r1, %r2 %r3;", "9:18: expected `;` after an instruction, found `%r3`\n"},
    {"add.s32 %r1, %r2,;", "9:18: expected an operand, found `;`\n"},
    {"add.s32 %r1, {}, %r2;", "9:15: expected an operand, found `}`\n"},
    {"add.s32 %r1, {{%r1}}, %r2;", "9:15: expected an operand, found `{`\n"},
    {"add.s32 %r1, [[%r1]], %r2;", "9:15: expected a constant, found `[`\n"},
    {"ld.b32 %r1, [%rd1;", "9:18: expected `]` to close an address, found `;`\n"},
    {"ld.b32 %r1, [%rd1+%r2];", "9:19: expected a constant, found `%r2`\n"},
    {"ld.b32 %r1, [%tid.x];", "9:14: `%tid` cannot be the base of an address\n"},
    {"ld.b32 %r1, [1.5];", "9:14: an address must be an integer\n"},
    {"mov.b32 %r1, 1|%r2;", "9:16: expected a constant, found `%r2`\n"},
    {"mov.b32 %r1, a|%r2;", "9:15: `|` joins two destination registers\n"},
    {"mov.b32 %r1, nothing;", "9:14: unknown name `nothing`\n"},
    {"mov.u32 %r1, %tid.q;", "9:18: `%tid` has no component `.q`\n"},
    {"mov.u32 %r1, %laneid.x;", "9:21: `%laneid` has no component `.x`\n"},
    {"setp.eq.s32 %p1, !a, 1;", "9:19: expected a register, found `a`\n"},
    {"@%r1 ret;", "9:2: guard `%r1` is not a predicate\n"},
    {"@%p99 ret;", "9:2: unknown register `%p99`\n"},
    {"@%p1;", "9:5: expected an instruction, found `;`\n"},
    {"bra nowhere;", "9:5: unknown label `nowhere`\n"},
    {"{ L: ret; }\nbra L;", "10:5: unknown label `L`\n"},
    {"bra;", "9:4: expected a label, found `;`\n"},
    {"L: L: ret;", "9:4: label `L` is already defined in this scope\n"},
    {"brx.idx %r1, L; L: ret;", "9:14: unknown `.branchtargets` list `L`\n"},
    {"t: .branchtargets L;", "9:19: unknown label `L`\n"},
    {"call f;", "9:6: unknown name `f`\n"},
    {"call 5;", "9:6: `5` cannot be called\n"},
    {"call %rd1, (%r1), p;", "9:19: unknown prototype `p`\n"},
    {"call (%r1) f;", "9:12: expected `,` before the function called, found `f`\n"},
    {"call (%r1, f;", "9:13: expected `)` to close the return values of a call, found `;`\n"},
    {".reg .b32 %r1;", "9:11: register `%r1` is already declared in this scope\n"},
    {".reg .b32 %r<3>;", "9:11: register `%r0` is already declared in this scope\n"},
    {".reg .b32 x, x;", "9:14: register `x` is already declared in this scope\n"},
    {".reg .frob x;", "9:6: unknown register type `.frob`\n"},
    {".reg .v2 .f32 x;", "9:6: vector registers are not supported: declare their elements\n"},
    {".reg .b32 x<-1>;", "9:13: a number of registers must be an integer from 0 to 999999999\n"},
    {".reg .b32 x<999999999>;", "9:11: more registers than a text of this size can use\n"},
    {".shared .b32 a;", "9:14: variable `a` is already declared in this scope\n"},
    {".frob x;", "9:1: unknown directive `.frob` in the body of a function\n"},
    {"\"text\";", "9:1: expected an instruction or directive, found a string\n"},
    {"(5);", "9:1: expected an instruction or directive, found `(`\n"},
    // A vector that a fault is in does not end the body.
    {"mov.b64 {%q, %r1}, %rd1;\nfrobnicate;",
     "9:10: unknown register `%q`\n10:1: unknown instruction `frobnicate`\n"},
    {"{ mov.b64 {%q, %r1}, %rd1; }\n{ add.s32 %r1, %s }\nfrobnicate;",
     "9:12: unknown register `%q`\n10:16: unknown register `%s`\n11:1: unknown instruction `frobnicate`\n"},
};

}  // namespace

TEST_CASE("errors of a module have their place and message", "[ptx]") {
  for (const ErrorCase& c : kModuleErrors) {
    CAPTURE(c.text);
    CHECK(errors_of(c.text) == c.errors);
  }
}

TEST_CASE("errors of a body have their place and message", "[ptx]") {
  for (const ErrorCase& c : kBodyErrors) {
    CAPTURE(c.text);
    CHECK(errors_of(kernel(c.text)) == c.errors);
  }
}

TEST_CASE("text that is not a module", "[ptx]") {
  const auto errors = [](std::string_view text) {
    auto parsed = parse_module(text);
    return describe(std::get<std::vector<ParseError>>(parsed));
  };
  CHECK(errors("") == "1:1: missing `.version`: this is not PTX\n");
  CHECK(errors("// nothing\n") == "1:1: missing `.version`: this is not PTX\n");
  CHECK(errors(".version 9.0\n") == "1:1: missing `.target`: this is not PTX\n");
  CHECK(errors(std::string_view("\0", 1)) == "1:1: unexpected character `\\x00`\n");
}

TEST_CASE("no more than 20 errors are told", "[ptx]") {
  std::string body;
  for (int i = 0; i < 100; ++i) body += "frobnicate" + std::to_string(i) + ";\n";
  auto parsed = parse_module(kHeader + kernel(body));
  CHECK(std::get<std::vector<ParseError>>(parsed).size() == 20);
}

TEST_CASE("every truncation of a module is an error or a whole module", "[ptx]") {
  const std::string text =
      load(std::filesystem::path(DRILLPRESS_SOURCE_DIR) / "tests/unit/data/ptx/function_pointers.ptx");
  const std::size_t begin = text.find(".visible"), last_brace = text.rfind('}');
  std::size_t whole = 0;
  for (std::size_t size = begin; size <= last_brace; ++size) {
    if (parse_module(std::string_view(text).substr(0, size)).index() != 0) continue;
    ++whole;
    // What ends within a statement or a body must not pass.
    const char end = text[text.find_last_not_of(" \t\n", size - 1)];
    CAPTURE(size);
    CHECK((size == begin || end == '}' || end == ';'));
  }
  CHECK(whole < text.size() / 10);
}

TEST_CASE("hostile nesting is an error, not a crash", "[ptx]") {
  std::string scopes, braces;
  for (int i = 0; i < 100000; ++i) scopes += "{ ";
  CHECK(errors_of(kernel(scopes)).find("scopes nested too deeply") != std::string::npos);
  CHECK(errors_of(".global .b8 x[2] = " + scopes + ";").find("expected a value") != std::string::npos);
  CHECK(errors_of(kernel("add.s32 " + scopes + ";")).find("expected an operand") != std::string::npos);
  CHECK(errors_of(".section " + scopes).find("expected") != std::string::npos);
}
