// What the installed nvcc makes of CUDA C++ parses without an error, whole, and prints as PTX that ptxas
// accepts. Without a toolkit these tests say that they were skipped.
#include <cstdlib>

#include "ptx/printer.h"
#include "ptx_fixture.h"

using namespace ptx_test;

namespace {

namespace fs = std::filesystem;

/// The tool's path in the toolkit, or empty.
std::string find_tool(const std::string& name) {
  for (const std::string& path : {"/usr/local/cuda/bin/" + name, "/usr/bin/" + name}) {
    if (fs::exists(path)) return path;
  }
  return {};
}

/// A folder for one test's files, removed at its end.
class Workspace {
 public:
  explicit Workspace(const std::string& name)
      : path_(fs::path(DRILLPRESS_BINARY_DIR) / "ptx_nvcc_test" / name) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Workspace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  fs::path operator/(const std::string& file) const { return path_ / file; }

 private:
  fs::path path_;
};

int run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str());
}

struct Compilation {
  const char* file;
  const char* architecture;
  const char* flags;
};
const Compilation kCompilations[] = {
    {"everyday.cu", "90", "-lineinfo"},
    {"libraries.cu", "90", "-lineinfo"},
    {"tensor.cu", "90a", "-G"},
};

}  // namespace

TEST_CASE("nvcc's output parses whole", "[ptx][nvcc]") {
  const std::string nvcc = find_tool("nvcc"), ptxas = find_tool("ptxas");
  if (nvcc.empty() || ptxas.empty()) {
    WARN("skipped: no CUDA toolkit");
    return;
  }
  for (const Compilation& c : kCompilations) {
    CAPTURE(c.file, c.architecture, c.flags);
    const Workspace workspace(std::string(c.file) + c.architecture + c.flags);
    const fs::path source = fs::path(DRILLPRESS_SOURCE_DIR) / "tests/unit/data/ptx" / c.file;
    const fs::path output = workspace / "out.ptx";
    REQUIRE(run(nvcc + " -std=c++17 -ptx -arch=compute_" + c.architecture + " " + c.flags + " " +
                source.string() + " -o " + output.string()) == 0);
    const std::string text = load(output);
    Module module = parse_whole(text);

    std::size_t instructions = 0, places = 0;
    for (const Function& function : module.functions) {
      instructions += function.instructions.size();
      for (const Instruction& instruction : function.instructions)
        places += instruction.location.line != 0 ? 1 : 0;
    }
    CHECK(instructions == count_instructions(text));
    CHECK(instructions > 50);
    if (std::string(c.flags) == "-lineinfo") {
      CHECK(places > instructions / 2);
      REQUIRE_FALSE(module.inline_sites.empty());
      for (const InlineSite& site : module.inline_sites) CHECK_FALSE(site.function.empty());
    }

    const std::string printed = render_module(module);
    Module again = parse_whole(printed);
    forget_lines(module);
    forget_lines(again);
    CHECK(again == module);
    const fs::path printed_path = workspace / "printed.ptx";
    std::ofstream(printed_path) << printed;
    CHECK(run(ptxas + " -arch=sm_" + c.architecture + " " + printed_path.string() + " -o /dev/null") == 0);
  }
}

TEST_CASE("hand-written modules, and what they print as, are PTX to ptxas", "[ptx][nvcc]") {
  const std::string ptxas = find_tool("ptxas");
  if (ptxas.empty()) {
    WARN("skipped: no CUDA toolkit");
    return;
  }
  const Workspace workspace("hand-written");
  for (const fs::path& file : data_files()) {
    CAPTURE(file.filename().string());
    const Module module = parse_whole(load(file));
    const fs::path printed = workspace / "printed.ptx";
    std::ofstream(printed) << render_module(module);
    for (const fs::path& text : {file, printed}) {
      CHECK(run(ptxas + " -arch=" + module.target + " " + text.string() + " -o /dev/null") == 0);
    }
  }
}
