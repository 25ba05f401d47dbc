/// 512 MiB of keys, half of them equal: what privatising is for.
#pragma once

#include "measured.h"

drill::Measured drill::measured() {
  return {.which = {{1 << 27}, Distribution::skewed}};
}
