#include "drill/spec.h"

#include <fmt/format.h>

#include "drill/names.h"

namespace drillpress::drill {

std::string_view name_of(Role role) {
  return name_in(kRoles, role);
}
std::string_view name_of(Mode mode) {
  return name_in(kModes, mode);
}
std::string_view name_of(Match match) {
  return name_in(kMatches, match);
}
std::string_view name_of(Comparison comparison) {
  return name_in(kComparisons, comparison);
}

std::string claim_of(const ExpectedCount& count) {
  return fmt::format("{} {} {}", count.metric, name_of(count.comparison), count.value);
}

}  // namespace drillpress::drill
