// What a drill's harness (drills/support) writes to $DRILL_REPORT.
#pragma once

#include <string_view>

#include "base/result.h"
#include "drill/checks.h"
#include "drill/record.h"

namespace drillpress::drill {

struct HarnessReport {
  std::string drill;
  bool passed = false;
  Harness evidence;
  std::uint64_t first_wrong_address = 0;  ///< of the first failure with a place in memory; 0: there is none
};

/// Fails on a report of a run that left out a check, but those of `left_out`.
base::Result<HarnessReport> parse_harness_report(std::string_view text, const LeftOut& left_out = {});

/// "out[3][5] is 0, expected 12.5 (case 33x32; first of 31 wrong elements)".
std::string describe(const HarnessFailure& failure, const std::string& case_name);

}  // namespace drillpress::drill
