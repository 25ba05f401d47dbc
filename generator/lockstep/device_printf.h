// The functions that device code calls by name and that have no PTX body.
#pragma once

#include <cstdint>

#include "lockstep/warp.h"

namespace drillpress::lockstep {

/// vprintf(format, arguments): formats as C does, %s reads device strings; the text waits in Block::output.
/// Gives the number of arguments, or -1 for a null format.
void device_printf(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lanes);
/// __assertfail(message, file, line, function, size of a character): ends the launch.
void device_assert(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lane);
/// malloc(size) and free(pointer) on the device's heap.
void device_malloc(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lanes);
void device_free(Warp& warp, const Op& op, const CallSite& site, std::uint32_t lanes);

}  // namespace drillpress::lockstep
