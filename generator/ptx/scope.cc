#include "ptx/scope.h"

#include <bit>
#include <cstring>

namespace drillpress::ptx {
namespace {

// Eight bytes at a time, multiplied and folded; the constant is 2^64 divided by the golden ratio.
std::uint64_t hash_of(std::string_view name) {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash = name.size() * kMultiplier;
  const char* at = name.data();
  for (std::size_t left = name.size(); left != 0;) {
    const std::size_t step = left < 8 ? left : 8;
    std::uint64_t word = 0;
    std::memcpy(&word, at, step);
    hash = (std::rotl(hash, 23) ^ word) * kMultiplier;
    hash ^= hash >> 32;
    at += step;
    left -= step;
  }
  return hash;
}

constexpr std::size_t kFirstSlots = 64;

}  // namespace

ScopedNames::ScopedNames() : slots_(kFirstSlots, 0) {}

std::size_t ScopedNames::slot_of(std::string_view name, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.name == name) break;
  }
  return slot;
}

void ScopedNames::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

void ScopedNames::enter() {
  marks_.push_back(hidden_.size());
}

void ScopedNames::leave() {
  for (; hidden_.size() > marks_.back(); hidden_.pop_back()) {
    const Hidden& before = hidden_.back();
    entries_[before.entry].entity = before.entity;
    entries_[before.entry].depth = before.depth;
  }
  marks_.pop_back();
}

bool ScopedNames::declare(std::string_view name, Entity entity) {
  const std::uint64_t hash = hash_of(name);
  std::size_t slot = slot_of(name, hash);
  if (slots_[slot] == 0) {
    if (entries_.size() * 2 >= slots_.size()) {
      grow();
      slot = slot_of(name, hash);
    }
    entries_.push_back({name, hash, {}, 0});
    slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  }
  const std::uint32_t index = slots_[slot] - 1;
  Entry& entry = entries_[index];
  if (entry.entity && entry.depth == depth()) return false;
  if (depth() != 0) hidden_.push_back({index, entry.entity, entry.depth});
  entry.entity = entity;
  entry.depth = depth();
  return true;
}

void ScopedNames::update(std::string_view name, Entity entity) {
  entries_[slots_[slot_of(name, hash_of(name))] - 1].entity = entity;
}

Entity ScopedNames::find(std::string_view name) const {
  if (entries_.empty()) return {};
  const std::size_t slot = slot_of(name, hash_of(name));
  return slots_[slot] == 0 ? Entity{} : entries_[slots_[slot] - 1].entity;
}

Entity ScopedNames::find_innermost(std::string_view name) const {
  if (entries_.empty()) return {};
  const std::size_t slot = slot_of(name, hash_of(name));
  if (slots_[slot] == 0) return {};
  const Entry& entry = entries_[slots_[slot] - 1];
  return entry.depth == depth() ? entry.entity : Entity{};
}

std::string UniqueNames::claim(std::string_view name) {
  std::string own(name);
  auto found = taken_.find(name);
  while (found != taken_.end() && is_taken(own)) {
    const std::uint32_t number = found->second == 0 ? 2 : found->second + 1;
    found->second = number;
    own = std::string(name) + "$" + std::to_string(number);
  }
  taken_.emplace(storage_.emplace_back(own), 0);
  return own;
}

}  // namespace drillpress::ptx
