// options: DRILLPRESS_CHECK=memcheck
// expect-bug: past_end memcheck.out_of_bounds
// expect-bug: one_row memcheck.out_of_bounds
// expect-bug: negative_index memcheck.out_of_bounds
// expect-bug: unsigned_wrap memcheck.out_of_bounds
// expect-bug: struct_stride memcheck.out_of_bounds
// expect-bug: pitch_of_elements memcheck.out_of_bounds
// expect-bug: missing_halo memcheck.out_of_bounds
// expect-bug: null_pointer memcheck.out_of_bounds
// expect-bug: host_pointer memcheck.out_of_bounds
// expect-bug: vector_load memcheck.misaligned
// expect-bug: byte_cast memcheck.misaligned
// expect-bug: odd_atomic memcheck.misaligned
// expect-bug: use_after_free memcheck.use_after_free
// expect-bug: stale_async memcheck.use_after_free
// expect-bug: atomic_past_end memcheck.out_of_bounds
// expect-bug: gather memcheck.out_of_bounds
// expect-bug: copy_in_kernel memcheck.out_of_bounds
// expect-bug: clear_in_kernel memcheck.out_of_bounds
#include "bugs.h"

__global__ void past_end(const int* in, int* out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i <= n) out[i] = in[i < n ? i : 0];  // bug: past_end
}
void run_past_end() {
  Buffer<int> in(200), out(200);
  past_end<<<2, 128>>>(in.get(), out.get(), 200);
  cudaDeviceSynchronize();
}

__global__ void one_row(float* image, int width, int height) {
  const int x = threadIdx.x, y = threadIdx.y;
  image[(y + 1) * width + x] = static_cast<float>(height);  // bug: one_row
}
void run_one_row() {
  Buffer<float> image(16 * 8);
  one_row<<<1, dim3(16, 8)>>>(image.get(), 16, 8);
  cudaDeviceSynchronize();
}

__global__ void negative_index(const float* in, float* out) {
  const int i = threadIdx.x;
  out[i] = in[i - 1] + in[i];  // bug: negative_index
}
void run_negative_index() {
  Buffer<float> in(64), out(64);
  negative_index<<<1, 64>>>(in.get(), out.get());
  cudaDeviceSynchronize();
}

__global__ void unsigned_wrap(float* out, unsigned n) {
  const unsigned i = threadIdx.x;
  out[size_t{n - i}] = 1;  // bug: unsigned_wrap
}
void run_unsigned_wrap() {
  Buffer<float> out(32);
  unsigned_wrap<<<1, 64>>>(out.get(), 31);
  cudaDeviceSynchronize();
}

struct Particle {
  float x, y, z;
  char tag;
};
__global__ void struct_stride(char* bytes, int n) {
  const int i = threadIdx.x;
  if (i < n) reinterpret_cast<Particle*>(bytes)[i].tag = 'p';  // bug: struct_stride
}
void run_struct_stride() {
  Buffer<char> bytes(32 * 13);  // 13 bytes of members, but the structure has 16
  struct_stride<<<1, 32>>>(bytes.get(), 32);
  cudaDeviceSynchronize();
}

__global__ void pitch_of_elements(float* image, size_t pitch, int width) {
  image[threadIdx.y * pitch + threadIdx.x % width] = 1;  // bug: pitch_of_elements
}
void run_pitch_of_elements() {
  float* image;
  size_t pitch;
  CHECK(cudaMallocPitch(&image, &pitch, 32 * sizeof(float), 8));
  pitch_of_elements<<<1, dim3(32, 8)>>>(image, pitch, 32);  // the pitch is in bytes
  cudaDeviceSynchronize();
  cudaFree(image);
}

__global__ void missing_halo(const float* in, float* out) {
  const int i = threadIdx.x;
  float sum = 0;
  for (int k = 0; k < 3; ++k) sum += in[i + k];  // bug: missing_halo
  out[i] = sum;
}
void run_missing_halo() {
  Buffer<float> in(64), out(64);
  missing_halo<<<1, 64>>>(in.get(), out.get());
  cudaDeviceSynchronize();
}

__global__ void null_pointer(int* out) {
  out[threadIdx.x] = 1;  // bug: null_pointer
}
void run_null_pointer() { null_pointer<<<1, 4>>>(nullptr); }

__global__ void host_pointer(const int* in, int* out) {
  out[threadIdx.x] = in[threadIdx.x];  // bug: host_pointer
}
void run_host_pointer() {
  std::vector<int> in(32, 1);
  Buffer<int> out(32);
  host_pointer<<<1, 32>>>(in.data(), out.get());
  cudaDeviceSynchronize();
}

__global__ void vector_load(const float* in, float4* out) {
  out[threadIdx.x] = *reinterpret_cast<const float4*>(in + 1 + 4 * threadIdx.x);  // bug: vector_load
}
void run_vector_load() {
  Buffer<float> in(130);
  Buffer<float4> out(32);
  vector_load<<<1, 32>>>(in.get(), out.get());
  cudaDeviceSynchronize();
}

__global__ void byte_cast(const unsigned char* message, unsigned* out) {
  out[threadIdx.x] = *reinterpret_cast<const unsigned*>(message + threadIdx.x);  // bug: byte_cast
}
void run_byte_cast() {
  Buffer<unsigned char> message(64);
  Buffer<unsigned> out(32);
  byte_cast<<<1, 32>>>(message.get(), out.get());
  cudaDeviceSynchronize();
}

__global__ void odd_atomic(char* bytes) {
  atomicAdd(reinterpret_cast<unsigned long long*>(bytes + 4), 1ull);  // bug: odd_atomic
}
void run_odd_atomic() {
  Buffer<char> bytes(64);
  odd_atomic<<<1, 1>>>(bytes.get());
  cudaDeviceSynchronize();
}

__global__ void use_after_free(int* data) {
  data[threadIdx.x] += 1;  // bug: use_after_free
}
void run_use_after_free() {
  int* data;
  CHECK(cudaMalloc(&data, 128));
  use_after_free<<<1, 32>>>(data);
  CHECK(cudaDeviceSynchronize());
  CHECK(cudaFree(data));
  use_after_free<<<1, 32>>>(data);
  cudaDeviceSynchronize();
}

__global__ void stale_async(const int* data, int* out) {
  out[threadIdx.x] = data[threadIdx.x];  // bug: stale_async
}
void run_stale_async() {
  cudaStream_t stream;
  CHECK(cudaStreamCreate(&stream));
  int* data;
  Buffer<int> out(32);
  CHECK(cudaMallocAsync(&data, 128, stream));
  CHECK(cudaMemsetAsync(data, 0, 128, stream));
  CHECK(cudaFreeAsync(data, stream));
  stale_async<<<1, 32, 0, stream>>>(data, out.get());
  cudaStreamSynchronize(stream);
}

__global__ void atomic_past_end(const int* values, int* histogram) {
  atomicAdd(&histogram[values[threadIdx.x]], 1);  // bug: atomic_past_end
}
void run_atomic_past_end() {
  std::vector<int> values(32);
  for (int i = 0; i < 32; ++i) values[i] = i % 17;  // one value more than there are bins
  Buffer<int> device_values(values), histogram(std::vector<int>(16, 0));
  atomic_past_end<<<1, 32>>>(device_values.get(), histogram.get());
  cudaDeviceSynchronize();
}

__global__ void gather(const int* column, const float* x, float* y) {
  y[threadIdx.x] = x[column[threadIdx.x]];  // bug: gather
}
void run_gather() {
  std::vector<int> column(32);
  for (int i = 0; i < 32; ++i) column[i] = 32 - i;  // counted from one
  Buffer<int> device_column(column);
  Buffer<float> x(32), y(32);
  gather<<<1, 32>>>(device_column.get(), x.get(), y.get());
  cudaDeviceSynchronize();
}

// nvcc makes loops of these, which have no line of their own.
__global__ void copy_in_kernel(char* to, const char* from, int bytes) {
  memcpy(to, from, bytes);  // bug: copy_in_kernel
  to[0] = 1;
}
void run_copy_in_kernel() {
  Buffer<char> to(64), from(std::vector<char>(60, 1));
  copy_in_kernel<<<1, 1>>>(to.get(), from.get(), 61);
  cudaDeviceSynchronize();
}

__global__ void clear_in_kernel(int* data, const int* bytes) {
  const int count = bytes[threadIdx.x];
  memset(data, 3, count);  // bug: clear_in_kernel
}
void run_clear_in_kernel() {
  Buffer<int> data(8), bytes(std::vector<int>(1, 33));
  clear_in_kernel<<<1, 1>>>(data.get(), bytes.get());
  cudaDeviceSynchronize();
}

int main(int argc, char** argv) {
  return run_bug(argc, argv, {{"past_end", run_past_end}, {"one_row", run_one_row}, {"negative_index", run_negative_index},
                              {"unsigned_wrap", run_unsigned_wrap}, {"struct_stride", run_struct_stride},
                              {"pitch_of_elements", run_pitch_of_elements}, {"missing_halo", run_missing_halo},
                              {"null_pointer", run_null_pointer}, {"host_pointer", run_host_pointer},
                              {"vector_load", run_vector_load}, {"byte_cast", run_byte_cast},
                              {"odd_atomic", run_odd_atomic}, {"use_after_free", run_use_after_free},
                              {"stale_async", run_stale_async}, {"atomic_past_end", run_atomic_past_end},
                              {"gather", run_gather}, {"copy_in_kernel", run_copy_in_kernel},
                              {"clear_in_kernel", run_clear_in_kernel}});
}
