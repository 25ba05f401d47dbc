#include <algorithm>
#include <functional>

#include "lockstep_rows_programs.h"

// Definitions from PTX ISA "shfl.sync", "vote.sync", "match.sync", "redux.sync", "elect.sync", "activemask"
// and barriers, over all lanes and over some of them.
namespace drillpress::lockstep::test {
namespace {

using Bits = std::uint64_t;

/// Masks of lanes that take part: the others branch around.
const std::uint32_t kMasks[] = {0xffffffff, 0x0000ffff, 0xfffffff0, 0x55555555, 0x80000001, 0x00000100};

bool in(std::uint32_t mask, unsigned lane) {
  return (mask >> lane & 1) != 0;
}
std::uint32_t value_of(const std::vector<Slots>& inputs, unsigned lane) {
  return static_cast<std::uint32_t>(inputs[lane].at[0]);
}

/// Text that only the lanes of the mask run; they find their input in %r1 (%rd1) and leave results in %r2 and
/// %r3.
std::string masked(std::uint32_t mask, const std::string& text) {
  return "ld.global.u64 %rd1, [%in]; cvt.u32.u64 %r1, %rd1; mov.u32 %r2, 0; mov.u32 %r3, 0; mov.u32 %r10, " +
         std::to_string(mask) +
         "; shr.u32 %r11, %r10, %t; and.b32 %r11, %r11, 1; setp.eq.u32 %p9, %r11, 0; and.b32 %r12, %r1, 3; "
         "setp.eq.u32 %p1, %r12, 0; @%p9 bra past; " +
         text + " past: st.global.v2.u32 [%out], {%r2, %r3};";
}
Slots pair(Bits low, Bits high) {
  Slots slots;
  for (std::uint64_t& slot : slots.at) slot = 0xdeadbeefdeadbeefull;
  slots.at[0] = (low & 0xffffffff) | high << 32;
  return slots;
}

/// f(lane, mask, inputs): what a lane of the mask leaves.
template <typename F>
void add(std::vector<ProgramCase>& programs, const std::string& form, const std::string& text, F f) {
  for (const std::uint32_t mask : kMasks) {
    programs.push_back({form, masked(mask, text), [=](unsigned lane, const std::vector<Slots>& inputs) {
                          return in(mask, lane) ? f(lane, mask, inputs) : pair(0, 0);
                        }});
  }
}

/// The manual's pseudo-code of shfl: the source lane and whether it is in range.
struct Source {
  unsigned lane;
  bool in_range;
};
Source shuffle_source(const std::string& mode, unsigned lane, std::uint32_t b, std::uint32_t c) {
  const std::uint32_t clamp = c & 31, segments = c >> 8 & 31, bval = b & 31;
  const int most = static_cast<int>((lane & segments) | (clamp & ~segments)),
            least = static_cast<int>(lane & segments);
  int j = 0;
  bool ok = false;
  if (mode == "up") j = static_cast<int>(lane) - static_cast<int>(bval), ok = j >= most;
  if (mode == "down") j = static_cast<int>(lane + bval), ok = j <= most;
  if (mode == "bfly") j = static_cast<int>(lane ^ bval), ok = j <= most;
  if (mode == "idx") j = least | static_cast<int>(bval & ~segments), ok = j <= most;
  return {ok ? static_cast<unsigned>(j) : lane, ok};
}

// A lane that does not take part gives zero; the manual calls what it gives undefined.
Bits shuffled(const std::vector<Slots>& inputs, unsigned source, std::uint32_t mask) {
  return in(mask, source) ? value_of(inputs, source) : 0;
}

void shuffles(std::vector<ProgramCase>& programs) {
  // 0x1f and 0x00: the whole warp; 0x181f, 0x1c03, 0x1800: segments.
  for (const std::string mode : {"up", "down", "bfly", "idx"}) {
    const std::string form = "shfl.sync." + mode + ".b32";
    for (const std::uint32_t c : {0x1fu, 0x00u, 0x181fu, 0x1c03u, 0x1800u, 0x0fu}) {
      for (const std::uint32_t b : {0u, 1u, 2u, 16u, 31u, 33u}) {
        const std::string operands = std::to_string(b) + ", " + std::to_string(c) + ", %r10;";
        add(programs, form, form + " %r2|%p2, %r1, " + operands + " selp.u32 %r3, 1, 0, %p2;",
            [=](unsigned lane, std::uint32_t mask, const std::vector<Slots>& inputs) {
              const Source source = shuffle_source(mode, lane, b, c);
              return pair(shuffled(inputs, source.lane, mask), source.in_range ? 1 : 0);
            });
      }
    }
    // A different operand in each lane, and no predicate.
    add(programs, form, "and.b32 %r4, %r1, 31; " + form + " %r2, %r1, %r4, 31, %r10;",
        [=](unsigned lane, std::uint32_t mask, const std::vector<Slots>& inputs) {
          const std::uint32_t c = 31;
          const Source source = shuffle_source(mode, lane, value_of(inputs, lane) & 31, c);
          return pair(shuffled(inputs, source.lane, mask), 0);
        });
  }
}

std::uint32_t ballot(std::uint32_t mask, const std::vector<Slots>& inputs, bool negated) {
  std::uint32_t bits = 0;
  for (unsigned lane = 0; lane < 32; ++lane) {
    const bool holds = (value_of(inputs, lane) & 3) == 0;
    if (in(mask, lane) && holds != negated) bits |= 1u << lane;
  }
  return bits;
}

void votes(std::vector<ProgramCase>& programs) {
  for (const bool negated : {false, true}) {
    const std::string p = negated ? " !%p1" : " %p1";
    for (const std::string form : {"vote.sync.ballot.b32", "vote.ballot.sync.b32"}) {
      add(programs, form, form + " %r2," + p + ", %r10;",
          [=](unsigned, std::uint32_t mask, const std::vector<Slots>& inputs) {
            return pair(ballot(mask, inputs, negated), 0);
          });
    }
    for (const std::string mode : {"all", "any", "uni"}) {
      const std::string form = "vote.sync." + mode + ".pred";
      // p1, which some lanes have, and predicates that all or none have.
      const std::string tests[] = {"", "setp.eq.u32 %p1, %t, 99; ", "setp.ne.u32 %p1, %t, 99; "};
      for (int k = 0; k < 3; ++k) {
        add(programs, form, tests[k] + form + " %p2," + p + ", %r10; selp.u32 %r2, 1, 0, %p2;",
            [=](unsigned, std::uint32_t mask, const std::vector<Slots>& inputs) {
              const std::uint32_t votes = k == 0                ? ballot(mask, inputs, negated)
                                          : (k == 2) != negated ? mask
                                                                : 0;
              const bool all = votes == mask, any = votes != 0;
              return pair(mode == "all" ? all : mode == "any" ? any : all || !any, 0);
            });
      }
    }
  }
}

void matches(std::vector<ProgramCase>& programs) {
  for (const bool wide : {false, true}) {
    const std::string type = wide ? ".b64" : ".b32", reg = wide ? "%rd4" : "%r4";
    // Values modulo 4 are equal in several lanes; in the upper half of 64 bits too.
    const std::string make = wide ? "and.b64 %rd4, %rd1, 0x100000003; " : "and.b32 %r4, %r1, 3; ";
    const Bits kept = wide ? 0x100000003 : 3;
    auto key = [kept](const std::vector<Slots>& inputs, unsigned lane) { return inputs[lane].at[0] & kept; };
    auto equal = [key](unsigned lane, std::uint32_t mask, const std::vector<Slots>& inputs) {
      std::uint32_t bits = 0;
      for (unsigned other = 0; other < 32; ++other) {
        if (in(mask, other) && key(inputs, other) == key(inputs, lane)) bits |= 1u << other;
      }
      return bits;
    };
    add(programs, "match.any.sync" + type, make + "match.any.sync" + type + " %r2, " + reg + ", %r10;",
        [=](unsigned lane, std::uint32_t mask, const std::vector<Slots>& inputs) {
          return pair(equal(lane, mask, inputs), 0);
        });
    for (const bool same : {false, true}) {
      const std::string constant = wide ? "mov.u64 %rd4, 77; " : "mov.u32 %r4, 77; ";
      add(programs, "match.all.sync" + type,
          (same ? constant : make) + "match.all.sync" + type + " %r2|%p2, " + reg +
              ", %r10; selp.u32 %r3, 1, 0, %p2;",
          [=](unsigned lane, std::uint32_t mask, const std::vector<Slots>& inputs) {
            const bool all = same || equal(lane, mask, inputs) == mask;
            return pair(all ? mask : 0, all);
          });
    }
  }
}

void reductions(std::vector<ProgramCase>& programs) {
  using Fold = std::function<std::uint32_t(std::uint32_t, std::uint32_t)>;
  auto as_signed = [](std::uint32_t v) { return static_cast<std::int32_t>(v); };
  const std::pair<const char*, Fold> folds[] = {
      {"add.s32", [](auto a, auto b) { return a + b; }},
      {"add.u32", [](auto a, auto b) { return a + b; }},
      {"min.s32", [=](auto a, auto b) { return as_signed(a) < as_signed(b) ? a : b; }},
      {"min.u32", [](auto a, auto b) { return std::min(a, b); }},
      {"max.s32", [=](auto a, auto b) { return as_signed(a) < as_signed(b) ? b : a; }},
      {"max.u32", [](auto a, auto b) { return std::max(a, b); }},
      {"and.b32", [](auto a, auto b) { return a & b; }},
      {"or.b32", [](auto a, auto b) { return a | b; }},
      {"xor.b32", [](auto a, auto b) { return a ^ b; }},
  };
  for (const auto& [name, fold] : folds) {
    const std::string form = std::string("redux.sync.") + name;
    add(programs, form, form + " %r2, %r1, %r10;",
        [fold = fold](unsigned, std::uint32_t mask, const std::vector<Slots>& inputs) {
          std::uint32_t total = 0;
          bool first = true;
          for (unsigned lane = 0; lane < 32; ++lane) {
            if (!in(mask, lane)) continue;
            total = first ? value_of(inputs, lane) : fold(total, value_of(inputs, lane));
            first = false;
          }
          return pair(total, 0);
        });
  }
}

void elections(std::vector<ProgramCase>& programs) {
  auto one_leader = [](unsigned lane, std::uint32_t mask, const std::vector<Slots>&) {
    const auto leader = static_cast<unsigned>(std::countr_zero(mask));
    return pair(leader, lane == leader);
  };
  add(programs, "elect.sync", "elect.sync %r2|%p2, %r10; selp.u32 %r3, 1, 0, %p2;", one_leader);
  add(programs, "activemask.b32", "activemask.b32 %r2;",
      [](unsigned, std::uint32_t mask, const std::vector<Slots>&) { return pair(mask, 0); });
}

/// Lanes exchange through shared memory across a barrier.
void barriers(std::vector<ProgramCase>& programs) {
  const std::string exchange[2] = {
      ".shared .align 4 .b8 s[128]; mov.u32 %r20, s; shl.b32 %r21, %t, 2; add.u32 %r21, %r21, %r20; "
      "ld.global.u32 %r1, [%in]; st.shared.u32 [%r21], %r1; ",
      " xor.b32 %r22, %t, 31; shl.b32 %r22, %r22, 2; add.u32 %r22, %r22, %r20; ld.shared.u32 %r2, [%r22]; "
      "mov.u32 %r3, 0; "
      "st.global.v2.u32 [%out], {%r2, %r3};"};
  auto reversed = [](unsigned lane, const std::vector<Slots>& inputs) {
    return pair(value_of(inputs, lane ^ 31), 0);
  };
  auto through = [&](const std::string& form, const std::string& instruction) {
    programs.push_back({form, exchange[0] + instruction + exchange[1], reversed});
  };
  through("bar.warp.sync", "bar.warp.sync 0xffffffff;");
  for (const std::string fence : {"membar.cta", "membar.gl", "membar.sys"})
    through(fence, fence + "; bar.sync 0;");
  for (const std::string order : {"", ".sc", ".acq_rel", ".acquire", ".release"}) {
    for (const std::string scope : {".cta", ".cluster", ".gpu", ".sys"}) {
      through("fence" + order + scope, "fence" + order + scope + "; bar.sync 0;");
    }
  }
  for (const std::string bar : {"bar", "bar.cta", "barrier", "barrier.cta"}) {
    for (const std::string aligned : {"", ".aligned"}) {
      through(bar + ".sync" + aligned, bar + ".sync" + aligned + " 3;");
      through(bar + ".sync" + aligned, bar + ".sync" + aligned + " 3, 32;");
      // One warp arrives without waiting, and waits later: the barrier's two halves.
      through(bar + ".arrive" + aligned, bar + ".arrive" + aligned + " 4, 64; bar.sync 4, 64;");
      const std::string test =
          "ld.global.u32 %r1, [%in]; and.b32 %r4, %r1, 3; setp.eq.u32 %p1, %r4, 0; mov.u32 %r3, 0; ";
      const std::string out = " st.global.v2.u32 [%out], {%r2, %r3};";
      const std::string count = bar + ".red.popc" + aligned + ".u32";
      for (const bool negated : {false, true}) {
        const std::string p = negated ? "!%p1;" : "%p1;";
        programs.push_back(
            {count, test + count + " %r2, 5, " + p + out, [=](unsigned, const std::vector<Slots>& inputs) {
               return pair(static_cast<Bits>(std::popcount(ballot(~0u, inputs, negated))), 0);
             }});
        for (const std::string mode : {"and", "or"}) {
          const std::string form = bar + ".red." + mode + aligned + ".pred";
          programs.push_back({form, test + form + " %p2, 6, 32, " + p + " selp.u32 %r2, 1, 0, %p2;" + out,
                              [=](unsigned, const std::vector<Slots>& inputs) {
                                const std::uint32_t votes = ballot(~0u, inputs, negated);
                                return pair(mode == "and" ? votes == ~0u : votes != 0, 0);
                              }});
        }
      }
    }
  }
}

}  // namespace

std::vector<ProgramCase> warp_programs() {
  std::vector<ProgramCase> programs;
  shuffles(programs);
  votes(programs);
  matches(programs);
  reductions(programs);
  elections(programs);
  barriers(programs);
  return programs;
}

}  // namespace drillpress::lockstep::test
