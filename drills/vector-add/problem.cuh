/// Vector addition in float32.
#pragma once

#include "drill.h"

/// out[i] = a[i] + b[i] for 0 <= i < n. Device pointers, aligned to 4 bytes and no more; n may be 0.
void solve(const float* a, const float* b, float* out, int n);

drill::Problem drill::problem() {
  Problem problem{
      .name = "vector-add",
      .tolerance =
          "|actual - expected| <= u |expected|, u = 2^-24: an element is one float32 addition, rounded once",
      .cases = vector_cases(),
      .profiled = {{1 << 18}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            const auto a = e.input<float>("a", {n});
            const auto b = e.input<float>("b", {n});
            const auto out = e.output<float>("out", {n}, [=](std::size_t i) {
              const double sum = double{a[i]} + double{b[i]};
              return Expected{sum, kFloatRoundoff * std::abs(sum)};
            });
            e.cost = {.bytes_read = 8 * n, .bytes_written = 4 * n, .operations = n};
            e.launch([=] { solve(a.device(), b.device(), out.device(), static_cast<int>(n)); });
          },
  };
  problem.cases.push_back({{1025}, Distribution::specials});
  return problem;
}
