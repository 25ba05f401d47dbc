#include "program.h"

constexpr int kFunctions = 12;

__host__ __device__ inline double evaluate(int which, double x) {
  switch (which) {
    case 0: return sin(x);
    case 1: return cos(x);
    case 2: return exp(x * 0.1);
    case 3: return log(fabs(x) + 0.1);
    case 4: return pow(fabs(x) + 0.5, 1.7);
    case 5: return tanh(x * 0.1);
    case 6: return sqrt(fabs(x));
    case 7: return x / (1.0 + x * x);
    case 8: return atan2(x, 2.0);
    case 9: return erf(x * 0.2);
    case 10: return cbrt(x);
    default: return fmod(x, 1.3);
  }
}

__global__ void run(const double* x, double* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[blockIdx.y * n + i] = evaluate(blockIdx.y, x[i]);
}

__global__ void run_float(const double* x, float* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const float v = static_cast<float>(x[i]);
  out[i] = sinf(v);
  out[n + i] = expf(v * 0.1f);
  out[2 * n + i] = logf(fabsf(v) + 0.5f);
  out[3 * n + i] = rsqrtf(fabsf(v) + 1.0f);
  out[4 * n + i] = v / 3.0f;
}

int main() {
  const int n = 200;
  std::vector<double> x(n), want(kFunctions * n);
  std::vector<float> float_want(5 * n);
  for (int i = 0; i < n; ++i) {
    x[i] = (i - 100) * 0.37;
    for (int f = 0; f < kFunctions; ++f) want[f * n + i] = evaluate(f, x[i]);
    const float v = static_cast<float>(x[i]);
    float_want[i] = static_cast<float>(std::sin(static_cast<double>(v)));
    float_want[n + i] = static_cast<float>(std::exp(static_cast<double>(v * 0.1f)));
    float_want[2 * n + i] = static_cast<float>(std::log(static_cast<double>(std::fabs(v) + 0.5f)));
    float_want[3 * n + i] = static_cast<float>(1.0 / std::sqrt(static_cast<double>(std::fabs(v) + 1.0f)));
    float_want[4 * n + i] = v / 3.0f;
  }
  Buffer<double> dx(x), out(kFunctions * n);
  run<<<dim3(1, kFunctions), 256>>>(dx.get(), out.get(), n);
  CHECK(cudaDeviceSynchronize());
  const std::vector<double> got = out.host();
  for (int k = 0; k < kFunctions * n; ++k) {  // two units in the last place, as the programming guide's tables allow
    const double bound = 4.5e-16 * std::fmax(std::fabs(want[k]), 1e-300) + 1e-300;
    if (std::fabs(got[k] - want[k]) <= bound) continue;
    std::printf("FAIL: function %d at %.17g is %.17g instead of %.17g\n", k / n, x[k % n], got[k], want[k]);
    ++failures;
  }
  Buffer<float> float_out(5 * n);
  run_float<<<1, 256>>>(dx.get(), float_out.get(), n);
  CHECK(cudaDeviceSynchronize());
  const std::vector<float> floats = float_out.host();
  for (int k = 0; k < 5 * n; ++k) {
    if (std::fabs(floats[k] - float_want[k]) <= 2.5e-7f * std::fmax(std::fabs(float_want[k]), 1e-30f)) continue;
    std::printf("FAIL: float function %d at %.9g is %.9g instead of %.9g\n", k / n, x[k % n], floats[k], float_want[k]);
    ++failures;
  }
  return finish();
}
