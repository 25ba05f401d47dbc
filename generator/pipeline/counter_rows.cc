#include "pipeline/counter_rows.h"

namespace drillpress::pipeline {

const std::vector<CounterRow>& counter_rows() {
  constexpr std::string_view kGlobal = "Global memory", kShared = "Shared memory",
                             kFlow = "Control flow and work";
  static const std::vector<CounterRow> rows = {
      {"global_load_sectors_per_request", kGlobal, "load sectors per request", "sectors",
       "32-byte sectors that one warp's load touches, on average; 4 is the least for 32 neighbouring floats",
       true},
      {"global_store_sectors_per_request", kGlobal, "store sectors per request", "sectors",
       "32-byte sectors that one warp's store touches, on average; 4 is the least for 32 neighbouring floats",
       true},
      {"global_load_requests", kGlobal, "load requests", "",
       "warp-level load instructions that reached global memory"},
      {"global_load_sectors", kGlobal, "load sectors", "sectors", "32-byte sectors touched by all loads"},
      {"global_store_requests", kGlobal, "store requests", "",
       "warp-level store instructions to global memory"},
      {"global_store_sectors", kGlobal, "store sectors", "sectors", "32-byte sectors touched by all stores"},
      {"global_unique_bytes", kGlobal, "bytes touched", "bytes",
       "bytes of global memory that were loaded or stored at least once"},
      {"shared_load_wavefronts_per_request", kShared, "load wavefronts per request", "wavefronts",
       "passes over the 32 banks that one warp's shared load needs; 1 is free of conflicts", true},
      {"shared_store_wavefronts_per_request", kShared, "store wavefronts per request", "wavefronts",
       "passes over the 32 banks that one warp's shared store needs; 1 is free of conflicts", true},
      {"shared_load_requests", kShared, "load requests", "", "warp-level loads from shared memory"},
      {"shared_load_wavefronts", kShared, "load wavefronts", "wavefronts",
       "passes over the banks, all loads together"},
      {"shared_store_requests", kShared, "store requests", "", "warp-level stores to shared memory"},
      {"shared_store_wavefronts", kShared, "store wavefronts", "wavefronts",
       "passes over the banks, all stores together"},
      {"warp_instructions", kFlow, "warp instructions", "", "PTX instructions issued, one for a whole warp",
       true},
      {"lane_instructions", kFlow, "lane instructions", "",
       "PTX instructions times the lanes that took part"},
      {"active_lanes_per_instruction", kFlow, "active lanes per instruction", "of 32",
       "lanes that took part in an average instruction; 32 means no divergence", true, false},
      {"branches", kFlow, "branches", "", "conditional branches executed by a warp"},
      {"divergent_branches", kFlow, "divergent branches", "",
       "branches at which the lanes of a warp disagreed"},
      {"barriers", kFlow, "barriers", "", "block-wide barriers that warps arrived at", true},
      {"atomics", kFlow, "atomics", "", "warp-level atomic instructions"},
      {"atomic_passes", kFlow, "passes of atomics", "",
       "for each warp-level atomic the most lanes that name one address, added up: contention"},
      {"fp32_operations", kFlow, "fp32 operations", "",
       "single-precision operations; a fused multiply-add counts two"},
  };
  return rows;
}

const CounterRow* find_counter_row(std::string_view metric) {
  for (const CounterRow& row : counter_rows()) {
    if (row.metric == metric) return &row;
  }
  return nullptr;
}

}  // namespace drillpress::pipeline
