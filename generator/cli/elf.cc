#include "cli/elf.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace drillpress::cli {
namespace {

template <typename T>
std::optional<T> read(std::string_view file, std::uint64_t offset) {
  T value;
  if (offset > file.size() || sizeof value > file.size() - offset) return std::nullopt;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

/// Where the byte that the program would see at `address` is in the file.
std::optional<std::uint64_t> file_offset(std::string_view file, const Elf64_Ehdr& header,
                                         std::uint64_t address) {
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    const auto segment = read<Elf64_Phdr>(file, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
        address - segment->p_vaddr < segment->p_filesz) {
      return segment->p_offset + (address - segment->p_vaddr);
    }
  }
  return std::nullopt;
}

// Such libraries, and what the names of their functions that need a GPU begin with.
struct GpuLibrary {
  std::string_view file, function;
};
using namespace std::string_view_literals;
constexpr GpuLibrary kGpuLibraries[] = {
    {"libcublas.so", "cublas"},
    {"libcublasLt.so", "cublasLt"},
    {"libcudnn", "cudnn"},
    {"libcufft.so", "cufft"},
    {"libcufftw.so", "fftw"},
    {"libcurand.so", "curandCreateGenerator\0"sv},  // there are generators on the host, too
    {"libcusolver", "cusolver"},
    {"libcusparse.so", "cusparse"},
    {"libnccl.so", "nccl"},
    {"libnpp", "npp"},
    {"libnvjpeg.so", "nvjpeg"},
};

}  // namespace

std::string called_gpu_library(std::string_view file, const std::vector<std::string>& libraries) {
  for (const GpuLibrary& library : kGpuLibraries) {
    const auto needed = std::find_if(libraries.begin(), libraries.end(),
                                     [&](const std::string& name) { return name.starts_with(library.file); });
    if (needed == libraries.end()) continue;
    // A called function is named in the table of dynamic strings, where a zero goes before each name.
    if (file.find('\0' + std::string(library.function)) != std::string_view::npos) return *needed;
  }
  return "";
}

std::optional<std::vector<std::string>> needed_libraries(std::string_view file) {
  const auto header = read<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) return std::nullopt;
  std::vector<std::uint64_t> offsets;
  std::uint64_t strings = 0;
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const auto segment = read<Elf64_Phdr>(file, header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return std::nullopt;
    if (segment->p_type != PT_DYNAMIC) continue;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= segment->p_filesz; at += sizeof(Elf64_Dyn)) {
      const auto entry = read<Elf64_Dyn>(file, segment->p_offset + at);
      if (!entry) return std::nullopt;
      if (entry->d_tag == DT_NULL) break;
      if (entry->d_tag == DT_NEEDED) offsets.push_back(entry->d_un.d_val);
      if (entry->d_tag == DT_STRTAB) strings = entry->d_un.d_ptr;
    }
  }
  std::vector<std::string> names;
  if (offsets.empty()) return names;
  const auto table = file_offset(file, *header, strings);
  if (!table) return std::nullopt;
  for (const std::uint64_t offset : offsets) {
    if (*table + offset >= file.size()) return std::nullopt;
    const std::string_view rest = file.substr(*table + offset);
    names.emplace_back(rest.substr(0, rest.find('\0')));
  }
  return names;
}

}  // namespace drillpress::cli
