// options: DRILLPRESS_DEVICE=sms=16,memory=2GiB
#include <cstring>

#include "program.h"

__global__ void kernel(float* out) {
  __shared__ float cache[1024];
  cache[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = cache[blockDim.x - 1 - threadIdx.x];
}

int main() {
  int count = 0, device = -1, version = 0, value = 0;
  CHECK(cudaGetDeviceCount(&count));
  CHECK(cudaGetDevice(&device));
  CHECK(cudaRuntimeGetVersion(&version));
  EXPECT(count == 1 && device == 0 && version == 13000);
  EXPECT(cudaSetDevice(1) == cudaErrorInvalidDevice);
  cudaDeviceProp properties;
  CHECK(cudaGetDeviceProperties(&properties, 0));
  EXPECT(std::strcmp(properties.name, "Drillpress lockstep engine (virtual sm_90)") == 0);
  EXPECT(properties.major == 9 && properties.minor == 0 && properties.warpSize == 32);
  EXPECT(properties.multiProcessorCount == 16 && properties.totalGlobalMem == (2ull << 30));
  EXPECT(properties.sharedMemPerBlock == 49152 && properties.sharedMemPerBlockOptin == 232448);
  EXPECT(properties.maxThreadsDim[2] == 64 && properties.maxGridSize[0] == 2147483647);
  EXPECT(properties.managedMemory == 1 && properties.cooperativeLaunch == 1 && properties.clusterLaunch == 0);
  CHECK(cudaDeviceGetAttribute(&value, cudaDevAttrMultiProcessorCount, 0));
  EXPECT(value == 16);
  EXPECT(cudaDeviceGetAttribute(&value, static_cast<cudaDeviceAttr>(9999), 0) == cudaErrorInvalidValue);
  std::size_t free_bytes, total_bytes, before;
  CHECK(cudaMemGetInfo(&before, &total_bytes));
  EXPECT(total_bytes == (2ull << 30));
  float* out;
  CHECK(cudaMalloc(&out, 64 << 20));
  CHECK(cudaMemGetInfo(&free_bytes, &total_bytes));
  EXPECT(before - free_bytes >= (64u << 20));
  float* huge;
  EXPECT(cudaMalloc(&huge, 4ull << 30) == cudaErrorMemoryAllocation);
  EXPECT(cudaGetLastError() == cudaErrorMemoryAllocation);
  EXPECT(std::strcmp(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory") == 0);
  EXPECT(std::strcmp(cudaGetErrorName(cudaErrorIllegalAddress), "cudaErrorIllegalAddress") == 0);
  std::size_t limit = 0;
  CHECK(cudaDeviceSetLimit(cudaLimitStackSize, 4096));
  CHECK(cudaDeviceGetLimit(&limit, cudaLimitStackSize));
  EXPECT(limit == 4096);

  int blocks = 0, best = 0, grid = 0;
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 256, 0));
  EXPECT(blocks == 8);  // 2048 threads
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 32, 0));
  EXPECT(blocks == 32);
  CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 32, 40000));
  EXPECT(blocks == 5);  // 45 KiB each of 228 KiB
  CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &best, kernel, 0, 0));
  EXPECT(best == 1024 && grid == 32);
  cudaFuncAttributes attributes;
  CHECK(cudaFuncGetAttributes(&attributes, kernel));
  EXPECT(attributes.sharedSizeBytes == 4096 && attributes.ptxVersion == 90 && attributes.binaryVersion == 90);
  kernel<<<1, 256>>>(out);
  CHECK(cudaDeviceSynchronize());
  CHECK(cudaFree(out));
  CHECK(cudaDeviceReset());
  return finish();
}
