#include "cudart/errors.h"

#include <algorithm>
#include <iterator>

namespace drillpress::cudart {
namespace {

struct Row {
  int code;
  const char* name;
  const char* text;
};

constexpr Row kRows[] = {
#define CUDA_ERROR(code, name, text) {code, #name, text},
#include "cudart/errors.def"
#undef CUDA_ERROR
};

constexpr Row kUnknown = {-1, "unrecognized error code", "unrecognized error code"};

const Row& row(int code) {
  const auto found =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.code == code; });
  return found == std::end(kRows) ? kUnknown : *found;
}

}  // namespace

const char* error_name(int code) {
  return row(code).name;
}
const char* error_text(int code) {
  return row(code).text;
}

}  // namespace drillpress::cudart
