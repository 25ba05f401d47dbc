#include "program.h"

__global__ void add_row(char* base, std::size_t pitch, int width, int height) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y;
  if (x < width && y < height) reinterpret_cast<int*>(base + y * pitch)[x] += 1000 * y;
}

int main() {
  const int width = 37, height = 11, depth = 3;
  std::vector<int> in(width * height), out(width * height, -1), want(width * height);
  for (int i = 0; i < width * height; ++i) {
    in[i] = i;
    want[i] = i + 1000 * (i / width);
  }
  char* plane;
  std::size_t pitch;
  CHECK(cudaMallocPitch(&plane, &pitch, width * sizeof(int), height));
  EXPECT(pitch >= width * sizeof(int) && pitch % 256 == 0);
  CHECK(cudaMemcpy2D(plane, pitch, in.data(), width * sizeof(int), width * sizeof(int), height, cudaMemcpyHostToDevice));
  add_row<<<dim3(1, height), 64>>>(plane, pitch, width, height);
  CHECK(cudaMemcpy2D(out.data(), width * sizeof(int), plane, pitch, width * sizeof(int), height, cudaMemcpyDeviceToHost));
  expect_equal("plane", out, want);
  EXPECT(cudaMemcpy2D(plane, 8, in.data(), 148, 148, height, cudaMemcpyHostToDevice) == cudaErrorInvalidPitchValue);

  CHECK(cudaMemset2D(plane, pitch, 0x11, 5 * sizeof(int), 2));
  CHECK(cudaMemcpy2D(out.data(), width * sizeof(int), plane, pitch, width * sizeof(int), height, cudaMemcpyDeviceToHost));
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 5; ++x) want[y * width + x] = 0x11111111;
  }
  expect_equal("filled plane", out, want);

  const cudaExtent extent = make_cudaExtent(width * sizeof(int), height, depth);
  cudaPitchedPtr volume;
  CHECK(cudaMalloc3D(&volume, extent));
  std::vector<int> cube(width * height * depth), back(cube.size(), -1);
  for (std::size_t i = 0; i < cube.size(); ++i) cube[i] = static_cast<int>(i * 3);
  cudaMemcpy3DParms up = {};
  up.srcPtr = make_cudaPitchedPtr(cube.data(), width * sizeof(int), width * sizeof(int), height);
  up.dstPtr = volume;
  up.extent = extent;
  up.kind = cudaMemcpyHostToDevice;
  CHECK(cudaMemcpy3D(&up));
  CHECK(cudaMemset3D(volume, 0, make_cudaExtent(sizeof(int), 1, depth)));
  cudaMemcpy3DParms down = {};
  down.srcPtr = volume;
  down.dstPtr = make_cudaPitchedPtr(back.data(), width * sizeof(int), width * sizeof(int), height);
  down.extent = extent;
  down.kind = cudaMemcpyDeviceToHost;
  CHECK(cudaMemcpy3D(&down));
  for (int z = 0; z < depth; ++z) cube[z * width * height] = 0;
  expect_equal("volume", back, cube);
  CHECK(cudaFree(volume.ptr));
  CHECK(cudaFree(plane));
  return finish();
}
