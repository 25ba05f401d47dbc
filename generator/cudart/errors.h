// The error codes of the CUDA runtime with their names and texts, one row each in errors.def.
#pragma once

namespace drillpress::cudart {

/// Same values and names as the toolkit's `cudaError_t`.
enum Error : int {
#define CUDA_ERROR(code, name, text) name = code,
#include "cudart/errors.def"
#undef CUDA_ERROR
};

/// What cudaGetErrorName and cudaGetErrorString answer, unknown codes included.
const char* error_name(int code);
const char* error_text(int code);

}  // namespace drillpress::cudart
