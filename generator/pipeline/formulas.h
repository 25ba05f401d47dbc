// The formulas of a site's pages: collected, looked up in the committed cache, and typeset where they are
// new.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/sink.h"
#include "maths/cache.h"
#include "model/reference.h"

namespace drillpress::pipeline {

/// Path of the cache below the root.
inline constexpr std::string_view kFormulaCachePath = "content/maths/cache.jsonl";

/// One formula on one page.
struct FormulaUse {
  std::size_t page = 0;  ///< index in the registry
  markdown::NodeId node = markdown::kNoNode;
  maths::Formula formula;
};

struct Formulas {
  std::vector<FormulaUse> uses;  ///< in the order of pages and of nodes
  maths::Typeset typeset;        ///< what the cache had, and what this build added

  /// MathML of a formula; empty when it is not typeset, which has been reported.
  std::string_view mathml(const maths::Formula& formula) const;
  /// Entries of the cache that no page uses.
  std::size_t unused() const;
};

/// Collects the formulas and reads the cache, whose faults go to the sink.
Formulas plan_formulas(const model::Registry& registry, const std::string& root, diagnostics::Sink& sink);

/// Reports every formula that a build would have to typeset: a warning, or an error where nothing may be run.
void report_untypeset(const model::Registry& registry, const Formulas& formulas,
                      diagnostics::Severity severity, diagnostics::Sink& sink);

/// Typesets what the cache does not have, by one Node process for all, and writes the cache anew if there was
/// anything. Faults of the TeX are errors at their place, and so is every new formula where Node is missing.
/// `tool_folders` as in BuildOptions.
void typeset_formulas(const model::Registry& registry, const std::string& root,
                      const std::vector<std::string>& tool_folders, Formulas& formulas,
                      diagnostics::Sink& sink);

/// Takes the unused entries out of the cache on disk. True when there were any.
base::Result<bool> prune_formulas(const std::string& root, const Formulas& formulas);

}  // namespace drillpress::pipeline
