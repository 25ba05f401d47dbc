#include "program.h"

__global__ void square(const int* in, int* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = in[i] * in[i];
}

int main() {
  const int n = 2000;
  int* mapped;
  CHECK(cudaHostAlloc(&mapped, n * sizeof(int), cudaHostAllocMapped));
  for (int i = 0; i < n; ++i) mapped[i] = i;
  std::vector<int> own(n, -1);
  CHECK(cudaHostRegister(own.data(), n * sizeof(int), cudaHostRegisterDefault));
  EXPECT(cudaHostRegister(own.data(), n * sizeof(int), 0) == cudaErrorHostMemoryAlreadyRegistered);
  int *device_in, *device_out;
  CHECK(cudaHostGetDevicePointer(&device_in, mapped, 0));
  CHECK(cudaHostGetDevicePointer(&device_out, own.data(), 0));
  square<<<8, 256>>>(device_in, device_out, n);
  CHECK(cudaDeviceSynchronize());
  for (int i = 0; i < n; ++i) EXPECT(own[i] == i * i);
  cudaPointerAttributes attributes;
  CHECK(cudaPointerGetAttributes(&attributes, mapped));
  EXPECT(attributes.type == cudaMemoryTypeHost);
  int on_stack;
  CHECK(cudaPointerGetAttributes(&attributes, &on_stack));
  EXPECT(attributes.type == cudaMemoryTypeUnregistered);
  CHECK(cudaHostUnregister(own.data()));
  EXPECT(cudaHostUnregister(own.data()) == cudaErrorHostMemoryNotRegistered);
  EXPECT(cudaFree(mapped) == cudaErrorInvalidValue);
  CHECK(cudaFreeHost(mapped));
  return finish();
}
