// Records that the views of several kinds of page are made of, and those of the list pages.
#pragma once

#include "template/schema.h"

namespace drillpress::pipeline::schema {

using templating::Record;

// Shared pieces.
Record link();
Record verdict();
Record fact();
Record content_link();
Record verdict_count();
Record comparison();
Record claim();

// What quizzes and scorecards add to a page's view.
Record quiz();
Record scorecard();

// What the list pages add to it.
Record section();
Record ledger();
Record engine();
Record home();
Record not_found();

}  // namespace drillpress::pipeline::schema
