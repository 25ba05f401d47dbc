// nvcc: -Xcompiler -pthread
#include <thread>

#include "program.h"

__global__ void add(int* data, int value) { data[threadIdx.x] += value; }

int main() {
  std::vector<std::thread> threads;
  std::vector<std::vector<int>> results(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t, &results] {
      cudaStream_t stream;
      CHECK(cudaStreamCreate(&stream));
      Buffer<int> data(std::vector<int>(64, t));
      for (int round = 0; round < 20; ++round) add<<<1, 64, 0, stream>>>(data.get(), 100);
      CHECK(cudaStreamSynchronize(stream));
      if (t == 3) {
        add<<<1, 2048, 0, stream>>>(data.get(), 1);
        EXPECT(cudaGetLastError() == cudaErrorInvalidConfiguration);  // an error of this thread alone
      }
      EXPECT(cudaGetLastError() == cudaSuccess);
      results[t] = data.host();
      CHECK(cudaStreamDestroy(stream));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 0; t < 4; ++t) expect_equal("data", results[t], std::vector<int>(64, 2000 + t));
  return finish();
}
