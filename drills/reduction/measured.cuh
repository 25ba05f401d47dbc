/// 512 MiB in.
#pragma once

#include "measured.h"

drill::Measured drill::measured() {
  return {.which = {{1 << 27}}};
}
