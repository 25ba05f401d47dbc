// Compiles a program into the cache of binaries, or takes it from there.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "drill/compiler_output.h"
#include "drill/input_key.h"
#include "drill/ptxas.h"
#include "drill/workshop.h"

namespace drillpress::drill {

struct Build {
  bool succeeded = false;
  std::string binary;                     ///< absolute path; empty for interpreted languages and failures
  std::vector<CompilerMessage> messages;  ///< a failure has at least one error
  std::vector<KernelUsage> kernels;       ///< what ptxas reported, if it was asked
  std::string output;                     ///< all that the compiler said
};

/// Compiles (or, for an interpreted language, checks the syntax of) the program with `tool`. Fails only when
/// the compiler cannot be run or the cache cannot be written. A successful build is kept under its binary
/// key.
base::Result<Build> build_program(const Program& program, const Inputs& inputs, const InstalledTool& tool,
                                  const PlaceMap& places, const Workshop& workshop);

}  // namespace drillpress::drill
