/// Runs one case and checks everything that can be checked from outside the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "checks.h"
#include "compare.h"
#include "experiment.h"
#include "placed.h"
#include "random.h"

namespace drill {

/// A check that failed, one of the first six of checks.h.
struct Failure {
  std::string check;
  std::string run;      ///< name of the pass; empty for `zeros`
  std::string buffer;   ///< empty for `launch`
  std::string message;  ///< what the numbers do not say
  // Zero for `launch` and `zeros`; else the first wrong element (in a red zone: byte) and how many there are.
  std::size_t mismatches = 0;
  std::ptrdiff_t index = 0;  ///< of the element; negative or past the end in a red zone
  Shape coordinates;         ///< the index as row-major coordinates; empty in a red zone
  double expected = 0, actual = 0, tolerance = 0;
  std::uint64_t address = 0;  ///< on the device
};

struct CaseResult {
  std::string name;
  std::size_t elements = 0;
  double max_error = 0;  ///< over every output element that was compared with the reference
  double tolerance = 0;  ///< of the element with that error
  Cost cost;
  std::vector<Failure> failures;
  bool finished = false;  ///< false when a run is missing: after an error, here or in another case
  bool passed() const { return failures.empty() && finished; }
};

inline Shape coordinates_of(std::size_t index, const Shape& shape) {
  Shape coordinates(shape.size());
  for (std::size_t d = shape.size(); d-- > 0; index /= shape[d]) coordinates[d] = index % shape[d];
  return coordinates;
}

/// The i-th element of `data`, which has `buffer`'s type.
inline Actual element(const Buffer& buffer, const Bytes& data, std::size_t i, unsigned char poison) {
  const std::byte* first = data.data() + i * buffer.element_bytes;
  bool poisoned = true;
  for (std::size_t b = 0; b < buffer.element_bytes; ++b)
    poisoned &= first[b] == static_cast<std::byte>(poison);
  return {buffer.widen(first), poisoned};
}

/// The checks of one run, each appending to `failures` what it finds.
struct Checks {
  const Pass& pass;
  const Without& without;
  CaseResult& result;

  /// `value`: every element of an output against the reference.
  void value(const Placed& placed, const Bytes& data) {
    if (without("value")) return;
    const Buffer& buffer = placed.buffer();
    const auto actual = [&](std::size_t i) { return element(buffer, data, i, pass.poison); };
    const Comparison compared = compare(buffer.expected, actual);
    if (compared.max_error >= result.max_error) {
      result.max_error = compared.max_error;
      result.tolerance = compared.tolerance;
    }
    if (compared.mismatches == 0) return;
    const Actual first = actual(compared.first);
    Failure& failure = add_located("value", placed, compared.mismatches, compared.first);
    failure.expected = buffer.expected[compared.first].value;
    failure.tolerance = buffer.expected[compared.first].tolerance;
    failure.actual = first.value;
    if (first.poisoned) failure.message = "never written";
  }

  /// `inputs` and `rerun`: `data` must have exactly the bits of `reference`.
  void bits(const char* check, const Placed& placed, const Bytes& reference, const Bytes& data) {
    if (without(check)) return;
    const Buffer& buffer = placed.buffer();
    std::size_t mismatches = 0, first = 0;
    for (std::size_t at = 0; at < data.size(); at += buffer.element_bytes)
      if (std::memcmp(&reference[at], &data[at], buffer.element_bytes) != 0 && mismatches++ == 0) first = at;
    if (mismatches == 0) return;
    Failure& failure = add_located(check, placed, mismatches, first / buffer.element_bytes);
    failure.expected = buffer.widen(&reference[first]);
    failure.actual = buffer.widen(&data[first]);
  }

  /// `redzone`: nothing around the buffer may have changed.
  void red_zones(const Placed& placed) {
    if (without("redzone")) return;
    const Placed::Damage damage = placed.red_zone_damage();
    if (damage.bytes == 0) return;
    Failure& failure = add("redzone", placed);
    const auto size = static_cast<std::ptrdiff_t>(placed.buffer().element_bytes);
    failure.index = damage.offset >= 0 ? damage.offset / size : -((size - 1 - damage.offset) / size);
    failure.expected = damage.expected;
    failure.actual = damage.actual;
    failure.address = placed.address() + static_cast<std::uint64_t>(damage.offset);
    failure.mismatches = damage.bytes;
    failure.message = "bytes outside the buffer changed";
  }

  /// `launch`: the CUDA error of the launch or the kernel; false when there is one.
  bool launch(const std::string& error) {
    if (error.empty() || without("launch")) return true;
    Failure failure;
    failure.check = "launch";
    failure.run = pass.name;
    failure.message = error;
    result.failures.push_back(std::move(failure));
    return false;
  }

 private:
  Failure& add(const char* check, const Placed& placed) {
    Failure failure;
    failure.check = check;
    failure.run = pass.name;
    failure.buffer = placed.buffer().name;
    result.failures.push_back(std::move(failure));
    return result.failures.back();
  }

  /// `mismatches` elements are wrong, the one at `index` first.
  Failure& add_located(const char* check, const Placed& placed, std::size_t mismatches, std::size_t index) {
    Failure& failure = add(check, placed);
    failure.mismatches = mismatches;
    failure.index = static_cast<std::ptrdiff_t>(index);
    failure.coordinates = coordinates_of(index, placed.buffer().shape);
    failure.address = placed.address() + index * placed.buffer().element_bytes;
    return failure;
  }
};

/// `zeros`: a check of the check. Unless the reference is all zeros, an output of zeros must not pass.
inline void check_zeros(const Buffer& buffer, CaseResult& result) {
  bool trivial = true;
  for (const Expected& expected : buffer.expected) trivial &= expected.value == 0;
  if (trivial || compare(buffer.expected, [](std::size_t) { return Actual{}; }).mismatches > 0) return;
  Failure failure;
  failure.check = "zeros";
  failure.buffer = buffer.name;
  failure.message = "the tolerance is so wide that an output of zeros passes";
  result.failures.push_back(std::move(failure));
}

/// What a run's outputs are held to: the reference, the bits of the run before, or nothing.
enum class Against { reference, earlier_run, nothing };

/// One case on its way through its runs: `run_guarded` for every case of a drill first, `run_bare` for every
/// case after that. A bare run may end the device for this process, and then all that could be compared has
/// been. Where the device is gone already, a run is left out and the case stays unfinished.
class Verification {
 public:
  Verification(const Problem& problem, const Case& which, std::uint64_t seed, const Without& without = {})
      : problem_(problem),
        seed_(seed),
        without_(without),
        experiment_(which, derive_seed(which.name(), seed)) {
    problem.define(experiment_);
    result.name = which.name();
    result.elements = element_count(which.shape);
    result.cost = experiment_.cost;
    if (without_("zeros")) return;
    for (const Buffer& buffer : experiment_.buffers) check_zeros(buffer, result);
  }

  /// Against the reference, and when that was right once more on fresh data.
  void run_guarded(Device& device, bool profiled) {
    if (!device.usable()) return;
    ran_ = run_pass(kGuarded, experiment_, device, profiled, Against::reference, outputs_);
    if (!result.failures.empty() || without_("fresh")) return;
    Experiment fresh(experiment_.which(), derive_seed(result.name + " fresh", seed_));
    problem_.define(fresh);
    std::vector<Bytes> outputs;
    ran_ = run_pass(kFresh, fresh, device, false, Against::reference, outputs);
  }

  /// Must repeat the guarded run bit for bit; against the reference where the problem allows differences, and
  /// against nothing once a value was wrong: then only its memory accesses matter.
  void run_bare(Device& device) {
    if (!ran_ || !device.usable()) return;
    result.finished = true;
    if (without_("bare")) return;
    Against against = problem_.bit_identical ? Against::earlier_run : Against::reference;
    for (const Failure& failure : result.failures)
      if (failure.check == "value") against = Against::nothing;
    run_pass(kBare, experiment_, device, false, against, outputs_);
  }

  CaseResult result;

 private:
  /// One run of the solution. Outputs compared with the reference are stored in `outputs`, those compared
  /// with an earlier run are compared with what it stored there. False after a CUDA error.
  bool run_pass(Pass pass, Experiment& experiment, Device& device, bool profiled, Against against,
                std::vector<Bytes>& outputs) {
    if (without_("poison")) pass.poison = 0;
    std::deque<Placed> placed;
    for (std::size_t i = 0; i < experiment.buffers.size(); ++i)
      placed.emplace_back(device, experiment.buffers[i], i, experiment.which().placement, pass);

    Checks checks{pass, without_, result};
    if (!checks.launch(device.run(experiment, profiled))) return false;
    if (against == Against::reference) outputs.clear();
    std::size_t output = 0;
    for (Placed& one : placed) {
      one.fetch();
      const Bytes data = one.data();
      if (one.buffer().role == Role::input) {
        checks.bits("inputs", one, one.buffer().contents, data);
      } else if (one.buffer().role == Role::output && against == Against::reference) {
        checks.value(one, data);
        outputs.push_back(data);
      } else if (one.buffer().role == Role::output && against == Against::earlier_run) {
        checks.bits("rerun", one, outputs[output++], data);
      }
      checks.red_zones(one);
    }
    return true;
  }

  const Problem& problem_;
  std::uint64_t seed_;
  Without without_;
  Experiment experiment_;
  std::vector<Bytes> outputs_;
  bool ran_ = false;
};

}  // namespace drill
