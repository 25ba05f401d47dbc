#include "diagnostics/code.h"

namespace drillpress::diagnostics {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> table = {
#define CODE(enumerator, name, brief, explanation) {Code::enumerator, name, brief, explanation},
#include "diagnostics/codes.def"
#undef CODE
  };
  return table;
}

const CodeInfo& info(Code code) {
  return all_codes().at(static_cast<std::size_t>(code));
}

std::optional<Code> find_code(std::string_view name) {
  for (const CodeInfo& row : all_codes()) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

}  // namespace drillpress::diagnostics
