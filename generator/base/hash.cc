#include "base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace drillpress::base {

std::string content_hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

KeyHasher& KeyHasher::add(std::string_view field) {
  buffer_ += fmt::format("{}:", field.size());
  buffer_ += field;
  return *this;
}

}  // namespace drillpress::base
