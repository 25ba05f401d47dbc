#include "program.h"

__global__ void nothing() {}
__global__ void __launch_bounds__(128) bounded() {}

int main() {
  nothing<<<1, 1025>>>();
  EXPECT(cudaPeekAtLastError() == cudaErrorInvalidConfiguration);
  EXPECT(cudaGetLastError() == cudaErrorInvalidConfiguration);
  EXPECT(cudaGetLastError() == cudaSuccess);
  nothing<<<0, 1>>>();
  EXPECT(cudaGetLastError() == cudaErrorInvalidConfiguration);
  nothing<<<1, dim3(1, 1, 65)>>>();
  EXPECT(cudaGetLastError() == cudaErrorInvalidConfiguration);
  nothing<<<dim3(1, 65536), 1>>>();
  EXPECT(cudaGetLastError() == cudaErrorInvalidConfiguration);
  bounded<<<1, 256>>>();
  EXPECT(cudaGetLastError() != cudaSuccess);
  EXPECT(cudaDeviceSynchronize() == cudaSuccess);  // none of these is sticky
  nothing<<<1, 1024>>>();
  CHECK(cudaGetLastError());
  CHECK(cudaDeviceSynchronize());
  EXPECT(cudaLaunchKernel(reinterpret_cast<const void*>(&main), dim3(1), dim3(1), nullptr, 0, nullptr) ==
         cudaErrorInvalidDeviceFunction);
  return finish();
}
