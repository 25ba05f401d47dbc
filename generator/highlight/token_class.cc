#include "highlight/token_class.h"

namespace drillpress::highlight {

const std::vector<TokenClassInfo>& all_token_classes() {
  static const std::vector<TokenClassInfo> table = {
#define CLASS(enumerator, name, css) {TokenClass::enumerator, name, css},
#include "highlight/token_classes.def"
#undef CLASS
  };
  return table;
}

const TokenClassInfo& info(TokenClass token_class) {
  return all_token_classes()[static_cast<std::size_t>(token_class)];
}

}  // namespace drillpress::highlight
