// Shell commands, as scripts and after the prompts of a session.
#pragma once

#include "highlight/syntax.h"

namespace drillpress::highlight {

/// Lexes the shell commands from the end of the last span to `end` of the text.
void lex_commands(const Language& language, std::string_view text, std::size_t end, Spans& spans);

}  // namespace drillpress::highlight
