// Any bytes as a fat binary: read, chosen from and unpacked without a crash. As a libFuzzer target, and as a
// program that replays files.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "cudart/fatbin.h"
#include "cudart/lz4.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cudart = drillpress::cudart;
  const std::span<const std::uint8_t> bytes(data, size);
  (void)cudart::decode_lz4_block(bytes, size * 3);
  const auto entries = cudart::parse_fatbin(bytes);
  if (!entries.ok()) return 0;
  (void)cudart::select_ptx(entries.value(), 90);
  (void)cudart::explain_no_ptx(entries.value(), 90);
  for (const cudart::FatbinEntry& entry : entries.value()) {
    // Unpacking allocates what a header declares; a fuzzer would only find out how much memory there is.
    if (entry.unpacked_bytes < (1U << 24)) (void)cudart::unpack_ptx(entry);
  }
  return 0;
}

#ifndef DRILLPRESS_LIBFUZZER
int main(int count, char** arguments) {
  int replayed = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& file : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      // And every shorter file, with no byte beyond its end in the same allocation.
      for (std::size_t size = 0; size < bytes.size(); size += 1 + bytes.size() / 500) {
        const std::vector<std::uint8_t> part(bytes.begin(),
                                             bytes.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(part.data(), part.size());
      }
      ++replayed;
    }
  }
  std::printf("%d files replayed\n", replayed);
  return replayed > 0 ? 0 : 1;
}
#endif
