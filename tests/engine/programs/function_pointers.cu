#include "program.h"

using Operation = int (*)(int, int);

__device__ __noinline__ int add(int a, int b) { return a + b; }
__device__ __noinline__ int subtract(int a, int b) { return a - b; }
__device__ __noinline__ int multiply(int a, int b) { return a * b; }
__device__ Operation operations[] = {add, subtract, multiply};

struct Shape {
  __device__ virtual int area(int x) const = 0;
};
struct Square : Shape {
  __device__ int area(int x) const override { return x * x; }
};
struct Strip : Shape {
  __device__ int area(int x) const override { return 3 * x; }
};

__global__ void apply(const int* which, int* out) {
  const int i = threadIdx.x;
  out[i] = operations[which[i]](i, 7);
}

__global__ void areas(int* out) {
  const Square square;
  const Strip strip;
  const Shape* shape = threadIdx.x % 2 ? static_cast<const Shape*>(&square) : &strip;
  out[threadIdx.x] = shape->area(threadIdx.x);
}

int main() {
  const int n = 64;
  std::vector<int> which(n), want(n), shapes(n);
  for (int i = 0; i < n; ++i) {
    which[i] = i * 5 % 3;
    want[i] = which[i] == 0 ? i + 7 : which[i] == 1 ? i - 7 : i * 7;
    shapes[i] = i % 2 ? i * i : 3 * i;
  }
  Buffer<int> dwhich(which), out(n);
  apply<<<1, n>>>(dwhich.get(), out.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("out", out.host(), want);
  areas<<<1, n>>>(out.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("areas", out.host(), shapes);
  return finish();
}
