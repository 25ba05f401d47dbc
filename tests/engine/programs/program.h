// What every engine program shares: stop at the first API error, compare with the host's result, say PASS or FAIL.
#pragma once

#include <cuda_runtime.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#define CHECK(call)                                                                                     \
  do {                                                                                                  \
    const cudaError_t check_status = (call);                                                            \
    if (check_status != cudaSuccess) {                                                                  \
      std::printf("FAIL: %s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(check_status)); \
      std::exit(1);                                                                                     \
    }                                                                                                   \
  } while (0)

inline int failures = 0;

#define EXPECT(condition)                                                   \
  do {                                                                      \
    if (!(condition)) {                                                     \
      std::printf("FAIL: %s:%d: %s\n", __FILE__, __LINE__, #condition);     \
      ++failures;                                                           \
    }                                                                       \
  } while (0)

/// Compares as !(difference <= tolerance), so that a NaN fails.
template <typename T>
void expect_near(const char* what, const std::vector<T>& got, const std::vector<T>& want, double tolerance) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(got[i]) - static_cast<double>(want[i]));
    if (difference <= tolerance) continue;
    std::printf("FAIL: %s[%zu] is %.17g instead of %.17g\n", what, i, static_cast<double>(got[i]),
                static_cast<double>(want[i]));
    ++failures;
    return;
  }
}

template <typename T>
void expect_equal(const char* what, const std::vector<T>& got, const std::vector<T>& want) {
  expect_near(what, got, want, 0);
}

/// Device memory that lives as long as it is in scope.
template <typename T>
class Buffer {
 public:
  explicit Buffer(std::size_t count) : count_(count) { CHECK(cudaMalloc(&data_, count * sizeof(T))); }
  explicit Buffer(const std::vector<T>& host) : Buffer(host.size()) {
    CHECK(cudaMemcpy(data_, host.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
  }
  Buffer(const Buffer&) = delete;
  ~Buffer() { cudaFree(data_); }
  T* get() const { return data_; }
  std::vector<T> host() const {
    std::vector<T> copy(count_);
    CHECK(cudaMemcpy(copy.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
    return copy;
  }

 private:
  T* data_ = nullptr;
  std::size_t count_;
};

inline int finish() {
  std::printf(failures == 0 ? "PASS\n" : "FAIL\n");
  return failures == 0 ? 0 : 1;
}
