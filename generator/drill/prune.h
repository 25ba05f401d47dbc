// Takes out of this machine's cache what no program of the site can use any more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drill/evidence.h"

namespace drillpress::drill {

struct Pruned {
  std::size_t records = 0, binaries = 0;
  std::uint64_t bytes = 0;
  std::string kept_because;  ///< why nothing was looked at: what is missing here; empty: everything was
};

/// Removes cached records and binaries that belong to no program with its inputs of now. Without the tools of
/// every program nothing is removed, because then nobody can tell. With `pretend` it only counts.
base::Result<Pruned> prune_cache(const std::vector<Program>& programs, const Options& options, bool pretend);

}  // namespace drillpress::drill
