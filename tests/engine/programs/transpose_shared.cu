#include "program.h"

constexpr int kTile = 32;

__global__ void transpose(const float* in, float* out, int rows, int columns) {
  __shared__ float tile[kTile][kTile + 1];
  int x = blockIdx.x * kTile + threadIdx.x;
  int y = blockIdx.y * kTile + threadIdx.y;
  for (int j = 0; j < kTile; j += blockDim.y) {
    if (x < columns && y + j < rows) tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * columns + x];
  }
  __syncthreads();
  x = blockIdx.y * kTile + threadIdx.x;
  y = blockIdx.x * kTile + threadIdx.y;
  for (int j = 0; j < kTile; j += blockDim.y) {
    if (x < rows && y + j < columns) out[(y + j) * rows + x] = tile[threadIdx.x][threadIdx.y + j];
  }
}

int main() {
  const int rows = 100, columns = 77;
  std::vector<float> in(rows * columns), want(rows * columns);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      in[r * columns + c] = static_cast<float>(r * 1000 + c);
      want[c * rows + r] = in[r * columns + c];
    }
  }
  Buffer<float> din(in), dout(in.size());
  transpose<<<dim3((columns + 31) / 32, (rows + 31) / 32), dim3(32, 8)>>>(din.get(), dout.get(), rows, columns);
  CHECK(cudaDeviceSynchronize());
  expect_equal("out", dout.host(), want);
  return finish();
}
