#include "program.h"

__global__ void scale(float* data, int n, float factor) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) data[i] *= factor;
}

static void CUDART_CB note(void* data) { ++*static_cast<int*>(data); }
static void CUDART_CB after(cudaStream_t, cudaError_t status, void* data) {
  if (status == cudaSuccess) *static_cast<int*>(data) += 10;
}

int main() {
  const int n = 4096;
  int least, greatest;
  CHECK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
  EXPECT(least == 0 && greatest < 0);
  cudaStream_t streams[3];
  CHECK(cudaStreamCreate(&streams[0]));
  CHECK(cudaStreamCreateWithFlags(&streams[1], cudaStreamNonBlocking));
  CHECK(cudaStreamCreateWithPriority(&streams[2], cudaStreamNonBlocking, greatest));
  unsigned flags = 0;
  int priority = 0;
  CHECK(cudaStreamGetFlags(streams[1], &flags));
  CHECK(cudaStreamGetPriority(streams[2], &priority));
  EXPECT(flags == cudaStreamNonBlocking && priority == greatest);

  cudaEvent_t start, stop, quiet;
  CHECK(cudaEventCreate(&start));
  CHECK(cudaEventCreate(&stop));
  CHECK(cudaEventCreateWithFlags(&quiet, cudaEventDisableTiming));
  float milliseconds = -1;
  EXPECT(cudaEventElapsedTime(&milliseconds, start, stop) == cudaErrorInvalidResourceHandle);
  cudaGetLastError();

  float* pinned;
  CHECK(cudaMallocHost(&pinned, n * sizeof(float)));
  for (int i = 0; i < n; ++i) pinned[i] = static_cast<float>(i);
  float* data;
  int notes = 0;
  CHECK(cudaMallocAsync(&data, n * sizeof(float), streams[0]));
  CHECK(cudaEventRecord(start, streams[0]));
  CHECK(cudaMemcpyAsync(data, pinned, n * sizeof(float), cudaMemcpyHostToDevice, streams[0]));
  scale<<<n / 256, 256, 0, streams[0]>>>(data, n, 2.0f);
  CHECK(cudaEventRecord(quiet, streams[0]));
  CHECK(cudaStreamWaitEvent(streams[1], quiet));
  scale<<<n / 256, 256, 0, streams[1]>>>(data, n, 0.25f);
  CHECK(cudaLaunchHostFunc(streams[1], note, &notes));
  CHECK(cudaStreamAddCallback(streams[1], after, &notes, 0));
  CHECK(cudaMemcpyAsync(pinned, data, n * sizeof(float), cudaMemcpyDeviceToHost, streams[1]));
  CHECK(cudaEventRecord(stop, streams[1]));
  CHECK(cudaEventSynchronize(stop));
  EXPECT(cudaStreamQuery(streams[1]) == cudaSuccess && cudaEventQuery(stop) == cudaSuccess);
  EXPECT(notes == 11);
  for (int i = 0; i < n; ++i) EXPECT(pinned[i] == 0.5f * i);

  // Synthetic time: only its order and its repeatability mean anything.
  CHECK(cudaEventElapsedTime(&milliseconds, start, stop));
  EXPECT(milliseconds > 0);
  CHECK(cudaEventElapsedTime(&milliseconds, stop, start));
  EXPECT(milliseconds < 0);
  EXPECT(cudaEventElapsedTime(&milliseconds, start, quiet) == cudaErrorInvalidResourceHandle);
  CHECK(cudaFreeAsync(data, streams[1]));
  CHECK(cudaFreeHost(pinned));
  for (cudaStream_t stream : streams) CHECK(cudaStreamDestroy(stream));
  EXPECT(cudaStreamSynchronize(streams[0]) == cudaErrorInvalidResourceHandle);
  CHECK(cudaEventDestroy(start));
  CHECK(cudaEventDestroy(stop));
  CHECK(cudaEventDestroy(quiet));
  return finish();
}
