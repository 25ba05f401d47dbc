// What the recorder (drills/recorder) carried back from a machine with a GPU, and the device records that
// follow from it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "diagnostics/sink.h"
#include "drill/device_record.h"
#include "drill/spec.h"

namespace drillpress::drill {

struct Recording {
  std::string folder;  ///< absolute
  std::string date, revision, toolkit, sanitizer;
  bool clean = false;
};

/// Opens the folder. Fails when it is no recording, or one without a device: made with DRY_RUN.
base::Result<Recording> open_recording(const std::string& folder);

/// One record for each drill that is in the recording, sorted by drill. `programs` are all of the site at
/// `root`. A drill of which the tree has other sources than the recording is left out, and so is one whose
/// rungs did not pass: that goes to the sink, at the file concerned. An empty `slug` is made from the
/// device's name ("NVIDIA H200": "h200").
std::vector<DeviceRecord> records_of(const Recording& recording, const std::vector<Program>& programs,
                                     const std::string& root, const std::string& slug,
                                     diagnostics::Sink& sink);

/// "drills/transpose/records/h200.json"
std::string device_record_path(const DeviceRecord& record);

}  // namespace drillpress::drill
