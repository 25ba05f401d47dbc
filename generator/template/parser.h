// Template text → tree.
#pragma once

#include "diagnostics/sink.h"
#include "template/syntax.h"
#include "template/template.h"

namespace drillpress::templating {

/// Reports every fault and goes on behind it, so that one run shows all; the tree then lacks the faulty tags.
Syntax parse_template(const TemplateFile& file, diagnostics::Sink& sink);

}  // namespace drillpress::templating
