#include "program.h"

template <typename T>
struct Twice {
  __device__ T operator()(T x) const { return x + x; }
};

struct Affine {
  double scale, shift;
  __device__ double operator()(double x) const { return scale * x + shift; }
};

template <typename T, int kUnroll, typename Function>
__global__ void transform(const T* in, T* out, int n, Function function) {
  const int base = (blockIdx.x * blockDim.x + threadIdx.x) * kUnroll;
#pragma unroll
  for (int k = 0; k < kUnroll; ++k) {
    if (base + k < n) out[base + k] = function(in[base + k]);
  }
}

template <typename T, typename Function>
void run(const char* what, Function function, T (*reference)(T)) {
  const int n = 777;
  std::vector<T> in(n), want(n);
  for (int i = 0; i < n; ++i) {
    in[i] = static_cast<T>(i - 300);
    want[i] = reference(in[i]);
  }
  Buffer<T> din(in), dout(n);
  transform<T, 3><<<3, 128>>>(din.get(), dout.get(), n, function);
  CHECK(cudaDeviceSynchronize());
  expect_equal(what, dout.host(), want);
}

int main() {
  run<int>("int", Twice<int>(), [](int x) { return x + x; });
  run<float>("float", Twice<float>(), [](float x) { return x + x; });
  run<short>("short", Twice<short>(), [](short x) { return static_cast<short>(x + x); });
  run<double>("double", Affine{0.5, 3.0}, [](double x) { return 0.5 * x + 3.0; });
  return finish();
}
