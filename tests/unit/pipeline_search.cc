#include <catch2/catch.hpp>

#include "pipeline/search_text.h"

using drillpress::pipeline::search_symbols;

TEST_CASE("search: names of code that somebody may look for") {
  CHECK(search_symbols("") == "");
  CHECK(search_symbols("int n = size + data;") == "");
  CHECK(search_symbols("cudaMemcpyAsync(a, b); cudaMemcpyAsync(c, d);") == "cudaMemcpyAsync");
  CHECK(search_symbols("__shfl_down_sync(mask, v, 1); float4 x; mma_sync") ==
        "__shfl_down_sync float4 mma_sync");
  CHECK(search_symbols("0xFFFFffffu 1.0f 100ms 5e_3") == "");
  CHECK(search_symbols("a1 b_c N2 Data") == "");
}
