// Everyday CUDA C++: warp primitives, atomics, printf, assertions, half precision, inline PTX, function pointers.
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cassert>
#include <cstdio>
#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>

namespace cg = cooperative_groups;

struct Node {
  const char* name;
  int weight;
  int (*rank)(int);
};

__device__ __noinline__ int twice(int x) { return 2 * x; }
__device__ __noinline__ int thrice(int x) { return 3 * x; }
__device__ int counts[3][2] = {{1, 2}, {3, 4}, {-5, 6}};
__device__ Node nodes[2] = {{"twice", 1, twice}, {"thrice", 2, thrice}};
__constant__ float weights[4] = {1.5f, -2};
__managed__ unsigned long long total;

__global__ void __launch_bounds__(128, 2) reduce(float* out, const float* in, int n) {
  using Reduce = cub::BlockReduce<float, 128>;
  using Scan = cub::BlockScan<int, 128>;
  __shared__ typename Reduce::TempStorage reduce_storage;
  __shared__ typename Scan::TempStorage scan_storage;
  extern __shared__ float dynamic[];
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  float x = i < n ? in[i] * weights[i & 3] : 0;
  auto warp = cg::tiled_partition<32>(cg::this_thread_block());
  x += cg::reduce(warp, x, cg::plus<float>());
  const float sum = Reduce(reduce_storage).Sum(x);
  int rank = 0;
  Scan(scan_storage).ExclusiveSum(i & 1, rank);
  dynamic[threadIdx.x] = sum + static_cast<float>(rank);
  if (threadIdx.x == 0) out[blockIdx.x] = sum;
  assert(n > 0);
  cg::this_grid().sync();
}

__global__ void talk(int n, int* out) {
  if (threadIdx.x < 3) printf("%d of %d: %s\n", threadIdx.x, n, nodes[n & 1].name);
  out[threadIdx.x] = nodes[n & 1].rank(n) + counts[n % 3][n & 1];
  if (n == 17) out[0] = nodes[0].rank(4);
}

__global__ void bits(int* i, unsigned long long* q, double* d, float* f) {
  i[0] = __popc(i[1]) + __clz(i[2]) + __ffs(i[3]) + static_cast<int>(__brev(i[4])) + __byte_perm(i[1], i[2], i[3]);
  i[1] = __dp4a(i[1], i[2], i[3]) + static_cast<int>(__match_any_sync(~0U, i[2])) + __shfl_xor_sync(~0U, i[3], 5);
  q[0] = q[1] / q[2] + __umul64hi(q[3], q[4]);
  d[0] = sin(d[1]) + pow(d[2], d[3]) + __dsqrt_rn(d[4]);
  f[0] = __sinf(f[1]) + exp2f(f[2]) + rsqrtf(f[3]) + fmaf(f[4], f[5], f[6]) + cosf(f[7]);
  atomicAdd(f, 1.0F);
  atomicCAS(i, 1, 2);
  atomicMax_block(i + 1, 4);
  atomicAdd_system(&total, 3ULL);
  __threadfence();
  switch (i[5]) {
    case 0: i[6] = 3; break;
    case 1: i[7] = 4; break;
    case 2: i[8] = 8; i[9] = 9; break;
    case 3: i[10] = 3; break;
    case 4: i[11] = 13; break;
    case 5: i[12] = 9; break;
    default: __trap();
  }
}

__global__ void halves(__half2* h, __nv_bfloat16* b) {
  h[0] = __hfma2(h[1], h[2], h[3]);
  h[1] = __hmax2(h[2], h[3]);
  b[0] = __float2bfloat16(static_cast<float>(b[1]) * 1.5F);
}

__global__ void by_hand(int* i) {
  for (int k = 0; k < 2; ++k) {
    asm volatile(
        "{\n\t.reg .pred p;\n\t.reg .b32 t<2>;\n"
        "AGAIN: setp.ne.s32 p, %1, 0;\n\t@p bra DONE;\n\tmov.u32 t1, 1; add.s32 %0, t1, %1;\n\tbra AGAIN;\nDONE:\n\t}"
        : "=r"(i[k])
        : "r"(i[k + 2]));
  }
}
