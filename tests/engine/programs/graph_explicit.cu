#include "program.h"

__global__ void scale(float* data, int n, float factor) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) data[i] *= factor;
}

static void CUDART_CB count(void* data) { ++*static_cast<int*>(data); }

int main() {
  int n = 256, calls = 0;
  float factor = 3.0f;
  std::vector<float> in(n, 2.0f), out(n);
  Buffer<float> data(n);
  float* pointer = data.get();
  cudaGraph_t graph;
  CHECK(cudaGraphCreate(&graph, 0));
  cudaGraphNode_t up, kernel, down, host;
  CHECK(cudaGraphAddMemcpyNode1D(&up, graph, nullptr, 0, pointer, in.data(), n * sizeof(float), cudaMemcpyHostToDevice));
  void* arguments[] = {&pointer, &n, &factor};
  cudaKernelNodeParams kernel_parameters = {};
  kernel_parameters.func = reinterpret_cast<void*>(scale);
  kernel_parameters.gridDim = dim3(1);
  kernel_parameters.blockDim = dim3(256);
  kernel_parameters.kernelParams = arguments;
  CHECK(cudaGraphAddKernelNode(&kernel, graph, nullptr, 0, &kernel_parameters));
  CHECK(cudaGraphAddMemcpyNode1D(&down, graph, &kernel, 1, out.data(), pointer, n * sizeof(float), cudaMemcpyDeviceToHost));
  cudaHostNodeParams host_parameters = {count, &calls};
  CHECK(cudaGraphAddHostNode(&host, graph, &down, 1, &host_parameters));
  CHECK(cudaGraphAddDependencies(graph, &up, &kernel, nullptr, 1));
  std::size_t edges = 0, roots = 0;
  CHECK(cudaGraphGetEdges(graph, nullptr, nullptr, nullptr, &edges));
  CHECK(cudaGraphGetRootNodes(graph, nullptr, &roots));
  EXPECT(edges == 3 && roots == 1);
  cudaGraphNodeType type;
  CHECK(cudaGraphNodeGetType(host, &type));
  EXPECT(type == cudaGraphNodeTypeHost);
  cudaGraphExec_t exec;
  CHECK(cudaGraphInstantiate(&exec, graph, 0));
  CHECK(cudaGraphLaunch(exec, nullptr));
  CHECK(cudaDeviceSynchronize());
  expect_equal("out", out, std::vector<float>(n, 6.0f));
  factor = 0.5f;
  CHECK(cudaGraphExecKernelNodeSetParams(exec, kernel, &kernel_parameters));
  CHECK(cudaGraphLaunch(exec, nullptr));
  CHECK(cudaDeviceSynchronize());
  expect_equal("out again", out, std::vector<float>(n, 1.0f));
  EXPECT(calls == 2);
  CHECK(cudaGraphAddDependencies(graph, &host, &up, nullptr, 1));
  cudaGraphExec_t cyclic;
  EXPECT(cudaGraphInstantiate(&cyclic, graph, 0) == cudaErrorInvalidValue);
  return finish();
}
