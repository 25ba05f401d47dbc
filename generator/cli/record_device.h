// Records of a GPU: made on this machine, or carried here from another.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.h"

namespace drillpress::cli {

/// Runs drills/recorder, for these drills or all, and imports what it leaves as records of the device. Gives
/// the exit status.
int record_on_device(const SiteOptions& site, const std::string& device,
                     const std::vector<std::string>& only);

/// `records import`
Command import_command();

}  // namespace drillpress::cli
