// Which bytes of the device's window have been written: one bit a byte, in memory that is only used where a
// bit was ever set.
#pragma once

#include <cstdint>

namespace drillpress::lockstep {

/// Bits for the bytes of [base, base + size). All are clear at first.
class InitialisedBytes {
 public:
  InitialisedBytes() = default;
  ~InitialisedBytes();
  InitialisedBytes(const InitialisedBytes&) = delete;
  InitialisedBytes& operator=(const InitialisedBytes&) = delete;

  /// False: there is no address space left for the bits (an eighth of `size_bytes`).
  bool reserve(std::uint64_t base, std::uint64_t size_bytes);
  bool active() const { return words_ != nullptr; }

  /// Ranges lie within the window.
  void set(std::uint64_t address, std::uint64_t size_bytes, bool value);
  void copy(std::uint64_t destination, std::uint64_t source, std::uint64_t size_bytes);
  bool all(std::uint64_t address, std::uint64_t size_bytes) const;
  /// Bit k is that of byte address + k; at most 32 bytes.
  std::uint32_t bits(std::uint64_t address, std::uint32_t size_bytes) const;

 private:
  std::uint64_t base_ = 0;
  std::uint64_t word_count_ = 0;
  std::uint64_t* words_ = nullptr;
};

}  // namespace drillpress::lockstep
