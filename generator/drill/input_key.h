// The identity of a program's inputs: one hash per named component, so that staleness is explained by name.
#pragma once

#include <string>
#include <vector>

#include "drill/include_scan.h"
#include "drill/record.h"

namespace drillpress::drill {

/// Changes whenever the meaning of a record changes.
inline constexpr std::string_view kRecordSchema = "1";

/// What the program is compiled with and runs on. Empty strings when they are not there.
struct Surroundings {
  std::string compiler;          ///< "nvcc 13.0.88 with g++ 12.2.0"
  std::string runtime;           ///< content hash of the engine's library
  std::string device;            ///< the GPU's name and driver
  std::string gpu_architecture;  ///< "90"
};

struct Inputs {
  std::vector<Component> components;      ///< sorted by name
  std::string key;                        ///< of all components
  std::string binary_key;                 ///< of those that the compiler sees
  std::vector<base::SourcePtr> includes;  ///< sorted by path
};

Inputs describe_inputs(const Program& program, const Surroundings& surroundings, SourceFiles& files);

/// Names of the components that differ or are only on one side. Those that say with what the evidence was
/// gathered rather than about what (compiler, device, runtime) are left out.
std::vector<std::string> changed_components(const std::vector<Component>& recorded,
                                            const std::vector<Component>& now);

/// One difference between the inputs of a record and those of now.
struct Change {
  std::string name;           ///< of the component
  std::string before, after;  ///< in words for people, where there are any
  bool surrounding =
      false;  ///< with what it was gathered (compiler, engine, device): the record still replays
};

/// In the order of the names. Surroundings that are not here now are left out.
std::vector<Change> changes(const std::vector<Component>& recorded, const std::vector<Component>& now);

/// "the flags changed: -O2 → -O3", or "the code changed" where only hashes are known.
std::string describe(const Change& change);

/// "lockstep 1a2b3c4d5e6f": how an engine is named by the hash of its library.
std::string engine_name(std::string_view library_hash);

}  // namespace drillpress::drill
