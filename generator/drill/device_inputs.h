// What evidence from a GPU depends on, each part hashed under its name; the same for a tree and for the copy
// of it that the recorder carries back.
#pragma once

#include <string>
#include <vector>

#include "drill/place.h"
#include "drill/record.h"

namespace drillpress::drill {

/// Of a program that verified itself: "code", "includes", "flags". `path` of its file, relative to the root
/// of `files` and in a folder of a drill ("drills/transpose/rungs/naive.cu"). A file that is not there has an
/// empty hash.
std::vector<Component> hardware_inputs(const std::string& path, SourceFiles& files);

/// Of a solution that was timed: the same, "case" (the drill's measured.cuh) and "method" (the program that
/// times).
std::vector<Component> measured_inputs(const std::string& path, SourceFiles& files);

/// Names of the components that differ or stand on one side alone.
std::vector<std::string> differing(const std::vector<Component>& recorded, const std::vector<Component>& now);

/// "drills/transpose" of "drills/transpose/rungs/naive.cu".
std::string drill_folder(const std::string& path);

}  // namespace drillpress::drill
