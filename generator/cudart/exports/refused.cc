// Every export of the real library that this one does not have: it names itself once and fails.
#include "cudart/exports/api.h"

using namespace drillpress::cudart;

namespace {

Error refuse(const char* name) {
  return plain_call([&](Context& all) { return all.refuse(name, "the engine does not have this function"); });
}

}  // namespace

#define IMPLEMENTED(name)
#define VARIANT(name, original)
#define REFUSED(name)          \
  CUDART_EXPORT Error name() { \
    return refuse(#name);      \
  }
#include "cudart/symbols.def"
#undef IMPLEMENTED
#undef VARIANT
#undef REFUSED
