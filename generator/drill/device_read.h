// Parts that the recorder's raw reports and device records have in common.
#pragma once

#include "drill/device_record.h"
#include "drill/json_read.h"

namespace drillpress::drill {

Device read_device(const Json& json);
ClockReadings read_clocks(const Json& json);

}  // namespace drillpress::drill
