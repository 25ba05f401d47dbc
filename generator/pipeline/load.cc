#include "pipeline/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "system/files.h"
#include "template/embedded.h"

namespace drillpress::pipeline {
namespace {

namespace fs = std::filesystem;
using diagnostics::Code;
using diagnostics::Severity;

void report(diagnostics::Sink& sink, Code code, const std::string& path, std::string message,
            std::string help, const base::Span& asked_by = {}) {
  const base::Span place = asked_by.source ? asked_by : base::Span{base::make_source(path, ""), 0, 0};
  sink.report({code, Severity::kError, place, std::move(message), {}, std::move(help)});
}

std::string join(const std::string& root, const std::string& path) {
  return root + "/" + path;
}

// Files with one ending (all files, when it is empty) below a folder of the root; folders and links in the
// place of such a file are reported.
std::vector<std::string> list_files(const std::string& root, const std::string& folder,
                                    std::string_view ending, diagnostics::Sink& sink) {
  std::vector<std::string> files;
  if (!system::exists(join(root, folder))) return files;
  const auto entries = system::list_tree(join(root, folder), root);
  if (!entries.ok()) {
    report(sink, Code::kBadFile, folder, entries.error(), "make it a readable folder");
    return files;
  }
  for (const system::Entry& entry : entries.value()) {
    const std::string path = folder + "/" + entry.path;
    if (entry.kind == system::EntryKind::kSymlinkOutside) {
      report(sink, Code::kSymlinkOutside, path, "this symbolic link leads out of the site",
             "copy the file here instead");
    } else if (!entry.path.ends_with(ending)) {
      continue;
    } else if (entry.kind == system::EntryKind::kFolder) {
      if (ending.empty()) continue;
      report(sink, Code::kBadFile, path, "a folder stands where a file should be",
             fmt::format("rename the folder: names that end in `{}` are files", ending));
    } else if (entry.kind == system::EntryKind::kOther) {
      report(sink, Code::kBadFile, path, "this is not a regular file", "remove it from the site");
    } else {
      files.push_back(path);
    }
  }
  return files;
}

void load_pages(const std::string& root, SiteSources& site, diagnostics::Sink& sink) {
  for (const model::PageKind kind : model::all_page_kinds()) {
    const std::string folder(model::source_folder(kind));
    for (const std::string& path : list_files(root, folder, model::source_ending(kind), sink)) {
      const fs::path file(path);
      const bool is_drill = kind == model::PageKind::kDrill;
      if (is_drill && (file.filename() != "drill.md" || file.parent_path().parent_path() != fs::path(folder)))
        continue;
      const std::string slug = is_drill ? file.parent_path().filename().string() : file.stem().string();
      if (!model::is_slug(slug)) {
        report(sink, Code::kBadFile, path, fmt::format("`{}` cannot be part of an address", slug),
               fmt::format("rename it to `{}`", base::slugify(slug)));
        continue;
      }
      if (auto source = load_source(root, path, sink)) {
        site.pages.push_back({kind, slug, file.parent_path().generic_string(), std::move(source)});
      }
    }
  }
}

// Built-in files of a folder, each replaced by the site's own one of the same name, and the site's further
// ones.
std::map<std::string, std::string> load_overlay(const std::string& root, const std::string& folder,
                                                diagnostics::Sink& sink) {
  std::map<std::string, std::string> files;
  for (const templating::EmbeddedFile& file : templating::embedded_files()) {
    if (file.path.starts_with(folder + "/")) files[std::string(file.path)] = std::string(file.bytes);
  }
  for (const std::string& path : list_files(root, folder, "", sink)) {
    auto bytes = system::read_file(join(root, path), kMaxSourceBytes);
    if (bytes.ok()) {
      files[path] = std::move(bytes).value();
    } else {
      report(sink, Code::kBadFile, path, base::replace_all(bytes.error(), root + "/", ""),
             "make it a readable file");
    }
  }
  return files;
}

// Joins the parts of a bundle in the order that site.yaml gives.
std::string join_bundle(const std::string& root, const std::string& folder, std::string_view ending,
                        const model::Bundle& bundle, diagnostics::Sink& sink) {
  const auto files = load_overlay(root, folder, sink);
  std::string joined;
  for (const std::string& part : bundle.parts) {
    const auto file = files.find(fmt::format("{}/{}{}", folder, part, ending));
    if (file == files.end()) {
      report(sink, Code::kBadFile, fmt::format("{}/{}{}", folder, part, ending),
             "this file is named in site.yaml and is not there", "add it, or take its name out of `parts`");
      continue;
    }
    joined += file->second;
  }
  return joined;
}

void add_bundle(const std::string& root, const std::string& folder, std::string_view ending,
                const model::Bundle& bundle, SiteSources& site, diagnostics::Sink& sink) {
  if (!bundle.output.empty())
    site.assets.push_back({bundle.output, join_bundle(root, folder, ending, bundle, sink)});
}

// A library as it is published: behind its licence, without the reference to a source map that is not there.
std::string published_library(std::string_view library, std::string_view licence) {
  std::string text = fmt::format("/*\n{}\n*/\n", base::trim(licence));
  for (const std::string_view line : base::split_lines(library)) {
    if (!line.starts_with("//# sourceMappingURL=")) text += fmt::format("{}\n", line);
  }
  return text;
}

// Search needs an npm package, which only a site with packages of its own can have.
void load_search(const std::string& root, SiteSources& site, diagnostics::Sink& sink) {
  const model::SearchFacts& facts = site.facts.search;
  site.search_wanted = !facts.library.empty() && system::exists(join(root, "site/package.json"));
  const std::string packages = "site/node_modules/";
  if (!site.search_wanted || !system::exists(join(root, packages + facts.library))) return;
  const auto library = load_bytes(root, packages + facts.library, sink);
  const auto licence = load_bytes(root, packages + facts.licence, sink);
  if (!library || !licence) return;
  site.search_assets = {
      {facts.script.output,
       published_library(*library, *licence) + join_bundle(root, "site/search", ".js", facts.script, sink)},
      {facts.style, join_bundle(root, "site/search", ".css", {facts.style, {"search"}}, sink)}};
}

base::SourcePtr optional_source(const std::string& root, const std::string& path, diagnostics::Sink& sink) {
  return system::exists(join(root, path)) ? load_source(root, path, sink) : nullptr;
}

base::SourcePtr own_or_built_in(const std::string& root, const std::string& path, diagnostics::Sink& sink) {
  if (auto own = optional_source(root, path, sink)) return own;
  const auto* built_in = templating::find_embedded_file(path);
  return built_in != nullptr ? base::make_source("built-in " + path, std::string(built_in->bytes)) : nullptr;
}

}  // namespace

std::optional<std::string> load_bytes(const std::string& root, const std::string& path,
                                      diagnostics::Sink& sink, const base::Span& asked_by) {
  std::error_code error;
  const fs::path real_root = fs::canonical(root, error), real = fs::weakly_canonical(join(root, path), error);
  if (const auto relative = real.lexically_relative(real_root);
      relative.empty() || *relative.begin() == "..") {
    report(sink, Code::kSymlinkOutside, path, fmt::format("`{}` is outside the site", path),
           "copy the file into the site", asked_by);
    return std::nullopt;
  }
  auto bytes = system::read_file(join(root, path), kMaxSourceBytes);
  if (bytes.ok()) return std::move(bytes).value();
  // The operating system's message names the full path, which differs between machines.
  report(sink, Code::kBadFile, path, base::replace_all(bytes.error(), root + "/", ""),
         "it must be a readable file of at most 4 MiB", asked_by);
  return std::nullopt;
}

base::SourcePtr load_source(const std::string& root, const std::string& path, diagnostics::Sink& sink,
                            const base::Span& asked_by) {
  auto text = load_bytes(root, path, sink, asked_by);
  if (!text) return nullptr;
  auto source = base::make_source(path, *std::move(text));
  if (const auto bad = base::find_invalid_utf8(source->text())) {
    sink.report(
        {Code::kInvalidUtf8,
         Severity::kError,
         {source, *bad, *bad + 1},
         fmt::format("byte 0x{:02x} is not valid UTF-8", static_cast<unsigned char>(source->text()[*bad])),
         {},
         "save the file as UTF-8"});
    return nullptr;
  }
  return source;
}

SiteSources load_site(const std::string& root, diagnostics::Sink& sink) {
  SiteSources site;
  site.root = root;
  for (auto& [path, bytes] : load_overlay(root, "templates", sink)) {
    if (!path.ends_with(".html")) continue;
    site.templates.push_back(
        {path.substr(std::string_view("templates/").size()), base::make_source(path, bytes)});
  }
  if (!system::is_folder(join(root, "content"))) {
    report(sink, Code::kBadFile, "content", "there is no folder `content` here",
           "run drillpress in the site's root or give it with `--root DIR`");
    return site;
  }
  if (const auto* built_in = templating::find_embedded_file("site/site.yaml")) {
    site.facts =
        model::parse_site({}, base::make_source("built-in site.yaml", std::string(built_in->bytes)), sink);
    site.facts.rules.clear();  // another site chooses its own
  }
  if (auto source = optional_source(root, "site/site.yaml", sink))
    site.facts = model::parse_site(site.facts, source, sink);
  if (auto source = optional_source(root, "content/roles.yaml", sink))
    site.roles = model::parse_roles(source, sink);
  if (auto source = optional_source(root, "content/topics.yaml", sink))
    site.topics = model::parse_topics(source, sink);
  if (auto source = own_or_built_in(root, "site/search-synonyms.yaml", sink))
    site.search_words = model::parse_search_words(source, sink);
  load_pages(root, site, sink);
  for (auto& [path, bytes] : load_overlay(root, "site/assets", sink)) {
    site.assets.push_back({path.substr(std::string_view("site/").size()), std::move(bytes)});
  }
  add_bundle(root, "site/styles", ".css", site.facts.styles, site, sink);
  add_bundle(root, "site/scripts", ".js", site.facts.scripts, site, sink);
  for (const model::PageScripts& scripts : site.facts.page_scripts)
    add_bundle(root, "site/scripts", ".js", scripts.bundle, site, sink);
  load_search(root, site, sink);
  return site;
}

}  // namespace drillpress::pipeline
