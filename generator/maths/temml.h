// Typesets formulas that the cache does not have, by Temml, in one Node process for all of them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "maths/cache.h"

namespace drillpress::maths {

/// What became of one formula: its MathML, or what is wrong with it.
struct Outcome {
  std::string mathml;      ///< cleaned; empty after a fault
  std::string fault;       ///< in words for the author; empty when it was typeset
  std::size_t offset = 0;  ///< byte offset in the TeX of the fault; its size when the end came too soon
};

/// What a run of Temml needs.
struct Tools {
  std::string script;                ///< text of `site/tools/maths.mjs`
  std::string directory;             ///< Temml is looked for in `node_modules` here and above
  std::vector<std::string> folders;  ///< that Node must be in; none: those of PATH
};

/// One outcome per formula, in order. Fails, saying what to install or run, when Node, the tool or Temml in
/// the version of the cache is not there, or answers otherwise than it should.
base::Result<std::vector<Outcome>> run_temml(const std::vector<Formula>& formulas, const Tools& tools);

}  // namespace drillpress::maths
