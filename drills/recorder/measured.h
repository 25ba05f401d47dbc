/// What a drill's `measured.cuh` declares: the one case that is timed on a GPU. It stands beside
/// `problem.cuh`, not in it: verification does not depend on it.
#pragma once

#include "experiment.h"

namespace drill {

/// The units that do a task's operations: they decide how fast a device could do them at best.
enum class Arithmetic { cuda_cores, tensor_cores };

/// `which` is large: inputs and outputs together of at least four times the L2 cache where the lesson is
/// memory.
struct Measured {
  Case which;
  Arithmetic arithmetic = Arithmetic::cuda_cores;
};

Measured measured();  ///< defined by measured.cuh

}  // namespace drill
