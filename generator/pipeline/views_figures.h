// Pictures as template values: of drills from their records, of guides from their front matter.
#pragma once

#include "model/page.h"
#include "picture/svg.h"
#include "pipeline/site_model.h"
#include "template/value.h"

namespace drillpress::pipeline {

/// As view_schema.h's `picture`.
templating::Value picture_view(const picture::Picture& picture);

/// The ladder in counts and the roofline; empty without counters.
templating::List drill_figures(const SiteModel& site, const model::Page& page);

/// What limits the residence of a rung's first profiled kernel; empty when that is not known.
templating::List occupancy_figures(const drill::Record& record, const std::string& rung,
                                   const std::string& rung_title);

/// Skill profile, week, levels and pay, question mix: those that the front matter has. And the cards of the
/// guide's role by area, counted.
templating::List guide_figures(const SiteModel& site, const model::Page& page);

}  // namespace drillpress::pipeline
