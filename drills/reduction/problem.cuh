/// Sum of a float32 vector, the same bits in every run.
#pragma once

#include "drill.h"

/// out[0] = in[0] + … + in[n - 1], and 0 when n is 0. `scratch` has room for max(1, ceil(n / 256)) floats.
/// Device pointers, aligned to 4 bytes and no more; `scratch` and `out` are not zeroed.
void solve(const float* in, float* scratch, float* out, int n);

drill::Problem drill::problem() {
  Problem problem{
      .name = "reduction",
      .tolerance =
          "|actual - expected| <= d u / (1 - d u) sum |x_i|, u = 2^-24, d = 64 + ceil(log2 n): an element "
          "goes "
          "through at most 64 additions in one thread and ceil(log2 n) in trees, each rounded once",
      .cases = vector_cases(),
      .profiled = {{1 << 18}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            const auto in = e.input<float>("in", {n});
            const auto scratch = e.scratch<float>("scratch", {n > 0 ? (n + 255) / 256 : 1});
            const auto out = e.output<float>("out", {1}, [=](std::size_t) {
              // In float64 the n - 1 additions of n <= 2^18 err by at most 2^-35 sum |x_i|: nothing beside d
              // u.
              double sum = 0, magnitudes = 0;
              for (std::size_t i = 0; i < n; ++i) sum += in[i], magnitudes += std::abs(double{in[i]});
              const double roundings = (64 + std::ceil(std::log2(n > 1 ? n : 1))) * kFloatRoundoff;
              return Expected{sum, roundings / (1 - roundings) * magnitudes};
            });
            e.cost = {.bytes_read = 4 * n, .bytes_written = 4, .operations = n > 0 ? n - 1 : 0};
            e.launch([=] { solve(in.device(), scratch.device(), out.device(), static_cast<int>(n)); });
          },
  };
  problem.cases.push_back({{1025}, Distribution::infinities});
  return problem;
}
