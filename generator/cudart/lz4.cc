#include "cudart/lz4.h"

#include <optional>

namespace drillpress::cudart {
namespace {

constexpr std::size_t kExtendedLength = 15;  // a nibble of 15 says that more length bytes follow
constexpr std::size_t kMinimumMatch = 4;

/// Reads the block front to back; every accessor says whether the bytes were there.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool at_end() const { return position_ == bytes_.size(); }

  std::optional<std::uint8_t> byte() {
    if (at_end()) return std::nullopt;
    return bytes_[position_++];
  }

  std::optional<std::span<const std::uint8_t>> take(std::size_t count) {
    if (count > bytes_.size() - position_) return std::nullopt;
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }

  /// A length whose first part is a nibble of the token; 255 means that another byte follows.
  std::optional<std::size_t> length(std::size_t nibble) {
    std::size_t total = nibble;
    if (nibble != kExtendedLength) return total;
    for (;;) {
      const auto more = byte();
      if (!more) return std::nullopt;
      total += *more;
      if (*more != 255) return total;
    }
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
};

base::Failure corrupt(const char* what) {
  return {std::string("corrupt lz4 block: ") + what};
}

}  // namespace

base::Result<std::vector<std::uint8_t>> decode_lz4_block(std::span<const std::uint8_t> block,
                                                         std::size_t size_bytes) {
  // One input byte expands to at most 255 output bytes: refuse a declared size that no input could fill
  // before allocating for it.
  if (size_bytes / 255 > block.size()) return corrupt("the declared size cannot be reached");
  std::vector<std::uint8_t> out;
  out.reserve(size_bytes);
  Reader in(block);
  while (!in.at_end()) {
    const std::uint8_t token = *in.byte();
    const auto literal_count = in.length(token >> 4);
    if (!literal_count) return corrupt("truncated literal length");
    const auto literals = in.take(*literal_count);
    if (!literals) return corrupt("truncated literals");
    if (literals->size() > size_bytes - out.size()) return corrupt("more output than declared");
    out.insert(out.end(), literals->begin(), literals->end());
    if (in.at_end()) break;  // the last sequence has no match

    const auto low = in.byte();
    const auto high = in.byte();
    if (!low || !high) return corrupt("truncated offset");
    const std::size_t offset = *low | (static_cast<std::size_t>(*high) << 8);
    if (offset == 0 || offset > out.size()) return corrupt("offset before the start");
    const auto extra = in.length(token & 15U);
    if (!extra) return corrupt("truncated match length");
    const std::size_t count = *extra + kMinimumMatch;
    if (count > size_bytes - out.size()) return corrupt("more output than declared");
    // Byte by byte: a match may overlap the bytes that it writes.
    for (std::size_t i = 0; i < count; ++i) out.push_back(out[out.size() - offset]);
  }
  if (out.size() != size_bytes) return corrupt("less output than declared");
  return out;
}

}  // namespace drillpress::cudart
