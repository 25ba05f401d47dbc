#include "measured.h"
