#include <limits>

#include "lockstep/decode.h"

namespace drillpress::lockstep {
namespace {

constexpr std::uint32_t kDone = std::numeric_limits<std::uint32_t>::max();

/// The recursive algorithm of the paper; partitions are kept reversed, so that prepending is push_back.
class Ordering {
 public:
  explicit Ordering(const std::vector<std::vector<std::uint32_t>>& successors)
      : successors_(successors), number_(successors.size(), 0) {}

  std::vector<std::uint32_t> run() {
    std::vector<std::uint32_t> reversed;
    visit(0, reversed);
    return {reversed.rbegin(), reversed.rend()};
  }

 private:
  std::uint32_t visit(std::uint32_t block, std::vector<std::uint32_t>& out) {
    stack_.push_back(block);
    number_[block] = ++count_;
    std::uint32_t head = number_[block];
    bool loop = false;
    for (const std::uint32_t next : successors_[block]) {
      const std::uint32_t least = number_[next] == 0 ? visit(next, out) : number_[next];
      if (least <= head) {
        head = least;
        loop = true;
      }
    }
    if (head != number_[block]) return head;
    number_[block] = kDone;
    std::uint32_t element = stack_.back();
    stack_.pop_back();
    if (!loop) {
      out.push_back(block);
      return head;
    }
    for (; element != block; element = stack_.back(), stack_.pop_back()) number_[element] = 0;
    std::vector<std::uint32_t> component;
    for (const std::uint32_t next : successors_[block]) {
      if (number_[next] == 0) visit(next, component);
    }
    component.push_back(block);
    out.insert(out.end(), component.begin(), component.end());
    return head;
  }

  const std::vector<std::vector<std::uint32_t>>& successors_;
  std::vector<std::uint32_t> number_;
  std::vector<std::uint32_t> stack_;
  std::uint32_t count_ = 0;
};

}  // namespace

std::vector<std::uint32_t> order_blocks(const std::vector<std::vector<std::uint32_t>>& successors) {
  if (successors.empty()) return {};
  return Ordering(successors).run();
}

}  // namespace drillpress::lockstep
