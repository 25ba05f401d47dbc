// The drillpress executable.
#include "cli/commands.h"

int main(int argc, char** argv) {
  return drillpress::cli::run_command_line(argc, argv);
}
