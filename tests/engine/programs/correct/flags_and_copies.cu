// What a checker that knows only barriers and locks would call a mistake: each thread's fence before a barrier and one
// thread's flag after it, equal values from many threads, a stack whose head is read plainly before it is exchanged, and
// structures copied with their padding. The order of blocks is turned round, so that later writers come first.
// options: DRILLPRESS_SCHEDULE=reverse
#include <algorithm>

#include "program.h"

__device__ volatile int ready;
__device__ int message[64];

__global__ void tell_and_wait(int* out) {
  const int t = threadIdx.x;
  if (blockIdx.x == gridDim.x - 1) {
    message[t] = 3 * t;
    __threadfence();
    __syncthreads();
    if (t == 0) ready = 1;
    return;
  }
  if (t == 0) {
    while (ready == 0) {
    }
    __threadfence();
  }
  __syncthreads();
  out[blockIdx.x * 64 + t] = message[63 - t];
}

__global__ void find(const int* in, int n, int wanted, int* found) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    if (in[i] == wanted) *found = 1;
  }
}

struct Node {
  int value, next;
};
__device__ int head = -1;

__global__ void push(Node* nodes) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  nodes[i].value = i;
  int old = head;
  for (;;) {
    nodes[i].next = old;
    __threadfence();
    const int seen = atomicCAS(&head, old, i);
    if (seen == old) return;
    old = seen;
  }
}

__global__ void list(const Node* nodes, int* out, int* count) {
  for (int i = head; i >= 0; i = nodes[i].next) out[(*count)++] = nodes[i].value;
}

struct Padded {
  char a, b;
  short c;
  int d;
  char e;
};

__global__ void make(Padded* to) {
  Padded value;
  value.a = static_cast<char>(threadIdx.x);
  value.b = 1;
  value.c = 2;
  value.d = 3 * threadIdx.x;
  value.e = 4;
  to[threadIdx.x] = value;
}

__global__ void turn_round(Padded* to, const Padded* from) { to[threadIdx.x] = from[blockDim.x - 1 - threadIdx.x]; }

int main() {
  Buffer<int> out(std::vector<int>(192, 0));
  tell_and_wait<<<4, 64>>>(out.get());
  CHECK(cudaDeviceSynchronize());
  std::vector<int> want(192);
  for (int i = 0; i < 192; ++i) want[i] = 3 * (63 - i % 64);
  expect_equal("message", out.host(), want);

  std::vector<int> numbers(4096);
  for (int i = 0; i < 4096; ++i) numbers[i] = i * 7 % 101;
  Buffer<int> in(numbers), found(std::vector<int>(1, 0));
  find<<<8, 64>>>(in.get(), 4096, 50, found.get());
  expect_equal("found", found.host(), {1});

  Buffer<Node> nodes(128);
  Buffer<int> values(128), count(std::vector<int>(1, 0));
  push<<<2, 64>>>(nodes.get());
  list<<<1, 1>>>(nodes.get(), values.get(), count.get());
  expect_equal("count", count.host(), {128});
  std::vector<int> listed = values.host(), all(128);
  std::sort(listed.begin(), listed.end());
  for (int i = 0; i < 128; ++i) all[i] = i;
  expect_equal("listed", listed, all);

  Buffer<Padded> made(32), turned(32);
  make<<<1, 32>>>(made.get());
  turn_round<<<1, 32>>>(turned.get(), made.get());
  const std::vector<Padded> copies = turned.host();
  for (int i = 0; i < 32; ++i) EXPECT(copies[i].a == 31 - i && copies[i].d == 3 * (31 - i) && copies[i].e == 4);
  return finish();
}
