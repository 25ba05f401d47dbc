// Every built-in template compiles against its view and renders its sample; the pages are left as a preview.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "diagnostics/render.h"
#include "pipeline/view_schema.h"
#include "sample_pages.h"
#include "site_assets.h"
#include "template/embedded.h"
#include "template/template.h"

namespace drillpress::test {
namespace {

using templating::TemplateSet;

TemplateSet built_in_templates() {
  constexpr std::string_view kFolder = "templates/";
  std::vector<templating::TemplateFile> files;
  for (const auto& file : templating::embedded_files()) {
    if (!file.path.starts_with(kFolder) || !file.path.ends_with(".html")) continue;
    files.push_back({std::string(file.path.substr(kFolder.size())),
                     base::make_source(std::string(file.path), std::string(file.bytes))});
  }
  diagnostics::Sink sink;
  auto set = TemplateSet::compile(files, pipeline::view_schema(), sink);
  std::string findings;
  for (const auto& diagnostic : sink.sorted()) findings += diagnostics::render_text(diagnostic);
  INFO(findings);
  REQUIRE(findings.empty());
  REQUIRE(set.has_value());
  return std::move(*set);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<SamplePage> samples(const TemplateSet& set) {
  return sample_pages(set.render("partials/snippet.html", sample_snippet()).value());
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("every view of the schema has a sample, and every sample renders") {
  const TemplateSet set = built_in_templates();
  std::set<std::string> sampled;
  const std::filesystem::path preview = std::filesystem::path(DRILLPRESS_BINARY_DIR) / "preview";
  std::filesystem::remove_all(preview);
  for (const SamplePage& sample : samples(set)) {
    sampled.insert(sample.template_name);
    const auto text = set.render(sample.template_name, sample.view);
    INFO(sample.template_name << ": " << (text.ok() ? "" : text.error()));
    REQUIRE(text.ok());
    if (!sample.path.empty()) write_file(preview / sample.path, text.value());
  }
  for (const auto& view : pipeline::view_schema()) CHECK(sampled.contains(view.template_name));
  CHECK(sampled.size() == pipeline::view_schema().size());

  for (const char* block : {"styles", "scripts"}) {
    const JoinedParts joined = joined_parts(block, block, std::string(block) == "styles" ? "css" : "js");
    write_file(preview / joined.output, join_parts(joined));
  }
  for (const auto& file : templating::embedded_files()) {
    if (file.path.starts_with("site/assets/"))
      write_file(preview / file.path.substr(5), std::string(file.bytes));
  }
}

TEST_CASE("pages keep the strict content security policy and name what they need") {
  const TemplateSet set = built_in_templates();
  for (const SamplePage& sample : samples(set)) {
    const std::string page = set.render(sample.template_name, sample.view).value();
    INFO(sample.template_name);
    CHECK(count_of(page, " style=") == 0);
    CHECK(count_of(page, "<style") == 0);
    CHECK(count_of(page, "<script>") == 0);
    CHECK(count_of(page, " onclick") == 0);
    CHECK(count_of(page, "data:") == 0);
    CHECK(count_of(page, "{{") == 0);
    CHECK(count_of(page, "{%") == 0);
    if (sample.path.empty()) continue;
    CHECK(count_of(page, "<h1") == 1);
    CHECK(count_of(page, "<main") == 1);
    CHECK(count_of(page, "<meta name=\"description\"") == 1);
    CHECK(count_of(page, "href=\"#main\"") == 1);
    const std::string root = sample.path.find('/') == std::string::npos ? "" : "../";
    CHECK(count_of(page, "src=\"" + root + "assets/site.js\"") == 1);
    CHECK(count_of(page, "href=\"" + root + "assets/site.css\"") == 1);
  }
}

TEST_CASE("every verdict has an icon and words") {
  const std::string icons = read_embedded("templates/partials/icons.html");
  for (const auto& kind : pipeline::verdict_kinds()) {
    INFO(kind.kind);
    CHECK(count_of(icons, "id=\"i-" + std::string(kind.kind) + "\"") == 1);
    CHECK_FALSE(kind.label.empty());
  }
}

TEST_CASE("what authors write is escaped wherever a page shows it") {
  const TemplateSet set = built_in_templates();
  const std::string evil = "<b>\"&'";
  templating::Map view = sample_snippet();
  templating::Map snippet = *view.find("snippet")->as_map();
  for (const char* field : {"id", "language", "title", "output", "output_label", "match", "command"})
    snippet.set(field, evil);
  view.set("snippet", snippet);
  const std::string page = set.render("partials/snippet.html", view).value();
  CHECK(count_of(page, "<b>") == 0);
  CHECK(count_of(page, "&lt;b&gt;&quot;&amp;&#39;") == 7);
}

TEST_CASE("absent and empty values leave no empty elements behind") {
  const TemplateSet set = built_in_templates();
  for (const SamplePage& sample : samples(set)) {
    if (sample.template_name != "page.html") continue;
    const std::string page = set.render("page.html", sample.view).value();
    CHECK(count_of(page, "class=\"contents\"") == 0);
    CHECK(count_of(page, "class=\"pager\"") == 0);
    CHECK(count_of(page, "verdict-strip") == 0);
    CHECK(count_of(page, "<ul></ul>") == 0);
    CHECK(count_of(page, "href=\"\"") == 0);
  }
}

}  // namespace drillpress::test
