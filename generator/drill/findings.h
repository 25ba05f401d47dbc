// The checks that can catch a wrong program, and their findings in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drill/compiler_output.h"
#include "drill/run.h"

namespace drillpress::drill {

/// Names of all checks that failed in a run, most telling first: the engine's checkers, kinds of faults, the
/// harness' checks, then "crash" and "timeout". `expected`, when it is among them, comes first; it may also
/// name the kind of a finding ("out_of_bounds"). An exit status alone is no catcher: it proves nothing about
/// the result.
std::vector<std::string> catchers(const Run& run, const std::string& expected);

/// "memcheck: out-of-bounds store by block (0,0,0) thread (5,0,0) in kernel `scale` (3 times)".
std::string render_finding(const Finding& finding);

/// What a failed check of the harness says about a program: "computes a wrong value".
std::string_view failure_sentence(std::string_view check);

/// "SIGSEGV", or the number.
std::string signal_name(int signal);

/// The compiler's messages, one a line, with the program's own line numbers: "line 4: error: …".
std::string render_messages(const std::vector<CompilerMessage>& messages);

}  // namespace drillpress::drill
