// Pages and drill folders → the programs whose evidence the build gathers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drill/spec.h"
#include "model/reference.h"

namespace drillpress::pipeline {

/// What a fenced block of a page is to the build.
struct CodeBlockPlan {
  std::string id;        ///< "<page>#<block>"; empty for code that nothing refers to
  std::string language;  ///< first word of the fence
  std::string shown;     ///< code that readers see
  std::string title;     ///< file it was taken from, or empty
  std::optional<std::size_t>
      program;               ///< index into Programs::programs; also of the drill's program for `from=`
  bool own_program = false;  ///< the program is this block's own, so it has its ledger entry here
  std::optional<std::size_t> output_of;  ///< of an output block: index of the program that is to print it
  std::string not_run_because;           ///< for code without a program
  bool invisible = false;                ///< output blocks and `hidden` ones
};

/// Everything to be compiled and run, and what the pages' code blocks have to do with it.
struct Programs {
  std::vector<drill::Program> programs;
  std::map<std::string, std::size_t, std::less<>> by_id;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_owner;  ///< by id of the page
  /// By page index in the registry, then by node of the code block.
  std::vector<std::map<markdown::NodeId, CodeBlockPlan>> blocks;

  const drill::Program* find(std::string_view id) const;
};

/// Makes the plan of a whole site; faults (unknown attributes, missing files, bad conditions) go to the sink.
Programs plan_programs(const model::Registry& registry, const std::string& root, diagnostics::Sink& sink);

/// Where the committed record of a program lies, relative to the root.
std::string record_path(const drill::Program& program);

/// Page or drill that a program belongs to: "transpose" of "transpose/mutants/off-by-one" and of
/// "transpose#x".
std::string owner_of(std::string_view program_id);

}  // namespace drillpress::pipeline
