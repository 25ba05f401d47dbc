// Made-up evidence of a made-up device, for tests alone.
#pragma once

#include <string>

#include "drill/device_record.h"
#include "drill_site.h"

namespace drillpress::drill::testing {

inline Device synthetic_device() {
  Device d;
  d.name = "NVIDIA Test";
  d.capability = "9.0";
  d.driver = "1.2.3";
  d.host_cpu = "A processor";
  d.runtime = 13000;
  d.multiprocessors = 4;
  d.l2_bytes = 1u << 20;
  d.memory_bytes = 1ull << 30;
  d.sm_clock_khz = 1'000'000;
  d.memory_clock_khz = 1'000'000;
  d.memory_bus_bits = 64;  // 16 GB/s
  d.ecc = true;
  d.nvml = true;
  return d;
}

/// Samples around a time in microseconds, alternating by a share of it.
inline SampleSeries synthetic_series(bool cold, double microseconds, double share, std::size_t n,
                                     const Workload& workload) {
  SampleSeries s;
  s.cold = cold;
  for (std::size_t i = 0; i < n; ++i)
    s.samples_ns.push_back(1e3 * microseconds * (1 + share * static_cast<double>(i * 7 % 11) / 11));
  s.stopped = "precision";
  s.clocks = {12, 990, 1000, 40, 45, {}, {"gpu_idle"}};
  s.summary = summary_of(s, workload, synthetic_device()).value();
  return s;
}

inline DeviceRecord synthetic_record() {
  DeviceRecord r;
  r.drill = "toy";
  r.slug = "test";
  r.date = "2026-01-31";
  r.revision = "0123456789abcdef";
  r.clean = true;
  r.toolkit = "13.0.88";
  r.sanitizer = "2025.3.1";
  r.device = synthetic_device();
  r.runs = {{"toy/naive",
             {{"code", "00"}, {"flags", "11"}},
             true,
             {},
             3,
             "",
             {{"memcheck", ToolOutcome::kClean, ""}, {"racecheck", ToolOutcome::kNotRun, "status 1"}}},
            {"toy/starter", {{"code", "22"}}, false, {"value", "redzone"}, 3, "out[0] is 0, expected 1", {}}};
  Measurement m;
  m.workload = {"4096", Arithmetic::kCudaCores, 8u << 20, 4u << 20, 1000, 12u << 20, 24301};
  Contestant naive{"naive", false, "", {{"case", "33"}, {"code", "00"}}, {}};
  naive.series = {synthetic_series(true, 1500, 0.4, 40, m.workload),
                  synthetic_series(false, 1400, 0.001, 400, m.workload)};
  naive.series[0].clocks.throttle_reasons = {};
  Contestant copy{"device-copy", true, "", {}, {}};
  copy.series = {synthetic_series(true, 900, 0.001, 600, m.workload)};
  Contestant wrong{"cub", true, "before timing: out[0] is wrong, first of 2", {{"code", "44"}}, {}};
  m.contestants = {naive, wrong, copy};
  r.measurement = m;
  return r;
}

/// Sources of a drill with one rung, a starter and a recorder, below `prefix`.
inline void write_sources(const Site& site, const std::string& prefix) {
  const auto write = [&](const std::string& path, const std::string& text) {
    site.write(prefix + path, text);
  };
  write("support/drill.h", "// the harness\n");
  write("recorder/measured.h", "// measured\n");
  write("recorder/flags.txt", "-std=c++20\n");
  write("recorder/rules.h", "// rules\n");
  write("recorder/measure.cu", "#include \"rules.h\"\n");
  write("recorder/contestant.cu", "#include DRILL_SOLUTION\n");
  write("toy/problem.cuh", "#include \"drill.h\"\n");
  write("toy/measured.cuh", "#include \"measured.h\"\n");
  write("toy/starter.cu", "#include \"problem.cuh\"\n// starter\n");
  write("toy/rungs/naive.cu", "#include \"problem.cuh\"\n// naive\n");
  write("toy/baselines/cub.cu", "#include \"problem.cuh\"\n// cub\n");
}

}  // namespace drillpress::drill::testing
