// The end of the process: reports are written, and a program that would have ended with 0 ends with another
// status when the engine found something.
#pragma once

namespace drillpress::cudart {

/// From now on the end of this process will be seen: its exit status, and the signals that end it.
/// Idempotent.
void watch_process_end();

/// Writes the reports and, where they ask for it, ends the process with kExitFindings or kExitRefused. Called
/// when the library is unloaded at exit, after every destructor of the program has run and printed.
void finish_process();

}  // namespace drillpress::cudart
