// What the templates of quizzes and scorecards receive: parts of view_schema.h's contract.
#pragma once

#include "template/schema.h"

namespace drillpress::pipeline {

templating::Record quiz_record(const templating::Record& content_link);
templating::Record scorecard_record();

}  // namespace drillpress::pipeline
