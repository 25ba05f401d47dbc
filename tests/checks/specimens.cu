// Solutions of one small task, each wrong in a way that one check is there for; the first argument chooses
// one. They are one program, so that it is compiled once.
#define main verify_specimen
#include "drill.h"
#undef main

#include <cstdlib>
#include <cstring>
#include <vector>

static const char* specimen = "";

static bool is(const char* name) {
  return std::strcmp(specimen, name) == 0;
}

using Solution = void (*)(const float* in, float* out, int n);
static Solution chosen();

// out[i] = 2 in[i]. Sizes that follow each other differ, so that a solution that remembers the last size is
// right until it sees other data of the same size.
drill::Problem drill::problem() {
  return {
      .name = "specimens",
      .tolerance = "2^-20 |expected|: room for `rerun`",
      .cases = {{{0}},
                {{1}},
                {{33}},
                {{600}},
                {{257}, Distribution::mixed_signs},
                {{130}, Distribution::uniform, Placement::offset}},
      .profiled = {{512}},
      .define =
          [](Experiment& e) {
            const std::size_t n = e.count();
            const double tolerance = is("zeros") ? 100 : 0x1p-20;
            const auto in = e.input<float>("in", {n});
            const auto out = e.output<float>("out", {n}, [=](std::size_t i) {
              return Expected{2.0 * in[i], tolerance * std::abs(2.0 * in[i])};
            });
            e.launch([=] { chosen()(in.device(), out.device(), static_cast<int>(n)); });
          },
  };
}

constexpr int kThreads = 128;

__device__ int own_index() {
  return blockIdx.x * blockDim.x + threadIdx.x;
}

__global__ void scale(const float* in, float* out, int n, float factor) {
  const int i = own_index();
  if (i < n) out[i] = factor * in[i];
}

// Launches `kernel` with a thread for each element.
template <class... Parameters, class... Arguments>
static void for_each(int n, void (*kernel)(Parameters...), Arguments... arguments) {
  if (n > 0) kernel<<<(n + kThreads - 1) / kThreads, kThreads>>>(arguments...);
}

static void right(const float* in, float* out, int n) {
  for_each(n, scale, in, out, n, 2.0f);
}

static void value(const float* in, float* out, int n) {
  for_each(n, scale, in, out, n, 3.0f);
}

// Begins at the 16-byte boundary before the output, as vector stores do.
__global__ void stray(float* out) {
  float* begin = reinterpret_cast<float*>(reinterpret_cast<std::size_t>(out) / 16 * 16);
  if (begin != out) *begin = 0;
}
static void redzone(const float* in, float* out, int n) {
  right(in, out, n);
  if (n > 0) stray<<<1, 1>>>(out);
}

__global__ void take(float* in, float* out, int n) {
  const int i = own_index();
  if (i >= n) return;
  out[i] = 2 * in[i];
  in[i] = 0;
}
static void inputs(const float* in, float* out, int n) {
  for_each(n, take, const_cast<float*>(in), out, n);
}

static void rerun(const float* in, float* out, int n) {
  static int calls = 0;
  for_each(n, scale, in, out, n, ++calls % 2 == 0 ? 2.0f : 2.0f + 0x1p-22f);
}

static void launch(const float* in, float* out, int n) {
  right(in, out, n);
  scale<<<1, 4096>>>(in, out, 0, 2.0f);  // more threads than a block can have
}

__global__ void accumulate(const float* in, float* out, int n) {
  const int i = own_index();
  if (i < n) out[i] += 2 * in[i];
}
static void poison(const float* in, float* out, int n) {
  for_each(n, accumulate, in, out, n);
}

static void fresh(const float* in, float* out, int n) {
  static std::vector<float> remembered;
  const std::size_t bytes = static_cast<std::size_t>(n) * sizeof(float);
  if (remembered.size() == static_cast<std::size_t>(n)) {
    cudaMemcpy(out, remembered.data(), bytes, cudaMemcpyHostToDevice);
    return;
  }
  right(in, out, n);
  remembered.resize(n);
  cudaMemcpy(remembered.data(), out, bytes, cudaMemcpyDeviceToHost);
}

__global__ void look_ahead(const float* in, float* out, int n) {
  const int i = own_index();
  if (i >= n) return;
  const volatile float next = in[i + 1];
  (void)next;
  out[i] = 2 * in[i];
}
static void bare(const float* in, float* out, int n) {
  for_each(n, look_ahead, in, out, n);
}

static void sizes(const float* in, float* out, int n) {
  for_each(n < 4 * kThreads ? n : 4 * kThreads, scale, in, out, n, 2.0f);
}

__global__ void double_magnitude(const float* in, float* out, int n) {
  const int i = own_index();
  if (i < n) out[i] = 2 * fabsf(in[i]);
}
static void distributions(const float* in, float* out, int n) {
  for_each(n, double_magnitude, in, out, n);
}

__global__ void scale_pairs(const float* in, float* out, int n) {
  const int i = 2 * own_index();
  if (i + 1 < n) {
    const float2 pair = *reinterpret_cast<const float2*>(in + i);
    *reinterpret_cast<float2*>(out + i) = {2 * pair.x, 2 * pair.y};
  } else if (i < n) {
    out[i] = 2 * in[i];
  }
}
static void placements(const float* in, float* out, int n) {
  for_each(n, scale_pairs, in, out, n);
}

// Reads what the warp before stored, and waits for nothing.
__global__ void share(const float* in, float* out, int n) {
  __shared__ float words[kThreads];
  words[threadIdx.x] = 1;
  const float read = words[threadIdx.x < 32 ? threadIdx.x : threadIdx.x - 32];
  asm volatile("" ::"f"(read));  // so that it is read
  const int i = own_index();
  if (i < n) out[i] = 2 * in[i];
}
static void racecheck(const float* in, float* out, int n) {
  for_each(n, share, in, out, n);
}

__global__ void look_at_unset(const float* in, float* out, int n) {
  __shared__ volatile float unset[kThreads];
  const volatile float seen = unset[threadIdx.x];
  (void)seen;
  const int i = own_index();
  if (i < n) out[i] = 2 * in[i];
}
static void initcheck(const float* in, float* out, int n) {
  for_each(n, look_at_unset, in, out, n);
}

// Not every thread makes the same number of turns.
__global__ void wait_in_loop(const float* in, float* out, int n) {
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    out[i] = 2 * in[i];
    __syncthreads();
  }
  __syncthreads();
}
static void synccheck(const float* in, float* out, int n) {
  if (n > 0) wait_in_loop<<<1, kThreads>>>(in, out, n);
}

__global__ void free_twice(const float* in, float* out, int n) {
  const int i = own_index();
  if (i < n) out[i] = 2 * in[i];
  if (i > 0) return;
  void* memory = malloc(16);
  free(memory);
  free(memory);
}
static void memcheck(const float* in, float* out, int n) {
  for_each(n, free_twice, in, out, n);
}

static void leak(const float* in, float* out, int n) {
  right(in, out, n);
  void* forgotten;
  cudaMalloc(&forgotten, 16);
}

static void report(const float*, float*, int) {
  std::_Exit(0);  // as good as a crash, but for its status
}

static Solution chosen() {
  const struct {
    const char* name;
    Solution solution;
  } table[] = {{"right", right},           {"zeros", right},  // it is the problem that is wrong then
               {"value", value},           {"redzone", redzone},
               {"inputs", inputs},         {"rerun", rerun},
               {"launch", launch},         {"poison", poison},
               {"fresh", fresh},           {"bare", bare},
               {"sizes", sizes},           {"distributions", distributions},
               {"placements", placements}, {"racecheck", racecheck},
               {"initcheck", initcheck},   {"synccheck", synccheck},
               {"memcheck", memcheck},     {"leak", leak},
               {"report", report}};
  for (const auto& row : table)
    if (is(row.name)) return row.solution;
  std::abort();
}

#ifndef __CUDA_ARCH__
int main(int argc, char** argv) {
  if (argc < 2) return 2;
  specimen = argv[1];
  return verify_specimen(argc - 1, argv + 1);
}
#endif
