// What GPUs showed of a drill, for its page: timings with their intervals, ratios and pictures, and how
// programs ended.
#pragma once

#include "pipeline/site_model.h"
#include "template/value.h"

namespace drillpress::pipeline {

/// As view_schema.h's `measurement`: a rung's timings, one a device.
templating::List measurement_views(const SiteModel& site, const drill::Program& rung);

/// As view_schema.h's `measured device`: everything that a device's record says of a drill; one a device.
templating::List device_views(const SiteModel& site, const model::Page& page);

}  // namespace drillpress::pipeline
