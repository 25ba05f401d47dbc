// Which plain loads a compare-and-exchange of the same place confirms.
#pragma once

#include <vector>

#include "lockstep/program.h"

namespace drillpress::lockstep {

/// By operation: whether it is a load of a place that a compare-and-exchange of the program names too. A loop
/// around a compare-and-exchange begins with such a read: if that was stale, the exchange fails and the loop
/// goes on. Places are compared as they are written: the same register, or the same variable and offset.
std::vector<bool> reads_before_exchanges(const std::vector<Origin>& origins);

}  // namespace drillpress::lockstep
