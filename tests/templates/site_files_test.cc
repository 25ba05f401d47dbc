// The site's own files: what site.yaml names is there, nothing lies unused, and the weight stays within its
// budget.
#include <algorithm>
#include <catch2/catch.hpp>

#include "site_assets.h"
#include "template/embedded.h"

namespace drillpress::test {

TEST_CASE("site.yaml names every part of the styles and scripts, once") {
  for (const auto& [block, extension] :
       {std::pair<std::string, std::string>{"styles", "css"}, {"scripts", "js"}}) {
    std::vector<std::string> named = joined_parts(block, block, extension).parts;
    if (block == "scripts") {
      for (const JoinedParts& script : page_scripts())
        named.insert(named.end(), script.parts.begin(), script.parts.end());
    }
    std::sort(named.begin(), named.end());
    std::vector<std::string> present;
    for (const auto& file : templating::embedded_files()) {
      if (file.path.starts_with("site/" + block + "/")) present.emplace_back(file.path);
    }
    CHECK(named == present);
  }
}

TEST_CASE("styles and scripts stay small and plain") {
  const std::string styles = join_parts(joined_parts("styles", "styles", "css"));
  const std::string scripts =
      join_parts(joined_parts("scripts", "scripts", "js")) + read_embedded("site/assets/theme.js");
  CHECK(styles.size() < 44'000);  // 40 KB, 2 KB for quizzes and 2 KB for worksheets on screen and paper
  CHECK(scripts.size() < 15'000);
  std::string all_scripts = scripts;
  for (const JoinedParts& script : page_scripts()) {
    const std::string one = join_parts(script);
    INFO(script.output);
    CHECK(one.size() < 16'000);  // loaded by one kind of page
    all_scripts += one;
  }
  CHECK(styles.find("url(") == std::string::npos);
  CHECK(styles.find("@import") == std::string::npos);
  for (const char* banned : {"import ", "export ", "eval(", "innerHTML", ".style.", "http:", "https:"}) {
    INFO(banned);
    CHECK(all_scripts.find(banned) == std::string::npos);
  }
}

TEST_CASE("what the search loads is there and as strict as the rest") {
  const JoinedParts search = joined_parts("search", "search", "js");
  std::string script;
  for (const std::string& part : search.parts) script += read_embedded(part);
  CHECK(script.size() < 32'000);
  CHECK(read_embedded("site/search/search.css").size() < 6'000);
  CHECK_FALSE(read_embedded("site/search-synonyms.yaml").empty());
  for (const char* banned :
       {"import ", "export ", "eval(", "innerHTML", ".style.", "http:", "https:", "setAttribute('style"}) {
    INFO(banned);
    CHECK(script.find(banned) == std::string::npos);
  }
}

TEST_CASE("embedded files are sorted, whole, and found by path") {
  const auto& files = templating::embedded_files();
  CHECK(std::is_sorted(files.begin(), files.end(),
                       [](const auto& a, const auto& b) { return a.path < b.path; }));
  for (const auto& file : files) {
    INFO(file.path);
    REQUIRE(templating::find_embedded_file(file.path) == &file);
    REQUIRE_FALSE(file.bytes.empty());
    CHECK(file.bytes.back() == '\n');
  }
  CHECK(templating::find_embedded_file("templates/none.html") == nullptr);
}

}  // namespace drillpress::test
