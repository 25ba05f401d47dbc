#include "drill/record.h"

#include "drill/names.h"

namespace drillpress::drill {

std::string_view name_of(Verdict verdict) {
  return name_in(kVerdicts, verdict);
}
std::string_view name_of(Backend backend) {
  return name_in(kBackends, backend);
}
std::optional<Verdict> find_verdict(std::string_view name) {
  return find_in(kVerdicts, name);
}
std::optional<Backend> find_backend(std::string_view name) {
  return find_in(kBackends, name);
}

}  // namespace drillpress::drill
