#include "program.h"

struct Node {
  int value;
  Node* next;
};

__global__ void lists(int* sums, int length) {
  Node* head = nullptr;
  for (int i = 0; i < length; ++i) {
    Node* node = static_cast<Node*>(malloc(sizeof(Node)));
    if (!node) {
      sums[threadIdx.x] = -1;
      return;
    }
    node->value = i * (threadIdx.x + 1);
    node->next = head;
    head = node;
  }
  int sum = 0;
  while (head) {
    sum += head->value;
    Node* next = head->next;
    free(head);
    head = next;
  }
  sums[threadIdx.x] = sum;
}

int main() {
  Buffer<int> sums(64);
  lists<<<1, 64>>>(sums.get(), 10);
  CHECK(cudaDeviceSynchronize());
  std::vector<int> want(64);
  for (int i = 0; i < 64; ++i) want[i] = 45 * (i + 1);
  expect_equal("sums", sums.host(), want);
  return finish();
}
