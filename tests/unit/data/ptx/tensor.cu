// Tensor cores, asynchronous copies, barriers, clusters, textures.
#include <cooperative_groups.h>
#include <cuda/barrier>
#include <cuda_fp8.h>
#include <mma.h>

namespace cg = cooperative_groups;
using namespace nvcuda;

__global__ void tile(const half* a, const half* b, float* c) {
  wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> fa;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> fb;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> fc;
  wmma::fill_fragment(fc, 0.0F);
  wmma::load_matrix_sync(fa, a, 16);
  wmma::load_matrix_sync(fb, b, 16);
  wmma::mma_sync(fc, fa, fb, fc);
  wmma::store_matrix_sync(c, fc, 16, wmma::mem_row_major);
}

__global__ void copy(int* g) {
  __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
  __shared__ int s[256];
  if (threadIdx.x == 0) init(&barrier, blockDim.x);
  __syncthreads();
  cuda::memcpy_async(s + threadIdx.x, g + threadIdx.x, sizeof(int), barrier);
  barrier.arrive_and_wait();
  auto cluster = cg::this_cluster();
  cluster.sync();
  *cluster.map_shared_rank(s, 1) = 3;
  g[threadIdx.x] = s[255 - threadIdx.x] + static_cast<int>(__reduce_add_sync(~0U, g[3]));
}

__global__ void sample(cudaTextureObject_t texture, cudaSurfaceObject_t surface, float* out, __nv_fp8_e4m3* small) {
  out[0] = tex2D<float>(texture, 1.0F, 2.0F) + tex1Dfetch<float>(texture, 3);
  surf2Dwrite(out[1], surface, 4, 5);
  small[0] = __nv_fp8_e4m3(out[2]);
}
