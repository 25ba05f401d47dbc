#include "lockstep/touched.h"

namespace drillpress::lockstep {

TouchedBytes::Page& TouchedBytes::page(std::uint64_t number) {
  if (number != last_number_) {
    last_ = &pages_.try_emplace(number, Page{}).first->second;  // stays where it is when others are added
    last_number_ = number;
  }
  return *last_;
}

void TouchedBytes::add(std::uint64_t address, std::uint64_t size_bytes) {
  const std::uint64_t end = address + size_bytes;
  while (address < end) {
    const std::uint64_t bit = address % 64, here = end - address < 64 - bit ? end - address : 64 - bit;
    page(address / kPageBytes)[address % kPageBytes / 64] |= (here == 64 ? ~0ull : (1ull << here) - 1) << bit;
    address += here;
  }
}

void TouchedBytes::merge(const TouchedBytes& other) {
  for (const auto& [number, theirs] : other.pages_) {
    Page& ours = page(number);
    for (std::size_t k = 0; k < ours.size(); ++k) ours[k] |= theirs[k];
  }
}

std::uint64_t TouchedBytes::count() const {
  std::uint64_t bytes = 0;
  for (const auto& [number, page] : pages_) {
    for (const std::uint64_t word : page) bytes += static_cast<std::uint64_t>(__builtin_popcountll(word));
  }
  return bytes;
}

}  // namespace drillpress::lockstep
