/// Buffers in device memory for one run, fenced and poisoned, and what the run changed around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "experiment.h"
#include "random.h"

namespace drill {

using Bytes = std::vector<std::byte>;

/// The device as the checks need it: CUDA in drill.h, host memory in the harness's own tests.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::byte* allocate(std::size_t bytes) = 0;  ///< 256-byte aligned; null for 0 bytes
  virtual void release(std::byte* memory) noexcept = 0;
  virtual void upload(std::byte* to, const Bytes& from) = 0;
  virtual void download(Bytes& to, const std::byte* from) = 0;
  /// Launches, waits, and returns the error's text, empty when there was none. `profiled` marks the launch.
  virtual std::string run(const Experiment& experiment, bool profiled) = 0;
  /// False once an error has made the device unusable for this process.
  virtual bool usable() = 0;
};

/// One execution of the solution.
struct Pass {
  const char* name;
  std::size_t guard_bytes;  ///< before and after every buffer
  unsigned char poison;     ///< every byte of outputs and scratch before the run
};
/// Red zones lie inside the allocation, so that the program itself sees stray writes.
inline constexpr Pass kGuarded{"guarded", 64 * 1024, 0xff};
/// The same inputs without red zones: the allocation ends where the data ends, so that a memory checker sees
/// an access one element past it. The other poison keeps an element that nobody writes from looking the same.
inline constexpr Pass kBare{"bare", 0, 0xfe};
/// Guarded again, with inputs from another seed.
inline constexpr Pass kFresh{"fresh", 64 * 1024, 0xff};

/// The red zones' contents: different in every buffer and at every offset, so that copying one red zone onto
/// another shows too.
inline Bytes guard_pattern(std::size_t position, std::size_t bytes) {
  Bytes pattern(bytes);
  Random random(derive_seed("guard", position));
  for (std::size_t at = 0; at < bytes; at += 8) {
    const std::uint64_t word = random.next();
    std::memcpy(pattern.data() + at, &word, bytes - at < 8 ? bytes - at : 8);
  }
  return pattern;
}

/// One buffer for the duration of a run, in one allocation: guard, data, guard.
class Placed {
 public:
  /// `position` is the buffer's place in the declaration; it decides its guard pattern and staggering.
  Placed(Device& device, Buffer& buffer, std::size_t position, Placement placement, const Pass& pass)
      : device_(device), buffer_(buffer) {
    const std::size_t shift = placement == Placement::aligned  ? 0
                              : placement == Placement::offset ? 1
                                                               : position + 1;
    begin_ = pass.guard_bytes + shift * buffer.element_bytes;
    end_ = begin_ + buffer.bytes();
    before_ = guard_pattern(position, end_ + pass.guard_bytes);
    if (buffer.role == Role::input)
      std::copy(buffer.contents.begin(), buffer.contents.end(), before_.data() + begin_);
    else
      std::fill_n(before_.data() + begin_, buffer.bytes(), static_cast<std::byte>(pass.poison));
    memory_ = device.allocate(before_.size());
    device.upload(memory_, before_);
    buffer.device = memory_ + begin_;
  }
  ~Placed() {
    buffer_.device = nullptr;
    device_.release(memory_);
  }
  Placed(const Placed&) = delete;
  Placed& operator=(const Placed&) = delete;

  void fetch() {
    after_.resize(before_.size());
    device_.download(after_, memory_);
  }

  const Buffer& buffer() const { return buffer_; }
  std::uint64_t address() const { return reinterpret_cast<std::uintptr_t>(buffer_.device); }
  /// The data as the run left it. Valid after `fetch`, like everything below.
  Bytes data() const { return {after_.data() + begin_, after_.data() + end_}; }

  /// Bytes that a run changed in the red zones: how many, and the first one's offset from the data's start.
  struct Damage {
    std::size_t bytes = 0;
    std::ptrdiff_t offset = 0;
    int expected = 0, actual = 0;
  };
  Damage red_zone_damage() const {
    Damage damage;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if ((i >= begin_ && i < end_) || before_[i] == after_[i]) continue;
      if (damage.bytes++ > 0) continue;
      damage.offset = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(begin_);
      damage.expected = std::to_integer<int>(before_[i]);
      damage.actual = std::to_integer<int>(after_[i]);
    }
    return damage;
  }

 private:
  Device& device_;
  Buffer& buffer_;
  std::byte* memory_ = nullptr;
  std::size_t begin_ = 0, end_ = 0;
  Bytes before_, after_;
};

}  // namespace drill
