#include "program.h"

__global__ void votes(const int* in, unsigned* out) {
  const int i = threadIdx.x, value = in[i];
  const unsigned full = 0xffffffffu;
  out[8 * i] = __ballot_sync(full, value > 2);
  out[8 * i + 1] = __all_sync(full, value >= 0);
  out[8 * i + 2] = __any_sync(full, value == 4);
  out[8 * i + 3] = __match_any_sync(full, value);
  out[8 * i + 4] = __reduce_add_sync(full, static_cast<unsigned>(value));
  out[8 * i + 5] = __shfl_sync(full, value, (i + 1) % 32);
  out[8 * i + 6] = __popc(__activemask());
  if (i % 2) {
    const unsigned odd = 0xaaaaaaaau;
    out[8 * i + 7] = __shfl_up_sync(odd, value, 2);
  } else {
    out[8 * i + 7] = __ballot_sync(0x55555555u, value == 1);
  }
}

int main() {
  std::vector<int> in(32);
  for (int i = 0; i < 32; ++i) in[i] = (i * 3) % 5;
  std::vector<unsigned> want(256);
  unsigned above = 0, sum = 0, even_ones = 0;
  for (int i = 0; i < 32; ++i) {
    above |= static_cast<unsigned>(in[i] > 2) << i;
    sum += in[i];
    if (i % 2 == 0) even_ones |= static_cast<unsigned>(in[i] == 1) << i;
  }
  for (int i = 0; i < 32; ++i) {
    unsigned same = 0;
    for (int j = 0; j < 32; ++j) same |= static_cast<unsigned>(in[i] == in[j]) << j;
    const unsigned row[8] = {above, 1, 1, same, sum, static_cast<unsigned>(in[(i + 1) % 32]), 32,
                             i % 2 ? static_cast<unsigned>(in[i >= 2 ? i - 2 : i]) : even_ones};
    for (int k = 0; k < 8; ++k) want[8 * i + k] = row[k];
  }
  Buffer<int> din(in);
  Buffer<unsigned> out(256);
  votes<<<1, 32>>>(din.get(), out.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("votes", out.host(), want);
  return finish();
}
