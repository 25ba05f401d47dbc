// Which files of the site a program includes, directly or through other files.
#pragma once

#include <vector>

#include "drill/place.h"

namespace drillpress::drill {

/// Every file below the root that an `#include` line of the program, or of a file it includes, leads to;
/// sorted by path, each once. Conditional compilation is not evaluated, so a file may be counted that is not
/// read.
std::vector<base::SourcePtr> scan_includes(const Program& program, SourceFiles& files);

}  // namespace drillpress::drill
