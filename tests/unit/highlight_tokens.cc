#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "base/text.h"
#include "highlight/highlight.h"
#include "highlight/syntax.h"

using namespace drillpress::highlight;
namespace base = drillpress::base;

namespace {

// `class:text` of every token that is neither plain text nor punctuation.
std::vector<std::string> tokens(std::string_view language, std::string_view text) {
  std::vector<std::string> out;
  for (const Classified& token : highlight(language, text)) {
    if (token.token_class == TokenClass::kText || token.token_class == TokenClass::kPunctuation) continue;
    out.push_back(std::string(info(token.token_class).name) + ":" +
                  std::string(text.substr(token.begin, token.end - token.begin)));
  }
  return out;
}

using Texts = std::vector<std::string>;

std::string check_complete(std::string_view language, std::string_view text) {
  std::uint32_t at = 0;
  TokenClass before = TokenClass::kText;
  bool first = true;
  for (const Classified& token : highlight(language, text)) {
    if (token.begin != at) return "gap or overlap";
    if (token.end <= token.begin) return "empty token";
    if (!first && token.token_class == before) return "neighbours of one class";
    at = token.end;
    before = token.token_class;
    first = false;
  }
  if (at != text.size()) return "does not reach the end";
  const auto lines = render_lines(language, text);
  for (const std::string& line : lines) {
    if (line.find('\n') != std::string::npos) return "a line with a line break";
    std::size_t open = 0, close = 0;
    for (std::size_t i = line.find("<span"); i != std::string::npos; i = line.find("<span", i + 1)) ++open;
    for (std::size_t i = line.find("</span>"); i != std::string::npos; i = line.find("</span>", i + 1))
      ++close;
    if (open != close) return "a span crosses lines";
  }
  if (lines.size() != base::split_lines(text).size()) return "wrong number of lines";
  return "";
}

// The text of HTML lines, tags removed and entities resolved.
std::string visible(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    bool tag = false;
    for (const char c : line) {
      if (c == '<') tag = true;
      if (!tag) out += c;
      if (c == '>') tag = false;
    }
    out += '\n';
  }
  for (const auto& [entity, character] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
    out = base::replace_all(out, entity, character);
  }
  return out;
}

}  // namespace

TEST_CASE("cuda", "[highlight]") {
  CHECK(tokens("cuda", "__global__ void scale(float* x, int n) {") ==
        Texts{"keyword:__global__", "type:void", "function:scale", "type:float", "operator:*", "type:int"});
  CHECK(tokens("cuda", "int i = blockIdx.x * 1'024u + 0x1F;") ==
        Texts{"type:int", "operator:=", "builtin:blockIdx", "operator:*", "number:1'024u", "operator:+",
              "number:0x1F"});
  CHECK(tokens("cu", "scale<<<grid, 256>>>(x);") ==
        Texts{"function:scale", "operator:<<<", "number:256", "operator:>>>"});
  CHECK(tokens("cuda", "__syncthreads(); __shfl_down_sync(m, v, 16);") ==
        Texts{"builtin:__syncthreads", "builtin:__shfl_down_sync", "number:16"});
  CHECK(tokens("cpp", "__syncthreads();") == Texts{"function:__syncthreads"});
}

TEST_CASE("c++", "[highlight]") {
  CHECK(tokens("c++", "#include <vector>  // x\n  #  define N 1") ==
        Texts{"preprocessor:#include", "string:<vector>", "comment:// x", "preprocessor:#  define",
              "number:1"});
  CHECK(tokens("cpp", "auto s = R\"x(a)\" \\n)x\"; char c = u8'\\n';") ==
        Texts{"type:auto", "operator:=", "string:R\"x(a)\" \\n)x\"", "type:char", "operator:=", "string:u8'",
              "escape:\\n", "string:'"});
  CHECK(tokens("cpp", "1e-3f 0x1p+4 1.5e10 .5 1'000'000 0b1010'1010 3.0_km") ==
        Texts{"number:1e-3f", "number:0x1p+4", "number:1.5e10", "number:.5", "number:1'000'000",
              "number:0b1010'1010", "number:3.0_km"});
  CHECK(tokens("cpp", "/* a\n b */ x // y \\\n z\nint") ==
        Texts{"comment:/* a\n b */", "comment:// y \\\n z", "type:int"});
  CHECK(tokens("cpp", "[[nodiscard]] size_t f() noexcept; a[b[i]]") ==
        Texts{"attribute:[[nodiscard]]", "type:size_t", "function:f", "keyword:noexcept"});
  CHECK(tokens("cpp", "\"open\nint") == Texts{"string:\"open", "type:int"});
  CHECK(tokens("cpp", "CHECK_CUDA(x); constexpr int kN = MAX_SIZE;") ==
        Texts{"function:CHECK_CUDA", "keyword:constexpr", "type:int", "operator:=", "constant:MAX_SIZE"});
  CHECK(tokens("cpp", "\"\\x41\\101\\u00e9z\"") ==
        Texts{"string:\"", "escape:\\x41\\101\\u00e9", "string:z\""});
}

TEST_CASE("ptx", "[highlight]") {
  CHECK(tokens("ptx", ".visible .entry k(.param .u64 p)") ==
        Texts{"keyword:.visible", "keyword:.entry", "keyword:.param", "type:.u64"});
  CHECK(tokens("ptx", "@%p1 bra $L__BB0_2;  // loop") ==
        Texts{"variable:%p1", "function:bra", "constant:$L__BB0_2", "comment:// loop"});
  CHECK(tokens("ptx", "mov.u32 %r1, %tid.x;") ==
        Texts{"function:mov", "type:.u32", "variable:%r1", "builtin:%tid.x"});
  CHECK(tokens("ptx", "ld.shared::cta.f32 %f1, [%rd1+0f3F800000];") ==
        Texts{"function:ld", "attribute:.shared::cta", "type:.f32", "variable:%f1", "variable:%rd1",
              "operator:+", "number:0f3F800000"});
}

TEST_CASE("python", "[highlight]") {
  CHECK(tokens("python", "@torch.jit\ndef f(x): # c\n  return len(x) + 1_000") ==
        Texts{"attribute:@torch.jit", "keyword:def", "function:f", "comment:# c", "keyword:return",
              "builtin:len", "operator:+", "number:1_000"});
  CHECK(tokens("py", "s = rb'\\n' + \"\"\"a\n\"b\"\n\"\"\"") ==
        Texts{"operator:=", "string:rb'\\n'", "operator:+", "string:\"\"\"a\n\"b\"\n\"\"\""});
  CHECK(tokens("python", "class A(B):\n  x = None") ==
        Texts{"keyword:class", "type:A", "operator:=", "constant:None"});
}

TEST_CASE("bash and console", "[highlight]") {
  CHECK(tokens("bash", "if [ -f \"$x\" ]; then nvcc -O3 a.cu | head -n 3; fi # done") ==
        Texts{"keyword:if", "builtin:[", "attribute:-f", "string:\"", "variable:$x", "string:\"",
              "operator:;", "keyword:then", "function:nvcc", "attribute:-O3", "operator:|", "function:head",
              "attribute:-n", "number:3", "operator:;", "keyword:fi", "comment:# done"});
  CHECK(tokens("sh", "A=1 cd x#y\ncat <<'EOF' > f\n$no # no\nEOF\necho") ==
        Texts{"variable:A", "operator:=", "number:1", "builtin:cd", "function:cat", "operator:<<",
              "string:'EOF'", "operator:>", "string:$no # no\nEOF", "builtin:echo"});
  CHECK(tokens("console", "$ nvcc a.cu \\\n  -o a\nptxas info\nuser@h:~$ ./a\n42 $ ok\n") ==
        Texts{"prompt:$ ", "function:nvcc", "escape:\\\n", "attribute:-o", "output:ptxas info\n",
              "prompt:user@h:~$ ", "function:./a", "output:42 $ ok\n"});
}

TEST_CASE("cmake, json, yaml, diff, text", "[highlight]") {
  CHECK(tokens("cmake", "IF(ON)\n  set(XY \"${Y}/z\") # c\n  message([=[a]]b]=])\nendif() #[[ x\n]]") ==
        Texts{"keyword:IF", "constant:ON", "function:set", "constant:XY", "string:\"", "variable:${Y}",
              "string:/z\"", "comment:# c", "function:message", "string:[=[a]]b]=]", "keyword:endif",
              "comment:#[[ x\n]]"});
  CHECK(tokens("json", "{\"a\" : [\"b\", -1.5e+3, true, null]}") == Texts{"attribute:\"a\"", "string:\"b\"",
                                                                          "operator:-", "number:1.5e+3",
                                                                          "constant:true", "constant:null"});
  CHECK(tokens("yaml",
               "--- # c\nkey: 12\nlist: [a, 'b', \"c\\n\"]\n- on\ntext: |\n  if: x\n\n  y\nlast: &a b "
               "c#d\n\"q\": *a\n") == Texts{"comment:# c", "attribute:key", "number:12", "attribute:list",
                                            "string:a", "string:'b'", "string:\"c", "escape:\\n", "string:\"",
                                            "constant:on", "attribute:text", "operator:|", "string:  if: x",
                                            "string:  y", "attribute:last", "variable:&a", "string:b c#d",
                                            "attribute:\"q\"", "variable:*a"});
  CHECK(tokens("diff", "--- a\n+++ b\n@@ -1 +1 @@\n same\n-old\n+new\n") ==
        Texts{"keyword:--- a", "keyword:+++ b", "hunk:@@ -1 +1 @@", "deleted:-old", "inserted:+new"});
  CHECK(tokens("text", "int x;").empty());
  CHECK(tokens("klingon", "int x;").empty());
  CHECK_FALSE(is_known_language("klingon"));
  CHECK(is_known_language("cuh"));
}

TEST_CASE("rendered lines", "[highlight]") {
  CHECK(render_lines("cuda", "int a<b;\r\n/* x\n\n y */ \"<&\\n\"") ==
        Texts{"<span class=\"tok-t\">int</span> a<span class=\"tok-o\">&lt;</span>b;",
              "<span class=\"tok-m\">/* x</span>", "",
              "<span class=\"tok-m\"> y */</span> <span class=\"tok-s\">&quot;&lt;&amp;</span><span "
              "class=\"tok-e\">\\n</span><span class=\"tok-s\">&quot;</span>"});
  CHECK(render_lines("cpp", "// a\r\n").at(0) == "<span class=\"tok-m\">// a</span>");
  CHECK(render_lines("cpp", "").empty());
  CHECK(render_lines("cpp", "\n\n") == Texts{"", ""});
  CHECK(render_lines("unknown", "a<b").at(0) == "a&lt;b");
}

TEST_CASE("tables are consistent", "[highlight]") {
  std::set<std::string_view> names, css;
  for (const Language& language : all_languages()) {
    REQUIRE_FALSE(language.names.empty());
    for (const std::string_view name : language.names) CHECK(names.insert(name).second);
    for (const auto& [word, token_class] : language.words.slots()) {
      if (word.empty()) continue;
      CAPTURE(word);
      CHECK(language.words.find(word)->token_class == token_class);
      CHECK(word.size() <= 32);  // the lexer looks up no longer ones
      // Every word of the tables is read as one token of its class, where words can stand alone.
      if (language.lex == lex_tokens && language.names[0] != "json") {
        CHECK(tokens(language.names[0], word) ==
              Texts{std::string(info(token_class).name) + ":" + std::string(word)});
      }
    }
  }
  const auto main_names = language_names();
  CHECK(std::is_sorted(main_names.begin(), main_names.end()));
  for (const TokenClassInfo& row : all_token_classes()) {
    CHECK(&info(row.token_class) == &row);
    if (!row.css.empty()) CHECK(css.insert(row.css).second);
  }
}

TEST_CASE("random text round-trips in every language", "[highlight]") {
  const std::vector<std::string> pieces = {"a",      "int",        "R\"x(",
                                           ")x\"",   "\"",         "'",
                                           "\"\"\"", "\\",         "\n",
                                           "\r\n",   " ",          "  ",
                                           "#",      "#include <", ">",
                                           "//",     "/*",         "*/",
                                           "[[",     "]]",         "[=[",
                                           "]=]",    "${",         "}",
                                           "$",      "$(",         "%r1",
                                           ".b32",   "::",         "0x",
                                           "1e",     "+",          "-",
                                           "'0",     "<<<",        "<<EOF",
                                           "EOF",    "@",          "@@",
                                           ":",      ": ",         "- ",
                                           "|",      "&",          "!",
                                           "=",      "(",          ")",
                                           "é",      "\xff",       std::string("\0", 1),
                                           "$ ",     "user@h$ "};
  std::mt19937 random(11);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (unsigned i = random() % 20; i > 0; --i) text += pieces[random() % pieces.size()];
    for (const std::string& language : language_names()) {
      const std::string error = check_complete(language, text);
      if (!error.empty() || text.find('\r') == std::string::npos) {
        CAPTURE(language, text);
        REQUIRE(error.empty());
        const std::string expected = text.empty() || text.back() == '\n' ? text : text + "\n";
        REQUIRE(visible(render_lines(language, text)) == expected);
      }
    }
  }
}

TEST_CASE("every file of the repository round-trips in every language", "[highlight]") {
  int files = 0;
  for (const char* folder : {"generator", "drills", "content", "tests/unit", "cmake"}) {
    const std::filesystem::path root = std::filesystem::path(DRILLPRESS_SOURCE_DIR) / folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || entry.file_size() > 300000) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      ++files;
      for (const std::string& language : language_names()) {
        CAPTURE(entry.path().string(), language);
        const std::string error = check_complete(language, text.str());
        if (!error.empty()) FAIL(error);
      }
    }
  }
  CHECK(files > 50);
}

TEST_CASE("pathological code is lexed in linear steps", "[highlight]") {
  for (const std::string piece : {"R\"", "[[", "/*", "\"\"\"", "${", "[=[", "<<EOF\n", "#include <", "\"\\",
                                  "'", "$ \\\n", "@", "%", "(((", ": "}) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += piece;
    for (const std::string& language : language_names()) {
      CAPTURE(piece, language);
      CHECK(check_complete(language, text).empty());
    }
  }
}
