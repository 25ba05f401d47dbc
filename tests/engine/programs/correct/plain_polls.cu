// Each block waits for one that begins after it, in the ways that people poll without saying volatile: with a fence in the
// loop, past the caches, in PTX of their own, and in one thread of a block whose others wait at a barrier.
// And one thread that polls for long and then gives up.
#include "program.h"

constexpr int kBlocks = 40;

/// The chain of blocks goes from the last to the first.
__device__ int place() {
  return kBlocks - 1 - static_cast<int>(blockIdx.x);
}

__device__ void pass_on(int* flags, int* out, int own, int value) {
  out[own] = value;
  __threadfence();
  *reinterpret_cast<volatile int*>(flags + own) = 1;
}

__global__ void with_fence(int* flags, int* out) {
  const int own = place();
  if (threadIdx.x != 0) return;
  while (own > 0 && flags[own - 1] == 0) __threadfence();
  pass_on(flags, out, own, own > 0 ? __ldcg(out + own - 1) + 1 : 1);
}

__global__ void past_caches(int* flags, int* out) {
  const int own = place();
  if (threadIdx.x != 0) return;
  while (own > 0 && __ldcg(flags + own - 1) == 0) {
  }
  pass_on(flags, out, own, own > 0 ? __ldcg(out + own - 1) + 1 : 1);
}

__global__ void in_ptx(int* flags, int* out) {
  const int own = place();
  if (threadIdx.x != 0) return;
  for (int ready = own == 0; ready == 0;)
    asm volatile("ld.global.b32 %0, [%1];" : "=r"(ready) : "l"(flags + own - 1) : "memory");
  pass_on(flags, out, own, own > 0 ? __ldcg(out + own - 1) + 1 : 1);
}

__global__ void with_barrier(volatile int* flags, int* out) {
  __shared__ int ready;
  const int own = place();
  for (bool waits = true; waits;) {
    if (threadIdx.x == 0) ready = own == 0 || flags[own - 1] != 0;
    __syncthreads();
    waits = ready == 0;
    __syncthreads();
  }
  if (threadIdx.x == 0) pass_on(const_cast<int*>(flags), out, own, own > 0 ? __ldcg(out + own - 1) + 1 : 1);
}

/// Nobody ever sets the flag: it gives up, after more turns than a hasty judge of deadlocks would wait.
__global__ void gives_up(volatile int* flag, int most, int* out) {
  int tries = 0;
  while (tries < most && *flag == 0) ++tries;
  *out = tries;
}

int main() {
  std::vector<int> want(kBlocks);
  for (int k = 0; k < kBlocks; ++k) want[k] = k + 1;
  const auto run = [&](const char* what, auto kernel) {
    Buffer<int> flags(std::vector<int>(kBlocks, 0)), out(std::vector<int>(kBlocks, 0));
    kernel<<<kBlocks, 64>>>(flags.get(), out.get());
    CHECK(cudaDeviceSynchronize());
    expect_equal(what, out.host(), want);
  };
  run("with_fence", with_fence);
  run("past_caches", past_caches);
  run("in_ptx", in_ptx);
  run("with_barrier", with_barrier);
  constexpr int kTries = 5'000'000;
  Buffer<int> flag(std::vector<int>(1, 0)), tries(std::vector<int>(1, 0));
  gives_up<<<1, 1>>>(flag.get(), kTries, tries.get());
  CHECK(cudaDeviceSynchronize());
  expect_equal("gives_up", tries.host(), {kTries});
  return finish();
}
