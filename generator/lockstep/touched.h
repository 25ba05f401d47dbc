// Which bytes of global memory a launch loaded or stored at least once.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

namespace drillpress::lockstep {

class TouchedBytes {
 public:
  void add(std::uint64_t address, std::uint64_t size_bytes);
  /// Adds all of the other's.
  void merge(const TouchedBytes& other);
  std::uint64_t count() const;

 private:
  static constexpr std::uint32_t kPageBytes = 4096;
  using Page = std::array<std::uint64_t, kPageBytes / 64>;  ///< one bit a byte

  Page& page(std::uint64_t number);

  std::unordered_map<std::uint64_t, Page> pages_;  ///< by address / kPageBytes
  std::uint64_t last_number_ = ~0ull;              ///< neighbouring lanes mostly stay in one page
  Page* last_ = nullptr;
};

}  // namespace drillpress::lockstep
