/// Inclusive prefix sums of a vector, in integers and in float32.
#pragma once

#include "drill.h"

/// out[i] = in[0] + … + in[i] for 0 <= i < n; n may be 0. `in` and `out` are aligned to 4 bytes and no more.
/// `scratch` is aligned to 8 bytes and has room for 1 + ceil(n / 256) words of 8 bytes; it is not zeroed.
void solve(const int* in, int* out, void* scratch, int n);
void solve(const float* in, float* out, void* scratch, int n);

drill::Problem drill::problem() {
  Problem problem{
      .name = "scan",
      .tolerance =
          "integers: 0. floats: |actual - expected| <= d u / (1 - d u) (|x_0| + ... + |x_i|), u = 2^-24, d = "
          "64 "
          "+ ceil(log2 n) + ceil(n / 1024): an element goes through at most 64 additions within a tile, "
          "ceil(log2 n) in trees and one for each 1024 elements in a chain of tiles, each rounded once",
      .cases = vector_cases(),
      .profiled = {{1 << 17}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            // From -500 to 1499: no sum of 2^17 of them leaves the range of an int. Longer inputs go from
            // -1000 to 999, so that their sums stay near 0: n = 2^26 is expected to end 2^25 below it.
            const int least = n > 1 << 17 ? -1000 : -500;
            const auto integers = e.input<int>("integers", {n}, [=](Random& random) {
              return static_cast<int>(random.below(2000)) + least;
            });
            const auto floats = e.input<float>("floats", {n});
            // Eight bytes an element is what counts, not their type.
            const auto scratch = e.scratch<double>("scratch", {1 + (n + 255) / 256});

            double integer_sum = 0, sum = 0, magnitudes = 0;  // of elements 0 … i: asked for in order
            const auto integer_sums = e.output<int>(
                "integer_sums", {n}, [&](std::size_t i) { return Expected{integer_sum += integers[i]}; });
            // In float64 the running sum errs by at most 2^-36 of the magnitudes: nothing beside d u.
            const double d = 64 + std::ceil(std::log2(n > 1 ? n : 1)) + std::ceil(n / 1024.0);
            const double relative = d * kFloatRoundoff / (1 - d * kFloatRoundoff);
            const auto float_sums = e.output<float>("float_sums", {n}, [&](std::size_t i) {
              sum += floats[i], magnitudes += std::abs(double{floats[i]});
              return Expected{sum, relative * magnitudes};
            });
            e.cost = {.bytes_read = 8 * n, .bytes_written = 8 * n, .operations = n > 0 ? 2 * (n - 1) : 0};
            e.launch([=] {
              solve(integers.device(), integer_sums.device(), scratch.device(), static_cast<int>(n));
              solve(floats.device(), float_sums.device(), scratch.device(), static_cast<int>(n));
            });
          },
  };
  problem.cases.push_back({{1025}, Distribution::infinities});
  return problem;
}
