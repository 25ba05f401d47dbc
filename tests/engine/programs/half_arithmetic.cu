#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "program.h"

__global__ void halves(const float* in, float* out, int n) {
  const int i = threadIdx.x;
  if (2 * i + 1 >= n) return;
  const __half2 pair = __floats2half2_rn(in[2 * i], in[2 * i + 1]);
  const __half2 result = __hfma2(pair, __float2half2_rn(0.5f), __float2half2_rn(1.0f));
  out[2 * i] = __low2float(result);
  out[2 * i + 1] = __high2float(result);
}

__global__ void brains(const float* in, float* out, int n) {
  const int i = threadIdx.x;
  if (i < n) out[i] = __bfloat162float(__hadd(__float2bfloat16(in[i]), __float2bfloat16(2.0f)));
}

int main() {
  const int n = 128;
  std::vector<float> in(n), half_want(n), brain_want(n);
  for (int i = 0; i < n; ++i) {
    in[i] = 0.25f * (i - 64);  // exact in both formats, and so are the results
    half_want[i] = in[i] * 0.5f + 1.0f;
    brain_want[i] = in[i] + 2.0f;
  }
  Buffer<float> din(in), out(n);
  halves<<<1, n / 2>>>(din.get(), out.get(), n);
  CHECK(cudaDeviceSynchronize());
  expect_equal("half", out.host(), half_want);
  brains<<<1, n>>>(din.get(), out.get(), n);
  CHECK(cudaDeviceSynchronize());
  expect_equal("bfloat16", out.host(), brain_want);
  return finish();
}
