/// Transposition of a float32 matrix.
#pragma once

#include "drill.h"

/// out[c][r] = in[r][c]. `in` has `rows` rows of `columns` elements, `out` has `columns` rows of `rows`; both
/// are row-major with no padding. Device pointers, aligned to 4 bytes and no more; either extent may be 0.
void solve(const float* in, float* out, int rows, int columns);

drill::Problem drill::problem() {
  using D = Distribution;
  return {
      .name = "transpose",
      .tolerance = "0: elements are moved, nothing is computed, so expected and actual are equal",
      .cases = {{{0, 0}},
                {{0, 5}},
                {{1, 1}},
                {{1, 31}},
                {{31, 1}},
                {{32, 32}},
                {{32, 33}},
                {{33, 32}},
                {{33, 127}},
                {{127, 129}},
                {{1023, 5}},
                {{3, 1025}},
                {{61, 67}},
                {{64, 96}},
                {{65, 40}, D::mixed_signs},
                {{65, 40}, D::magnitudes},
                {{65, 40}, D::constant},
                {{65, 40}, D::specials},
                {{65, 40}, D::uniform, Placement::offset},
                {{40, 65}, D::uniform, Placement::staggered}},
      .profiled = {{256, 256}},
      .define =
          [](Experiment& e) {
            const std::size_t rows = e.extent(0), columns = e.extent(1);
            const auto in = e.input<float>("in", {rows, columns});
            const auto out = e.output<float>("out", {columns, rows}, [=](std::size_t i) {
              return Expected{in[i % rows * columns + i / rows]};
            });
            e.cost = {.bytes_read = 4 * e.count(), .bytes_written = 4 * e.count()};
            e.launch(
                [=] { solve(in.device(), out.device(), static_cast<int>(rows), static_cast<int>(columns)); });
          },
  };
}
