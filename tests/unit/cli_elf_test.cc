#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "cli/elf.h"

using drillpress::cli::needed_libraries;

namespace {

std::string own_file() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the libraries of a program are those of its dynamic section") {
  const auto libraries = needed_libraries(own_file());
  REQUIRE(libraries);
  CHECK(std::find(libraries->begin(), libraries->end(), "libc.so.6") != libraries->end());
  CHECK(std::find(libraries->begin(), libraries->end(), "libcudart.so.13") == libraries->end());
}

TEST_CASE("a library that only a GPU runs counts where the program calls it") {
  using namespace std::string_literals;
  using drillpress::cli::called_gpu_library;
  const std::vector<std::string> libraries = {"libcudart.so.13", "libcurand.so.10", "libcublas.so.13"};
  CHECK(called_gpu_library("\0cudaMalloc\0cublasCreate_v2\0"s, libraries) == "libcublas.so.13");
  CHECK(called_gpu_library("\0cudaMalloc\0curandCreateGenerator\0"s, libraries) == "libcurand.so.10");
  CHECK(called_gpu_library("\0cudaMalloc\0curandCreateGeneratorHost\0"s, libraries).empty());
  CHECK(called_gpu_library("\0cudaMalloc\0cufftExecC2C\0"s, libraries).empty());
  CHECK(called_gpu_library("\0my_cublasCreate\0"s, libraries).empty());
}

TEST_CASE("what is no program, or cut short, is found out") {
  CHECK_FALSE(needed_libraries(""));
  CHECK_FALSE(needed_libraries("#!/bin/sh\necho\n"));
  const std::string whole = own_file();
  for (const std::size_t size : {1, 63, 64, 100, 1000}) {
    INFO(size);
    CHECK_FALSE(needed_libraries(std::string_view(whole).substr(0, size))
                    .value_or(std::vector<std::string>())
                    .size() > 0);
  }
  std::string small = whole;
  small[4] = 1;  // a 32-bit file
  CHECK_FALSE(needed_libraries(small));
}
