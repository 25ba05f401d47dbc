// expect-exit: 86
// expect-stderr: memcheck: out-of-bounds read
#include "program.h"

__global__ void read(const int* p, int* out) { *out = p[1 << 28]; }

int main() {
  Buffer<int> in(1), out(1);
  int host = 0;
  // Not sticky: the call fails, the context goes on.
  EXPECT(cudaMemcpy(&host, in.get(), 4, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  EXPECT(cudaMemcpy(in.get(), &host, 400, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);
  EXPECT(cudaMemcpy(in.get(), &host, 4, static_cast<cudaMemcpyKind>(9)) == cudaErrorInvalidMemcpyDirection);
  EXPECT(cudaPeekAtLastError() == cudaErrorInvalidMemcpyDirection);
  EXPECT(cudaGetLastError() == cudaErrorInvalidMemcpyDirection && cudaGetLastError() == cudaSuccess);
  CHECK(cudaDeviceSynchronize());
  // Sticky: everything after an illegal address fails with it.
  read<<<1, 1>>>(in.get(), out.get());
  EXPECT(cudaMemcpy(&host, out.get(), 4, cudaMemcpyDeviceToHost) == cudaErrorIllegalAddress);
  EXPECT(cudaStreamSynchronize(nullptr) == cudaErrorIllegalAddress);
  EXPECT(cudaGetLastError() == cudaErrorIllegalAddress);
  read<<<1, 1>>>(in.get(), out.get());
  EXPECT(cudaGetLastError() == cudaErrorIllegalAddress);
  int device = -1;
  CHECK(cudaGetDevice(&device));
  return finish();
}
