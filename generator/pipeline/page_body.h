// The Markdown of a page → HTML, with the site's decisions filled in: links, snippets, directives.
#pragma once

#include <string>

#include "markdown/render.h"
#include "pipeline/site_model.h"
#include "template/template.h"

namespace drillpress::pipeline {

/// Renders the parts of one page's document.
class PageBody {
 public:
  PageBody(const SiteModel& site, const templating::TemplateSet& templates, const model::Page& page);

  std::string whole() const;
  /// One section without its heading; the last one brings the page's footnotes.
  std::string section(const markdown::Section& section) const;
  /// Contents: second-level headings with their third-level ones, as view_schema.h's `toc`.
  templating::List contents() const;
  /// Blocks that are marked not to run (skip, fragment).
  std::size_t skipped_blocks() const;
  std::size_t task_count() const;

 private:
  std::string snippet(const CodeBlockPlan& plan) const;
  std::string directive(markdown::NodeId node, const markdown::Directive& directive) const;
  std::string formula_html(const std::string& tex, const markdown::Formula& formula) const;
  std::string citation(markdown::NodeId node) const;
  std::string claim(markdown::NodeId node) const;

  const SiteModel& site_;
  const templating::TemplateSet& templates_;
  const model::Page& page_;
  markdown::Hooks hooks_;
};

/// Highlighted lines, each ended by a line break, for the inside of `<code>`.
std::string highlighted(std::string_view language, std::string_view code);

/// Renders a template; a failure is a bug of ours and ends the program with "internal error".
std::string rendered(const templating::TemplateSet& templates, std::string_view name,
                     const templating::Map& view);

/// One sentence of an author's inline Markdown (a front-matter text) as HTML; block structure is not
/// expected.
std::string rendered_text(std::string_view markdown);

}  // namespace drillpress::pipeline
