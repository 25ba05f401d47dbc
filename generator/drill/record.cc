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

bool is_evidence(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRanOnGpu:
    case Verdict::kRanOnEngine:
    case Verdict::kRanOnHost:
    case Verdict::kCompiledOnly:
    case Verdict::kFailedAsExpected:
      return true;
    case Verdict::kReplayed:
    case Verdict::kStale:
    case Verdict::kSkipped:
    case Verdict::kFailed:
      return false;
  }
  return false;
}

}  // namespace drillpress::drill
