#include "template_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "diagnostics/render.h"

namespace drillpress::test {

namespace fs = std::filesystem;
using namespace templating;

namespace {

const fs::path kData = fs::path(DRILLPRESS_SOURCE_DIR) / "tests/unit/data/template";

Record item_record() {
  return {"item", {{"title", text(), ""}, {"kind", text(), ""}, {"tags", list_of(text()), ""}}};
}

Map item(std::string title, List tags) {
  return {{"title", title}, {"kind", "kind"}, {"tags", std::move(tags)}};
}

void add_reached(const std::string& text, std::vector<TemplateFile>& files, std::set<std::string>& names) {
  for (const fs::path& path : case_files("shared", ".html")) {
    const std::string name = path.filename().string();
    if (text.find("\"" + name + "\"") == std::string::npos || !names.insert(name).second) continue;
    const std::string shared = read_text(path);
    files.push_back({name, base::make_source("shared/" + name, shared)});
    add_reached(shared, files, names);
  }
}

}  // namespace

Record case_record() {
  return {"case view",
          {{"title", text(), ""},
           {"word", text(), ""},
           {"empty", text(), ""},
           {"body", html(), ""},
           {"void", html(), ""},
           {"yes", boolean(), ""},
           {"no", boolean(), ""},
           {"number", integer(), ""},
           {"zero", integer(), ""},
           {"tags", list_of(text()), ""},
           {"none_listed", list_of(text()), ""},
           {"items", list_of(map_of(item_record())), ""},
           {"subtitle", optional(text()), ""},
           {"nothing", optional(text()), ""},
           {"next", optional(map_of(item_record())), ""}}};
}

Map case_view() {
  return {{"title", "A < \"B\" & 'C' > D"},
          {"word", "word"},
          {"empty", ""},
          {"body", Html{"<b>bold</b>"}},
          {"void", Html{""}},
          {"yes", true},
          {"no", false},
          {"number", 3},
          {"zero", 0},
          {"tags", List{"one", "t<o"}},
          {"none_listed", List{}},
          {"items", List{item("First", List{"x", "y"}), item("Second", List{})}},
          {"subtitle", "Second"},
          {"next", item("Next", List{})}};
}

CompiledCase compile_case(const std::string& text) {
  std::vector<TemplateFile> files = {{"case.html", base::make_source("case.html", text)}};
  std::set<std::string> names;
  add_reached(text, files, names);
  diagnostics::Sink sink;
  CompiledCase out{TemplateSet::compile(files, {{"case.html", case_record()}}, sink), {}};
  for (const auto& diagnostic : sink.sorted()) out.findings += diagnostics::render_text(diagnostic);
  return out;
}

std::vector<fs::path> case_files(const std::string& folder, const std::string& extension) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kData / folder)) {
    if (entry.path().extension() == extension) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void check_golden(const fs::path& golden, const std::string& text) {
  if (std::getenv("DRILLPRESS_BLESS")) {
    std::ofstream(golden, std::ios::binary) << text;
    return;
  }
  INFO("golden file " << golden.filename() << " (set DRILLPRESS_BLESS=1 to write it)");
  CHECK(text == (fs::exists(golden) ? read_text(golden) : "<missing>"));
}

}  // namespace drillpress::test
