// What must hold of the PTX parser on any bytes: it ends, its errors have a place in the text, and a module
// it accepts prints as text that parses to the same module.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "ptx/parser.h"
#include "ptx/printer.h"

namespace {

using namespace drillpress::ptx;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

// The lines of the text are the one thing that printing may change.
void forget_lines(Module& module) {
  for (Function& function : module.functions) {
    function.ptx_line = 0;
    for (Instruction& instruction : function.instructions) instruction.ptx_line = 0;
  }
}

void check(std::string_view text) {
  auto parsed = parse_module(text);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&parsed)) {
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(!errors->empty() && errors->size() <= 20, "1 to 20 errors");
    for (const ParseError& error : *errors) {
      require(error.line >= 1 && error.line <= lines && error.column >= 1, "an error is in the text");
      require(!error.message.empty(), "an error says something");
    }
    return;
  }
  Module& module = std::get<Module>(parsed);
  const std::string printed = render_module(module);
  auto again = parse_module(printed);
  if (const auto* errors = std::get_if<std::vector<ParseError>>(&again)) {
    std::fprintf(stderr, "%s\n%u:%u: %s\n", printed.c_str(), errors->front().line, errors->front().column,
                 errors->front().message.c_str());
  }
  require(std::holds_alternative<Module>(again), "a printed module parses");
  forget_lines(module);
  forget_lines(std::get<Module>(again));
  require(module == std::get<Module>(again), "a printed module parses to itself");
}

}  // namespace

#ifdef DRILLPRESS_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
#else
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::printf("%s\n", entry.path().filename().c_str());
    std::fflush(stdout);
    check(text);
    ++count;
  }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
#endif
