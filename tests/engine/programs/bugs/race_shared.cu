// options: DRILLPRESS_CHECK=racecheck
// expect-bug: matmul_first_barrier racecheck.read_after_write
// expect-bug: matmul_second_barrier racecheck.write_after_read
// expect-bug: reduction racecheck.read_after_write
// expect-bug: last_warp racecheck.write_after_read
// expect-bug: scan_in_place racecheck.read_after_write
// expect-bug: transpose racecheck.read_after_write
// expect-bug: histogram_clear racecheck.write_after_write
// expect-bug: histogram_read racecheck.read_after_write
// expect-bug: two_writers racecheck.write_after_write
// expect-bug: double_buffer racecheck.write_after_read
// expect-bug: broadcast racecheck.read_after_write
// expect-bug: named_too_early racecheck.read_after_write
// expect-bug: async_no_barrier racecheck.read_after_write
// expect-bug: plain_increment racecheck.read_after_write
// expect-bug: async_not_waited racecheck.read_after_write
// expect-bug: async_one_short racecheck.read_after_write
// expect-bug: atomic_before_barrier racecheck.write_after_write
// expect-clean: matmul_right
#include <cuda_pipeline.h>

#include "bugs.h"

template <bool FIRST, bool SECOND>
__device__ void matmul(const float* a, const float* b, float* c, int n) {
  __shared__ float a_tile[16][16], b_tile[16][16];
  const int x = threadIdx.x, y = threadIdx.y;
  float sum = 0;
  for (int first = 0; first < n; first += 16) {
    a_tile[y][x] = a[y * n + first + x];
    b_tile[y][x] = b[(first + y) * n + x];  // bug: matmul_second_barrier
    if (FIRST) __syncthreads();
    for (int k = 0; k < 16; ++k) sum += a_tile[y][k] * b_tile[k][x];  // bug: matmul_first_barrier
    if (SECOND) __syncthreads();
  }
  c[y * n + x] = sum;
}
__global__ void matmul_right(const float* a, const float* b, float* c, int n) { matmul<true, true>(a, b, c, n); }
__global__ void matmul_first_barrier(const float* a, const float* b, float* c, int n) { matmul<false, true>(a, b, c, n); }
__global__ void matmul_second_barrier(const float* a, const float* b, float* c, int n) { matmul<true, false>(a, b, c, n); }
template <auto KERNEL>
void run_matmul() {
  std::vector<float> values(32 * 32);
  for (int i = 0; i < 1024; ++i) values[i] = static_cast<float>(i);
  Buffer<float> a(values), b(values), c(1024);
  KERNEL<<<1, dim3(16, 16)>>>(a.get(), b.get(), c.get(), 32);
  cudaDeviceSynchronize();
}

template <auto KERNEL, int THREADS>
void run_on_numbers() {
  std::vector<int> in(1024);
  for (int i = 0; i < 1024; ++i) in[i] = i * 7 % 64;
  Buffer<int> d_in(in), out(1024);
  KERNEL<<<1, THREADS>>>(d_in.get(), out.get());
  cudaDeviceSynchronize();
}

__global__ void reduction(const int* in, int* out) {
  __shared__ int data[256];
  data[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  for (int step = 128; step > 0; step /= 2) {
    if (threadIdx.x < step) data[threadIdx.x] += data[threadIdx.x + step];  // bug: reduction
  }
  if (threadIdx.x == 0) *out = data[0];
}

__global__ void last_warp(const int* in, int* out) {
  __shared__ volatile int data[64];
  data[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    int* plain = const_cast<int*>(data);
    plain[threadIdx.x] += plain[threadIdx.x + 32];
    plain[threadIdx.x] += plain[threadIdx.x + 16];  // bug: last_warp
  }
  if (threadIdx.x == 0) *out = data[0];
}

__global__ void scan_in_place(const int* in, int* out) {
  __shared__ int data[64];
  const int t = threadIdx.x;
  data[t] = in[t];
  __syncthreads();
  for (int offset = 1; offset < 64; offset *= 2) {
    if (t >= offset) data[t] += data[t - offset];  // bug: scan_in_place
    __syncthreads();
  }
  out[t] = data[t];
}

__global__ void transpose(const int* in, int* out) {
  __shared__ int tile[16][17];
  const int x = threadIdx.x % 16, y = threadIdx.x / 16;
  tile[y][x] = in[threadIdx.x];
  out[threadIdx.x] = tile[x][y];  // bug: transpose
}

__global__ void histogram_clear(const int* in, int* out) {
  __shared__ int bins[64];
  if (threadIdx.x < 64) bins[threadIdx.x] = 0;
  atomicAdd(&bins[in[threadIdx.x]], 1);  // bug: histogram_clear
  __syncthreads();
  if (threadIdx.x < 64) out[threadIdx.x] = bins[threadIdx.x];
}

__global__ void histogram_read(const int* in, int* out) {
  __shared__ int bins[64];
  if (threadIdx.x < 64) bins[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&bins[in[threadIdx.x]], 1);
  if (threadIdx.x < 64) out[threadIdx.x] = bins[threadIdx.x];  // bug: histogram_read
}

__global__ void two_writers(const int* in, int* out) {
  __shared__ int found;
  if (threadIdx.x == 0) found = -1;
  __syncthreads();
  if (in[threadIdx.x] % 5 == 3) found = threadIdx.x;  // bug: two_writers
  __syncthreads();
  *out = found;
}

__global__ void double_buffer(const int* in, int* out) {
  __shared__ int buffer[2][128];
  const int t = threadIdx.x;
  int sum = 0;
  buffer[0][t] = in[t];
  __syncthreads();
  for (int turn = 0; turn < 4; ++turn) {
    sum += buffer[turn % 2][(t + 64) % 128];
    buffer[turn % 2][t] = in[t + turn];  // bug: double_buffer
    __syncthreads();
  }
  out[t] = sum;
}

__global__ void broadcast(const int* in, int* out) {
  __shared__ int scale;
  if (threadIdx.x == 0) scale = in[5];
  out[threadIdx.x] = in[threadIdx.x] * scale;  // bug: broadcast
}

__global__ void named_too_early(const int* in, int* out) {
  __shared__ int buffer[32];
  if (threadIdx.x < 32) {
    asm volatile("bar.arrive 1, 64;" ::: "memory");
    buffer[threadIdx.x] = in[threadIdx.x];
  } else {
    asm volatile("bar.sync 1, 64;" ::: "memory");
    out[threadIdx.x] = buffer[63 - threadIdx.x];  // bug: named_too_early
  }
}

__global__ void async_no_barrier(const int* in, int* out) {
  __shared__ __align__(16) int tile[128];
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);  // waits for the thread's own copies, not for the others'
  out[threadIdx.x] = tile[127 - threadIdx.x];  // bug: async_no_barrier
}

__global__ void plain_increment(const int* in, int* out) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  if (in[threadIdx.x] > 30) count++;  // bug: plain_increment
  __syncthreads();
  *out = count;
}

__global__ void async_not_waited(const int* in, int* out) {
  __shared__ __align__(16) int tile[32];
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], 4);
  __pipeline_commit();
  out[threadIdx.x] = tile[threadIdx.x];  // bug: async_not_waited
}

__global__ void async_one_short(const int* in, int* out) {
  __shared__ __align__(16) int tile[2][32];
  for (int k = 0; k < 2; ++k) {
    __pipeline_memcpy_async(&tile[k][threadIdx.x], &in[32 * k + threadIdx.x], 4);
    __pipeline_commit();
  }
  __pipeline_wait_prior(1);
  __syncthreads();
  int sum = tile[0][31 - threadIdx.x];
  sum += tile[1][31 - threadIdx.x];  // bug: async_one_short
  out[threadIdx.x] = sum;
}

__global__ void atomic_before_barrier(const int* in, int* out) {
  __shared__ int largest;
  if (threadIdx.x == 0) largest = -1;
  atomicMax(&largest, in[threadIdx.x]);  // bug: atomic_before_barrier
  __syncthreads();
  out[threadIdx.x] = largest;
}

int main(int argc, char** argv) {
  return run_bug(argc, argv, {{"matmul_right", run_matmul<matmul_right>}, {"matmul_first_barrier", run_matmul<matmul_first_barrier>},
                              {"matmul_second_barrier", run_matmul<matmul_second_barrier>},
                              {"reduction", run_on_numbers<reduction, 256>}, {"last_warp", run_on_numbers<last_warp, 64>},
                              {"scan_in_place", run_on_numbers<scan_in_place, 64>}, {"transpose", run_on_numbers<transpose, 256>},
                              {"histogram_clear", run_on_numbers<histogram_clear, 256>},
                              {"histogram_read", run_on_numbers<histogram_read, 256>}, {"two_writers", run_on_numbers<two_writers, 64>},
                              {"double_buffer", run_on_numbers<double_buffer, 128>}, {"broadcast", run_on_numbers<broadcast, 64>},
                              {"named_too_early", run_on_numbers<named_too_early, 64>},
                              {"async_no_barrier", run_on_numbers<async_no_barrier, 128>},
                              {"plain_increment", run_on_numbers<plain_increment, 64>},
                              {"async_not_waited", run_on_numbers<async_not_waited, 32>},
                              {"async_one_short", run_on_numbers<async_one_short, 32>},
                              {"atomic_before_barrier", run_on_numbers<atomic_before_barrier, 64>}});
}
