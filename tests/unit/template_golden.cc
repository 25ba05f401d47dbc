// Cases as files: what good templates write, and what people are told about bad ones.
#include <catch2/catch.hpp>
#include <set>

#include "diagnostics/code.h"
#include "template_cases.h"

namespace drillpress::test {

namespace fs = std::filesystem;

TEST_CASE("good templates write what their golden files say") {
  for (const fs::path& path : case_files("good", ".html")) {
    const CompiledCase compiled = compile_case(read_text(path));
    INFO(path.filename() << "\n" << compiled.findings);
    CHECK(compiled.findings.empty());
    REQUIRE(compiled.set.has_value());
    const auto text = compiled.set->render("case.html", case_view());
    REQUIRE(text.ok());
    check_golden(fs::path(path).replace_extension(".out"), text.value());
  }
}

TEST_CASE("bad templates are explained as their golden files say") {
  for (const fs::path& path : case_files("bad", ".html")) {
    const CompiledCase compiled = compile_case(read_text(path));
    INFO(path.filename());
    CHECK_FALSE(compiled.set.has_value());
    CHECK_FALSE(compiled.findings.empty());
    check_golden(fs::path(path).replace_extension(".stderr"), compiled.findings);
  }
}

TEST_CASE("every golden file belongs to a case") {
  for (const auto& [folder, extension] : {std::pair{"good", ".out"}, {"bad", ".stderr"}}) {
    CHECK(case_files(folder, extension).size() == case_files(folder, ".html").size());
    for (fs::path path : case_files(folder, extension)) {
      INFO(path);
      CHECK(fs::exists(path.replace_extension(".html")));
    }
  }
}

TEST_CASE("every template diagnostic is met by a case") {
  std::string all;
  for (const fs::path& path : case_files("bad", ".stderr")) all += read_text(path);
  for (const auto& row : diagnostics::all_codes()) {
    if (!row.name.starts_with("template-") || row.code == diagnostics::Code::kTemplateUnused) continue;
    INFO(row.name);
    CHECK(all.find("[" + std::string(row.name) + "]") != std::string::npos);
  }
}

}  // namespace drillpress::test
