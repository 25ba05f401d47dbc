// The exports for programs compiled with per-thread default streams (`_ptsz`, `_ptds`). Operations run one
// after the other whichever stream they are on, so that each is its ordinary counterpart under a second name.
#if defined(__x86_64__)
#define DRILLPRESS_JUMP "jmp"
#elif defined(__aarch64__)
#define DRILLPRESS_JUMP "b"
#else
#error "variants.cc needs the unconditional jump of this architecture"
#endif

#define IMPLEMENTED(name)
#define REFUSED(name)
// An alias would have to stand in the same translation unit as its target, and its type would have to be
// repeated.
#define VARIANT(name, original)                                                                            \
  __asm__(".text\n.globl " #name "\n.type " #name ",@function\n" #name ":\n" DRILLPRESS_JUMP " " #original \
          "\n"                                                                                             \
          ".size " #name ", .-" #name "\n");
#include "cudart/symbols.def"
#undef IMPLEMENTED
#undef REFUSED
#undef VARIANT
