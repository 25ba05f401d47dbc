// The classes of code tokens (token_classes.def) as values.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace drillpress::highlight {

enum class TokenClass : std::uint8_t {
#define CLASS(enumerator, name, css) enumerator,
#include "highlight/token_classes.def"
#undef CLASS
};

struct TokenClassInfo {
  TokenClass token_class;
  std::string_view name;
  std::string_view css;  ///< the CSS class is `tok-` and this; empty: written without a span
};

const std::vector<TokenClassInfo>& all_token_classes();
const TokenClassInfo& info(TokenClass token_class);

}  // namespace drillpress::highlight
