// The table of diagnostic codes (codes.def) as values.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace drillpress::diagnostics {

enum class Code {
#define CODE(enumerator, name, brief, explanation) enumerator,
#include "diagnostics/codes.def"
#undef CODE
};

struct CodeInfo {
  Code code;
  std::string_view name;         ///< as printed in brackets, e.g. "unknown-drill"
  std::string_view brief;        ///< one sentence
  std::string_view explanation;  ///< what it means, why it matters, an example and its fix
};

const CodeInfo& info(Code code);
const std::vector<CodeInfo>& all_codes();
std::optional<Code> find_code(std::string_view name);

}  // namespace drillpress::diagnostics
