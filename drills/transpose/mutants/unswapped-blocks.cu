#include "problem.cuh"

constexpr int kTile = 32;
constexpr int kRows = 8;

// [kernel]
__global__ void transpose(const float* in, float* out, int rows, int columns) {
  __shared__ float tile[kTile][kTile];

  const int column = blockIdx.x * kTile + threadIdx.x;
  const int row = blockIdx.y * kTile + threadIdx.y;
  for (int k = 0; k < kTile; k += kRows)
    if (row + k < rows && column < columns)
      tile[threadIdx.y + k][threadIdx.x] = in[(row + k) * columns + column];

  __syncthreads();  // the column read below was stored by other warps

  // Wrong: the block coordinates keep their places, so every tile is transposed where it stood.
  for (int k = 0; k < kTile; k += kRows)
    if (row + k < columns && column < rows)
      out[(row + k) * rows + column] = tile[threadIdx.x][threadIdx.y + k];
}
// [/kernel]

// [solve]
void solve(const float* in, float* out, int rows, int columns) {
  if (rows == 0 || columns == 0) return;
  const dim3 blocks((columns + kTile - 1) / kTile, (rows + kTile - 1) / kTile);
  transpose<<<blocks, dim3(kTile, kRows)>>>(in, out, rows, columns);
}
// [/solve]
