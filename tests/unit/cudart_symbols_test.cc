#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "cudart/errors.h"

namespace {

struct Row {
  const char* name;
  const char* original;  ///< of a variant, else null
  bool refused;
};

constexpr Row kRows[] = {
#define IMPLEMENTED(name) {#name, nullptr, false},
#define VARIANT(name, original) {#name, #original, false},
#define REFUSED(name) {#name, nullptr, true},
#include "cudart/symbols.def"
#undef IMPLEMENTED
#undef VARIANT
#undef REFUSED
};

const std::string kDropIn = DRILLPRESS_BINARY_DIR "/lib/drillpress/libcudart.so.13";
const std::string kReal = "/usr/local/cuda/lib64/libcudart.so.13";

/// Names and versions of the defined dynamic symbols, as nm prints them: "cudaMalloc@@libcudart.so.13".
std::set<std::string> exported(const std::string& library) {
  std::set<std::string> names;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("nm -D --defined-only " + library).c_str(), "r"),
                                                   pclose);
  char line[512];
  while (pipe && std::fgets(line, sizeof line, pipe.get())) {
    std::string text(line);
    text.pop_back();
    if (text.find(" A ") == std::string::npos) names.insert(text.substr(text.rfind(' ') + 1));
  }
  return names;
}

std::set<std::string> table() {
  std::set<std::string> names;
  for (const Row& row : kRows) names.insert(std::string(row.name) + "@@libcudart.so.13");
  return names;
}

}  // namespace

TEST_CASE("the drop-in exports the table under NVIDIA's version, and nothing else") {
  REQUIRE(std::filesystem::exists(kDropIn));
  CHECK(exported(kDropIn) == table());
}

TEST_CASE("the table is what the real library exports") {
  if (!std::filesystem::exists(kReal)) {
    WARN("skipped: the real libcudart.so.13 is not here to compare with");
    return;
  }
  CHECK(exported(kReal) == table());
}

TEST_CASE("variants are second names of functions that are implemented") {
  std::set<std::string> implemented;
  for (const Row& row : kRows) {
    if (!row.original && !row.refused) implemented.insert(row.name);
  }
  for (const Row& row : kRows) {
    INFO(row.name);
    if (row.original) CHECK(implemented.contains(row.original));
  }
}

TEST_CASE("error names and texts are those of the real library") {
  if (!std::filesystem::exists(kReal)) {
    WARN("skipped: the real libcudart.so.13 is not here to compare with");
    return;
  }
  void* real = dlopen(kReal.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(real);
  using Describe = const char* (*)(int);
  const auto name = reinterpret_cast<Describe>(dlsym(real, "cudaGetErrorName"));
  const auto text = reinterpret_cast<Describe>(dlsym(real, "cudaGetErrorString"));
  REQUIRE((name && text));
  for (int code = -1; code < 1200; ++code) {
    INFO(code);
    CHECK(std::string(drillpress::cudart::error_name(code)) == name(code));
    CHECK(std::string(drillpress::cudart::error_text(code)) == text(code));
  }
}
