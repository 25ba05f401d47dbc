// An instruction counter that shares nothing with the parser.
#include <regex>

#include "ptx_fixture.h"

namespace ptx_test {

std::size_t count_instructions(const std::string& text) {
  std::string code;
  bool in_section = false;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    line = line.substr(0, line.find("//"));
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    line = line.substr(first);
    if (line.rfind(".section", 0) == 0) in_section = true;
    const bool is_debug = in_section || line.rfind(".loc", 0) == 0 || line.rfind(".file", 0) == 0;
    if (in_section && line.find('}') != std::string::npos) in_section = false;
    if (!is_debug) code += line + " ";
  }
  std::size_t count = 0;
  const auto skip = [&code](std::size_t at, std::string_view characters) {
    return std::min(code.find_first_not_of(characters, at), code.size());
  };
  for (std::size_t at = 0; at < code.size();) {
    std::size_t end = code.find(';', at);
    if (end == std::string::npos) end = code.size();
    // A function's header ends with `{` and not with `;`: what counts stands behind it.
    const std::size_t header =
        code.find(".entry", at) < end || code.find(".func", at) < end ? code.find('{', at) : at;
    std::size_t start = skip(std::min(header, end), "{} \t");
    for (std::size_t word_end = start; start < end;) {  // labels
      word_end = code.find_first_of(" \t:{[(,;.@<", start);
      const std::size_t colon = skip(word_end, " \t");
      if (colon >= end || code[colon] != ':' || word_end == start) break;
      start = skip(colon + 1, "{} \t");
    }
    if (start < end && code[start] == '@') start = skip(code.find_first_of(" \t", start), " \t");
    if (start < end && code[start] >= 'a' && code[start] <= 'z') ++count;
    at = end + 1;
  }
  return count;
}

}  // namespace ptx_test

TEST_CASE("the independent counter counts what it should", "[ptx]") {
  using ptx_test::count_instructions;
  CHECK(count_instructions(
            ".entry k()\n{\n.reg .b32 %r<3>;\nadd.s32 %r1, %r1, 1; // no; add\n@%p1 ret;\n}\n") == 2);
  CHECK(count_instructions(".func f() { { .reg .b32 x; L: mov.b64 {a, b}, c; } $M: N: @!p bra L; }") == 2);
  CHECK(count_instructions(".section .debug_str\n{\nx:\n.b8 1;\n}\n.global .b8 x[2] = {1, 2};\n") == 0);
  CHECK(count_instructions(".func f();\n.entry k() { t: .branchtargets a, b; call (x), f, (y); }") == 1);
}
