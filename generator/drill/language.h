// The languages that run: one row each says how a program is compiled, checked and run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drill/spec.h"

namespace drillpress::drill {

/// The program that compiles or interprets a language.
enum class Tool { kNvcc, kHostCompiler, kPython };

struct LanguageRow {
  Language language;
  std::string_view name;       ///< the first word of a code block
  std::string_view file_name;  ///< under which the compiler and the engine see every program
  Tool tool;
  bool compiled;                            ///< makes a binary; else the text itself is run
  bool needs_engine;                        ///< runs on the lockstep engine (and on a GPU)
  std::vector<std::string_view> standards;  ///< that `std=` may name; the first is the default; may be empty
  std::vector<std::string_view> flags;
};

const std::vector<LanguageRow>& all_languages();
const LanguageRow& row_of(Language language);
std::optional<Language> find_language(std::string_view name);

/// A program that every tool line needs: `names` are tried in order, in PATH and then in `the given folders.
struct ToolRow {
  Tool tool;
  std::vector<std::string_view> names;
  std::string_view missing;  ///< for people: what was not found
};
const std::vector<ToolRow>& all_tools();

/// The architectures for which ptxas reports resources: Turing, Ampere, Hopper, Blackwell data-centre parts.
inline constexpr std::string_view kResourceArchitectures[] = {"75", "80", "90", "100"};

/// Every option of the compiler for this program but for input and output, in order. `gpu_architecture`
/// ("90") adds code for the GPU that is there; empty: none.
std::vector<std::string> compiler_flags(const Program& program, const std::string& gpu_architecture);

}  // namespace drillpress::drill
