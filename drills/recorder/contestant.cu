// One solution as a shared object, so that all of a drill's solutions can be timed by one process: compiled
// with DRILL_SOLUTION set to the solution's file. Its own `main`, which verifies, stays in it unused.
#include DRILL_SOLUTION

#include "measured.cuh"

extern "C" void drill_contestant(drill::Problem& problem, drill::Measured& measured) {
  problem = drill::problem();
  measured = drill::measured();
}
