// What cp.async has begun and no wait has completed yet: the bytes reach shared memory at the wait, so that a
// program that reads them without one sees what was there before.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace drillpress::lockstep {

class AsyncCopies {
 public:
  struct Copy {
    char* to = nullptr;
    std::uint32_t lane = 0;
    std::uint32_t group = 0;  ///< of the lane, counted from 0
    std::uint32_t bytes = 0;
    char data[16] = {};  ///< as the source was when the copy began
  };

  /// Adds a copy to the open group of its lane.
  void begin(Copy copy) {
    copy.group = committed_[copy.lane];
    pending_.push_back(copy);
    count(copy, 1);
  }
  void commit(std::uint32_t lane) { ++committed_[lane]; }
  /// Completes the lane's committed groups, all but the `newest` last ones.
  void wait_group(std::uint32_t lane, std::uint32_t newest) {
    const std::uint32_t committed = committed_[lane];
    complete(lane, committed > newest ? committed - newest : 0);
  }
  void wait_all(std::uint32_t lane) { complete(lane, committed_[lane] + 1); }
  bool empty() const { return pending_.empty(); }
  /// Forgets all. `by_word`, if not null, counts from here on the copies under way to every four bytes of the
  /// shared memory that begins at `shared`.
  void clear(const char* shared, std::uint32_t* by_word) {
    pending_.clear();
    std::memset(committed_, 0, sizeof committed_);
    shared_ = shared;
    by_word_ = by_word;
  }

 private:
  /// Copies of the lane's groups before `end`, in the order in which they began.
  void complete(std::uint32_t lane, std::uint32_t end) {
    std::size_t kept = 0;
    for (std::size_t k = 0; k < pending_.size(); ++k) {
      const Copy& copy = pending_[k];
      if (copy.lane == lane && copy.group < end) {
        std::memcpy(copy.to, copy.data, copy.bytes);
        count(copy, -1);
      } else {
        if (kept != k) pending_[kept] = copy;
        ++kept;
      }
    }
    pending_.resize(kept);
  }

  void count(const Copy& copy, int change) {
    if (by_word_ == nullptr) return;
    const auto first = static_cast<std::size_t>(copy.to - shared_) / 4;
    for (std::size_t k = 0; k < copy.bytes / 4; ++k)
      by_word_[first + k] += static_cast<std::uint32_t>(change);
  }

  std::vector<Copy> pending_;
  const char* shared_ = nullptr;
  std::uint32_t* by_word_ = nullptr;
  std::uint32_t committed_[32] = {};
};

}  // namespace drillpress::lockstep
