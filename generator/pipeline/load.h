// Disk → values: every source file of a site, read once, with what cannot be read reported.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/source.h"
#include "diagnostics/sink.h"
#include "model/schema.h"
#include "model/site.h"
#include "template/template.h"

namespace drillpress::pipeline {

/// Largest text file that is read.
constexpr std::uint64_t kMaxSourceBytes = 4ULL << 20;

struct PageFile {
  model::PageKind kind;
  std::string slug;    ///< "coalescing"; of drills the folder's name
  std::string folder;  ///< folder of the file relative to the root
  base::SourcePtr source;
};

/// A file that is published as it is.
struct Asset {
  std::string path;  ///< relative to the output, e.g. "assets/site.css"
  std::string bytes;
};

struct SiteSources {
  std::string root;
  model::SiteFacts facts;
  model::Listing roles, topics;
  std::vector<PageFile> pages;  ///< sorted by path
  std::vector<templating::TemplateFile> templates;
  std::vector<Asset> assets;
  model::SearchWords search_words;
  bool search_wanted = false;        ///< the site has npm packages of its own, so it is to have search
  std::vector<Asset> search_assets;  ///< script and stylesheet; empty without the library
};

/// Reads a site below `root`. Missing parts get defaults (built-in templates and assets, no roles, no
/// drills); only `content/` must exist. Faults of single files go to the sink and the file is left out.
SiteSources load_site(const std::string& root, diagnostics::Sink& sink);

/// Reads one text file below the root for diagnostics and compilation: checks kind, size, links and UTF-8.
/// Null after a fault, which is reported at the file or, when given, at the place that asked for it.
base::SourcePtr load_source(const std::string& root, const std::string& path, diagnostics::Sink& sink,
                            const base::Span& asked_by = {});

/// Reads a file that is published as it is, under the same rules but for UTF-8.
std::optional<std::string> load_bytes(const std::string& root, const std::string& path,
                                      diagnostics::Sink& sink, const base::Span& asked_by = {});

}  // namespace drillpress::pipeline
