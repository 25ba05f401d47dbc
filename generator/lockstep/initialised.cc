#include "lockstep/initialised.h"

#include <sys/mman.h>

#include <algorithm>

namespace drillpress::lockstep {
namespace {

/// Bits [from, to) of a word, to ≤ 64.
std::uint64_t mask(std::uint64_t from, std::uint64_t to) {
  const std::uint64_t below = to == 64 ? ~0ull : (1ull << to) - 1;
  return below & ~((1ull << from) - 1);
}

/// Calls f(word, bits of it) for each word of 64 bytes' bits that [begin, begin + size_bytes) has a part of.
template <typename F>
void for_each_word(std::uint64_t begin, std::uint64_t size_bytes, F f) {
  const std::uint64_t end = begin + size_bytes;
  for (std::uint64_t at = begin; at < end;) {
    const std::uint64_t word = at / 64, from = at % 64;
    const std::uint64_t to = std::min<std::uint64_t>(64, from + end - at);
    f(word, mask(from, to));
    at += to - from;
  }
}

}  // namespace

InitialisedBytes::~InitialisedBytes() {
  if (words_ != nullptr) munmap(words_, word_count_ * sizeof(std::uint64_t));
}

bool InitialisedBytes::reserve(std::uint64_t base, std::uint64_t size_bytes) {
  word_count_ = (size_bytes + 63) / 64 + 1;
  void* words = mmap(nullptr, word_count_ * sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (words == MAP_FAILED) return false;
  base_ = base;
  words_ = static_cast<std::uint64_t*>(words);
  return true;
}

void InitialisedBytes::set(std::uint64_t address, std::uint64_t size_bytes, bool value) {
  for_each_word(address - base_, size_bytes, [&](std::uint64_t word, std::uint64_t bits) {
    words_[word] = value ? words_[word] | bits : words_[word] & ~bits;
  });
}

void InitialisedBytes::copy(std::uint64_t destination, std::uint64_t source, std::uint64_t size_bytes) {
  // Ranges may overlap as those of memmove.
  const bool backwards = destination > source;
  constexpr std::uint64_t kStep = 32;
  for (std::uint64_t done = 0; done < size_bytes;) {
    const std::uint64_t step = std::min(kStep, size_bytes - done);
    const std::uint64_t at = backwards ? size_bytes - done - step : done;
    const std::uint32_t present = bits(source + at, static_cast<std::uint32_t>(step));
    for (std::uint64_t k = 0; k < step; ++k) set(destination + at + k, 1, (present >> k & 1u) != 0);
    done += step;
  }
}

bool InitialisedBytes::all(std::uint64_t address, std::uint64_t size_bytes) const {
  bool all = true;
  for_each_word(address - base_, size_bytes,
                [&](std::uint64_t word, std::uint64_t bits) { all = all && (words_[word] & bits) == bits; });
  return all;
}

std::uint32_t InitialisedBytes::bits(std::uint64_t address, std::uint32_t size_bytes) const {
  const std::uint64_t at = address - base_;
  std::uint64_t bits = words_[at / 64] >> (at % 64);
  if (at % 64 != 0) bits |= words_[at / 64 + 1] << (64 - at % 64);
  return static_cast<std::uint32_t>(bits & mask(0, size_bytes));
}

}  // namespace drillpress::lockstep
