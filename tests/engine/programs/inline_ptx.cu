#include "program.h"

__device__ unsigned lane() {
  unsigned id;
  asm("mov.u32 %0, %%laneid;" : "=r"(id));
  return id;
}

__global__ void run(const unsigned* in, unsigned* out, unsigned long long* wide) {
  const int i = threadIdx.x;
  unsigned majority, middle, permuted, high;
  asm("lop3.b32 %0, %1, %2, %3, 0xe8;" : "=r"(majority) : "r"(in[i]), "r"(0x0f0f0f0fu), "r"(0x33333333u));
  asm("bfe.u32 %0, %1, 8, 12;" : "=r"(middle) : "r"(in[i]));
  asm("prmt.b32 %0, %1, %2, 0x5410;" : "=r"(permuted) : "r"(in[i]), "r"(0xaabbccddu));
  asm("mul.hi.u32 %0, %1, %2;" : "=r"(high) : "r"(in[i]), "r"(0x9e3779b9u));
  unsigned carry_low, carry_high;
  asm("{ add.cc.u32 %0, %2, %3; addc.u32 %1, %4, 0; }"
      : "=r"(carry_low), "=r"(carry_high)
      : "r"(in[i]), "r"(0xc0000000u), "r"(5u));
  out[5 * i] = majority;
  out[5 * i + 1] = middle;
  out[5 * i + 2] = permuted;
  out[5 * i + 3] = high;
  out[5 * i + 4] = lane();
  wide[i] = (static_cast<unsigned long long>(carry_high) << 32) | carry_low;
}

int main() {
  const int n = 48;
  std::vector<unsigned> in(n), want(5 * n);
  std::vector<unsigned long long> wide(n);
  for (int i = 0; i < n; ++i) {
    const unsigned x = in[i] = 0x9e3779b9u * (i + 1);
    const unsigned b = 0x0f0f0f0fu, c = 0x33333333u;
    want[5 * i] = (x & b) | (x & c) | (b & c);
    want[5 * i + 1] = (x >> 8) & 0xfffu;
    want[5 * i + 2] = (x & 0xffffu) | 0xccdd0000u;
    want[5 * i + 3] = static_cast<unsigned>((static_cast<unsigned long long>(x) * 0x9e3779b9u) >> 32);
    want[5 * i + 4] = i % 32;
    wide[i] = (5ull << 32) + static_cast<unsigned long long>(x) + 0xc0000000u;
  }
  Buffer<unsigned> din(in), out(5 * n);
  Buffer<unsigned long long> dwide(n);
  run<<<1, n>>>(din.get(), out.get(), dwide.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("bits", out.host(), want);
  expect_equal("carry", dwide.host(), wide);
  return finish();
}
