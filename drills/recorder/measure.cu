// Times all solutions of one drill and its baselines in one process, in random order, and writes the raw
// samples.
//
//   measure OUT.json SEED rung:naive:naive.so rung:padded:padded.so baseline:cub:cub.so …
//
// Exit status: 0 measured, 1 a contestant was wrong and left out, 2 usage, 3 a CUDA call failed, 4 this is no
// GPU.
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <thread>

#include "contestant.h"
#include "device_facts.h"
#include "measure_report.h"
#include "nvml.h"
#include "rules.h"
#include "stage.h"

namespace drill {
namespace {

// "rung:naive:path"
Solution load_argument(const std::string& argument) {
  const std::size_t first = argument.find(':'), second = argument.find(':', first + 1);
  if (second == std::string::npos) throw std::runtime_error("'" + argument + "' is not KIND:NAME:FILE");
  return Solution::load(argument.substr(first + 1, second - first - 1), argument.substr(0, first),
                        argument.substr(second + 1));
}

// Every contestant computes the reference for itself; they do so at the same time, and the first one's is
// kept.
void define_all(std::vector<Solution>& solutions, std::uint64_t seed) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < solutions.size(); ++i)
    threads.emplace_back([&solutions, seed, i] {
      solutions[i].define(seed);
      if (i > 0) solutions[i].forget();
    });
  for (std::thread& thread : threads) thread.join();
}

// The device's own copy of half as many bytes as the task must move: it reads and writes as much in sum.
struct DeviceCopy {
  explicit DeviceCopy(const Cost& cost)
      : from((cost.bytes_read + cost.bytes_written) / 2), to(from.bytes()) {}
  void run() const {
    check(cudaMemcpyAsync(to.data(), from.data(), from.bytes(), cudaMemcpyDeviceToDevice), "cudaMemcpyAsync");
  }
  DeviceMemory from, to;
};

using Run = std::function<void()>;

class Measurement {
 public:
  Measurement(std::vector<Solution>& solutions, std::uint64_t seed, std::size_t l2_bytes, const Nvml& nvml)
      : model_(*solutions.front().experiment),
        stage_(model_, l2_bytes),
        copy_(model_.cost),
        nvml_(nvml),
        random_(derive_seed("turns", seed)) {
    for (Solution& solution : solutions) {
      stage_.lend(*solution.experiment);
      add(solution.name, solution.kind, [experiment = solution.experiment.get()] { experiment->run(); });
    }
    add("device-copy", "baseline", [this] { copy_.run(); });
  }

  MeasureReport run() {
    verify_all("before timing");
    std::vector<Timed*> active;
    for (Timed& timed : timed_)
      if (timed.contestant->problem.empty()) active.push_back(&timed);
    for (Timed* timed : active)
      for (int i = 0; i < kWarmUps; ++i) stage_.sample_ns(timed->cold, timed->contestant->run);
    take_turns(
        active, random_, [&](Timed& timed) { take(timed); }, [&] { read_clocks(active); });
    verify_all("after timing");
    return report();
  }

 private:
  struct Contestant {
    std::string name, kind;
    Run run;
    std::string problem;  ///< why it does not count; empty when it does
  };
  struct Timed {
    Contestant* contestant;
    bool cold;
    SampleRow row;
    Clocks clocks;
  };

  void add(std::string name, std::string kind, Run run) {
    Contestant& contestant =
        contestants_.emplace_back(Contestant{std::move(name), std::move(kind), std::move(run), ""});
    for (const bool cold : {true, false}) timed_.push_back({&contestant, cold, {}, {}});
  }

  // The copy computes nothing that could be wrong: cudaMemcpy is the device's word.
  void verify_all(const char* when) {
    for (Contestant& contestant : contestants_) {
      if (contestant.name == "device-copy" || !contestant.problem.empty()) continue;
      const std::string problem = stage_.problem_of(contestant.run);
      if (problem.empty()) continue;
      contestant.problem = std::string(when) + ": " + problem;
      std::fprintf(stderr, "%s is left out, %s\n", contestant.name.c_str(), contestant.problem.c_str());
    }
  }

  void take(Timed& timed) {
    const auto begin = std::chrono::steady_clock::now();
    const double sample = stage_.sample_ns(timed.cold, timed.contestant->run);
    timed.row.add(sample, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }

  // At most a hundred readings a second: asking takes time, too.
  void read_clocks(const std::vector<Timed*>& all) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_reading_ < std::chrono::milliseconds(10)) return;
    last_reading_ = now;
    Clocks reading;
    nvml_.read(reading);
    if (reading.readings == 0) return;
    for (Timed* timed : all)
      if (timed->row.stop() == Stop::no || timed->clocks.readings == 0)
        timed->clocks.add(reading.least_sm_mhz, reading.least_celsius, reading.reasons);
  }

  MeasureReport report() const {
    MeasureReport out;
    out.cost = model_.cost;
    out.working_set_bytes = stage_.working_set_bytes();
    for (const Contestant& contestant : contestants_)
      out.contestants.push_back({contestant.name, contestant.kind, contestant.problem});
    for (const Timed& timed : timed_)
      if (timed.contestant->problem.empty())
        out.series.push_back({timed.contestant->name, timed.cold, timed.row, timed.clocks});
    return out;
  }

  const Experiment& model_;
  Stage stage_;
  DeviceCopy copy_;
  const Nvml& nvml_;
  Random random_;
  std::deque<Contestant> contestants_;
  std::deque<Timed> timed_;
  std::chrono::steady_clock::time_point last_reading_;
};

int measure(const std::string& out, std::uint64_t seed, const std::vector<std::string>& arguments) {
  cudaDeviceProp device;
  check(cudaGetDeviceProperties(&device, 0), "cudaGetDeviceProperties");
  if (is_engine(device)) {
    std::fprintf(stderr, "measure: this is the %s: it has no notion of time, and nothing is measured on it\n",
                 device.name);
    return 4;
  }
  char bus_id[32] = {};
  check(cudaDeviceGetPCIBusId(bus_id, sizeof bus_id, 0), "cudaDeviceGetPCIBusId");
  const Nvml nvml(bus_id);
  std::vector<Solution> solutions;
  for (const std::string& argument : arguments) solutions.push_back(load_argument(argument));
  define_all(solutions, seed);

  MeasureReport report =
      Measurement(solutions, seed, static_cast<std::size_t>(device.l2CacheSize), nvml).run();
  report.drill = solutions.front().problem.name;
  report.case_name = solutions.front().measured.which.name();
  report.arithmetic = solutions.front().measured.arithmetic;
  report.seed = seed;
  report.device = render_device(device, nvml);
  if (!write_report(out.c_str(), render(report))) {
    std::fprintf(stderr, "measure: cannot write %s\n", out.c_str());
    return 2;
  }
  std::fputs(render_summary(report).c_str(), stdout);
  for (const auto& contestant : report.contestants)
    if (!contestant.problem.empty()) return 1;
  return 0;
}

}  // namespace
}  // namespace drill

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: measure OUT.json SEED KIND:NAME:FILE.so …\n");
    return 2;
  }
  try {
    return drill::measure(argv[1], std::strtoull(argv[2], nullptr, 10), {argv + 3, argv + argc});
  } catch (const drill::DeviceError& error) {
    std::fprintf(stderr, "measure: %s failed: %s\n", error.call.c_str(), error.error.c_str());
    return 3;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "measure: %s\n", error.what());
    return 2;
  }
}
