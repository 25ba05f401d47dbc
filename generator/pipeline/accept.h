// Real output → the `output` blocks of pages: what would have to change in a Markdown file, byte by byte.
#pragma once

#include <string>
#include <vector>

#include "pipeline/site_model.h"

namespace drillpress::pipeline {

/// One block of one page, rewritten or added.
struct BlockEdit {
  std::size_t program = 0;  ///< index into Programs::programs
  base::SourcePtr source;   ///< the page as it was read
  std::size_t begin = 0, end = 0;
  std::string text;      ///< stands in the place of [begin, end)
  std::string expected;  ///< what the block holds afterwards
};

/// A snippet whose output differs, and why it is not taken over.
struct Refusal {
  std::size_t program = 0;
  std::string why;  ///< for people: "it failed in another way, too"
};

struct Acceptance {
  std::vector<BlockEdit> edits;  ///< in the order of the programs
  std::vector<Refusal> refusals;
};

/// Looks through the snippets that ran and were wanted (all, when `wanted` is empty). An edit is given for
/// each whose output block differs from what it printed and for each that printed something and has no block.
/// A run that failed in any other way is refused. Output stands as a record has it, control characters as
/// their pictures.
Acceptance plan_acceptance(const SiteModel& site, const std::optional<std::set<std::string>>& wanted);

/// The page's text after the edits, which are all of that page.
std::string apply_edits(const base::Source& page, const std::vector<BlockEdit>& edits);

/// The edit as a unified diff of its page.
std::string render_edit(const BlockEdit& edit);

/// The lines of `expected` that `actual` still fits, with the others replaced: patterns and numbers within
/// their tolerance stay as the author wrote them.
std::string merge_output(const drill::ExpectedOutput& expected, std::string_view actual);

}  // namespace drillpress::pipeline
