// Device code of the libraries: CUB's radix sort of a block, Thrust algorithms within a thread, cuRAND generators.
#include <cub/block/block_radix_sort.cuh>
#include <curand_kernel.h>
#include <thrust/execution_policy.h>
#include <thrust/sort.h>

__global__ void sort(int* keys) {
  using Sort = cub::BlockRadixSort<int, 128, 4>;
  __shared__ typename Sort::TempStorage storage;
  int mine[4];
  for (int i = 0; i < 4; ++i) mine[i] = keys[threadIdx.x * 4 + i];
  Sort(storage).Sort(mine);
  for (int i = 0; i < 4; ++i) keys[threadIdx.x * 4 + i] = mine[i];
}

__global__ void alone(float* values, int n) { thrust::sort(thrust::seq, values, values + n); }

__global__ void random(float* out) {
  curandState state;
  curand_init(1, threadIdx.x, 0, &state);
  out[0] = curand_normal(&state) + curand_uniform(&state);
  curandStateMRG32k3a other;
  curand_init(1, 2, 3, &other);
  out[1] = curand_log_normal(&other, 1.0F, 2.0F);
  out[2] = static_cast<float>(curand_poisson(&state, 3.0));
}
