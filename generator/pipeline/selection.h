// Which programs a command is about: ids, ids of pages and drills, and patterns, as people type them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/programs.h"

namespace drillpress::pipeline {

/// Ids of the programs that any of the names means: a program ("transpose/padded", "page#block"), everything
/// of a drill or page ("transpose"), or a pattern with `*` and `?` ("*/mutants/*"). Fails with the nearest
/// name when one means nothing.
base::Result<std::set<std::string>> select_programs(const Programs& programs,
                                                    const std::vector<std::string>& names);

}  // namespace drillpress::pipeline
