// Content hashes: the identity of inputs, artifacts and records.
#pragma once

#include <string>
#include <string_view>

namespace drillpress::base {

/// XXH3-128 of the bytes as 32 lower-case hexadecimal digits.
std::string content_hash(std::string_view bytes);

/// Hash of a sequence of fields that cannot be confused with another split of the same bytes: each field is
/// preceded by its length.
class KeyHasher {
 public:
  KeyHasher& add(std::string_view field);
  std::string hex() const { return content_hash(buffer_); }

 private:
  std::string buffer_;
};

}  // namespace drillpress::base
