#include <catch2/catch.hpp>

#include "pipeline/search_text.h"
#include "pipeline/tex_text.h"

using drillpress::pipeline::search_symbols;
using drillpress::pipeline::tex_text;

TEST_CASE("search: names of code that somebody may look for") {
  CHECK(search_symbols("") == "");
  CHECK(search_symbols("int n = size + data;") == "");
  CHECK(search_symbols("cudaMemcpyAsync(a, b); cudaMemcpyAsync(c, d);") == "cudaMemcpyAsync");
  CHECK(search_symbols("__shfl_down_sync(mask, v, 1); float4 x; mma_sync") ==
        "__shfl_down_sync float4 mma_sync");
  CHECK(search_symbols("0xFFFFffffu 1.0f 100ms 5e_3") == "");
  CHECK(search_symbols("a1 b_c N2 Data") == "");
}

TEST_CASE("search: formulas as a line of text") {
  CHECK(tex_text("") == "");
  CHECK(tex_text("x_{i}^{2}") == "x_i^2");
  CHECK(tex_text("10^{3}") == "10^3");
  CHECK(tex_text("e^{t-1}") == "e^(t-1)");
  CHECK(tex_text("\\frac{1}{n}") == "1/n");
  CHECK(tex_text("\\frac{a + b}{2}") == "(a + b)/2");
  CHECK(tex_text("\\sqrt{n}") == "sqrt(n)");
  CHECK(tex_text("\\mathbb{E}(f - Y)^{2}") == "E(f - Y)^2");
  CHECK(tex_text("\\operatorname{KL}(p, q)") == "KL(p, q)");
  CHECK(tex_text("\\eta \\lambda_{i}") == "eta lambda_i");
  CHECK(tex_text("2\\pi") == "2 pi");
  CHECK(tex_text("a\\,b \\le 1{,}000") == "a b \u2264 1,000");
  CHECK(tex_text("\\hat{v}") == "hat(v)");
  CHECK(tex_text("\\left( x \\right)") == "( x )");
}

TEST_CASE("search: damaged formulas are text, too") {
  for (const char* tex :
       {"{", "}", "\\", "^", "_{", "\\frac", "\\frac{", "\\frac{a", "{{{{", "a^{b", "\\sqrt{\\", "\\{\\}"})
    CHECK_NOTHROW(tex_text(tex));
}
