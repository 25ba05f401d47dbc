// The library's last act in a process.
#include "cudart/process_end.h"

__attribute__((destructor)) static void unload() {
  drillpress::cudart::finish_process();
}
