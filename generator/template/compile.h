// Parsed templates + the view of one of them → a program, with layouts and includes woven in.
#pragma once

#include <map>
#include <set>
#include <string>

#include "diagnostics/sink.h"
#include "template/program.h"
#include "template/schema.h"
#include "template/syntax.h"

namespace drillpress::templating {

using SyntaxByName = std::map<std::string, Syntax, std::less<>>;

/// Compiles one view. Reports every fault of the templates it reaches; their names are added to `reached`.
Program compile_view(const View& view, const SyntaxByName& templates, std::set<std::string>& reached,
                     diagnostics::Sink& sink);

}  // namespace drillpress::templating
