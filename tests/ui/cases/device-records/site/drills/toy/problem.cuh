/// Doubling in float32.
#pragma once

#include "drill.h"

/// out[i] = 2 in[i] for 0 <= i < n. Device pointers; n may be 0.
void solve(const float* in, float* out, int n);

drill::Problem drill::problem() {
  return {
      .name = "toy",
      .tolerance = "none: doubling a float32 is exact",
      .cases = vector_cases(),
      .profiled = {{1 << 16}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            const auto in = e.input<float>("in", {n});
            const auto out = e.output<float>("out", {n}, [=](std::size_t i) { return Expected{2 * double{in[i]}, 0}; });
            e.cost = {.bytes_read = 4 * n, .bytes_written = 4 * n, .operations = n};
            e.launch([=] { solve(in.device(), out.device(), static_cast<int>(n)); });
          },
  };
}
