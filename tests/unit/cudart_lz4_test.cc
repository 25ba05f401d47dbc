#include <catch2/catch.hpp>
#include <string>

#include "cudart/lz4.h"

using drillpress::cudart::decode_lz4_block;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string text(const Bytes& block, std::size_t size) {
  const auto decoded = decode_lz4_block(block, size);
  return decoded.ok() ? std::string(decoded.value().begin(), decoded.value().end())
                      : "failure: " + decoded.error();
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("literals alone") {
  CHECK(text({0x00}, 0).empty());
  CHECK(text(Bytes{0x50} + bytes("hello"), 5) == "hello");
  CHECK(text(Bytes{0xf0, 0x01} + bytes("sixteen letters!"), 16) == "sixteen letters!");
}

TEST_CASE("a match repeats earlier output, overlapping its own") {
  // literals "ab", match of 4 + 4 at distance 2, then the last literal
  CHECK(text(Bytes{0x24} + bytes("ab") + Bytes{2, 0, 0x10} + bytes("!"), 11) == "ababababab!");
}

TEST_CASE("long lengths take more bytes") {
  const std::string want(1 + 4 + 15 + 255 + 7, 'x');
  CHECK(text(Bytes{0x1f} + bytes("x") + Bytes{1, 0, 255, 7, 0x00}, want.size()) == want);
  const std::string literals(15 + 255 + 255 + 3, 'y');
  CHECK(text(Bytes{0xf0, 255, 255, 3} + bytes(literals), literals.size()) == literals);
}

TEST_CASE("corrupt blocks are failures") {
  const auto fails = [](const Bytes& block, std::size_t size, const std::string& why) {
    const auto decoded = decode_lz4_block(block, size);
    return !decoded.ok() && decoded.error() == "corrupt lz4 block: " + why;
  };
  CHECK(fails(Bytes{0x50} + bytes("hell"), 5, "truncated literals"));
  CHECK(fails({0xf0, 255}, 300, "truncated literal length"));
  CHECK(fails(Bytes{0x50} + bytes("hello"), 4, "more output than declared"));
  CHECK(fails(Bytes{0x50} + bytes("hello"), 6, "less output than declared"));
  CHECK(fails({}, 1, "less output than declared"));
  CHECK(fails(Bytes{0x10} + bytes("a") + Bytes{0, 0}, 9, "offset before the start"));
  CHECK(fails(Bytes{0x10} + bytes("a") + Bytes{2, 0}, 9, "offset before the start"));
  CHECK(fails(Bytes{0x10} + bytes("a") + Bytes{1}, 9, "truncated offset"));
  CHECK(fails(Bytes{0x1f} + bytes("a") + Bytes{1, 0}, 90, "truncated match length"));
  CHECK(fails(Bytes{0x14} + bytes("a") + Bytes{1, 0, 0}, 5, "more output than declared"));
  CHECK(fails({0x00}, std::size_t{1} << 40, "the declared size cannot be reached"));
}
