#include "program.h"

__global__ void divide(const unsigned long long* a, const unsigned long long* b, unsigned long long* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  out[6 * i] = a[i] / b[i];
  out[6 * i + 1] = a[i] % b[i];
  out[6 * i + 2] = static_cast<unsigned long long>(static_cast<long long>(a[i]) / static_cast<long long>(b[i] | 1));
  const unsigned __int128 wide = (static_cast<unsigned __int128>(a[i]) << 64) | b[i];
  const unsigned __int128 quotient = wide / (b[i] ^ 0x1234567);
  out[6 * i + 3] = static_cast<unsigned long long>(quotient >> 64);
  out[6 * i + 4] = static_cast<unsigned long long>(quotient);
  out[6 * i + 5] = static_cast<unsigned long long>(wide % (b[i] ^ 0x1234567));
}

int main() {
  const int n = 100;
  std::vector<unsigned long long> a(n), b(n), want(6 * n);
  unsigned long long state = 88172645463325252ull;
  const auto next = [&] {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  };
  for (int i = 0; i < n; ++i) {
    a[i] = next();
    b[i] = (next() >> (i % 60)) + 1;
    const unsigned __int128 wide = (static_cast<unsigned __int128>(a[i]) << 64) | b[i];
    const unsigned __int128 quotient = wide / (b[i] ^ 0x1234567);
    want[6 * i] = a[i] / b[i];
    want[6 * i + 1] = a[i] % b[i];
    want[6 * i + 2] = static_cast<unsigned long long>(static_cast<long long>(a[i]) / static_cast<long long>(b[i] | 1));
    want[6 * i + 3] = static_cast<unsigned long long>(quotient >> 64);
    want[6 * i + 4] = static_cast<unsigned long long>(quotient);
    want[6 * i + 5] = static_cast<unsigned long long>(wide % (b[i] ^ 0x1234567));
  }
  Buffer<unsigned long long> da(a), db(b), out(6 * n);
  divide<<<1, 128>>>(da.get(), db.get(), out.get(), n);
  CHECK(cudaDeviceSynchronize());
  const auto got = out.host();
  for (int k = 0; k < 6 * n; ++k) EXPECT(got[k] == want[k]);
  return finish();
}
