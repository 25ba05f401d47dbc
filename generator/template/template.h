// HTML templates: a set of files is compiled and checked at once against a schema; rendering is then a
// lookup-free walk that cannot fail on a value that has the schema's shape.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "diagnostics/sink.h"
#include "template/schema.h"
#include "template/value.h"

namespace drillpress::templating {

/// One template: its name below `templates/` and its text. When a site brings its own file of a name, give
/// that one instead of the built-in one.
struct TemplateFile {
  std::string name;        ///< "guide.html", "partials/snippet.html"
  base::SourcePtr source;  ///< its path is what diagnostics show
};

/// Compiled templates. Immutable: may be used from several threads.
class TemplateSet {
 public:
  /// Compiles every file and checks every view of the schema through its layout and its includes. All
  /// findings go to `sink`; nothing is returned when one of them is an error. Files that no view reaches are
  /// warned about.
  static std::optional<TemplateSet> compile(const std::vector<TemplateFile>& files, const Schema& schema,
                                            diagnostics::Sink& sink);

  /// The text of one template. Fails only by a bug of the caller, with "internal error: …" that names the
  /// template and the path of the value: an unknown template, or a value that does not have the schema's
  /// shape.
  base::Result<std::string> render(std::string_view template_name, const Map& view) const;

  TemplateSet(TemplateSet&&) noexcept;
  TemplateSet& operator=(TemplateSet&&) noexcept;
  ~TemplateSet();

 private:
  TemplateSet();
  struct Entry;
  std::vector<Entry> entries_;  // sorted by name
};

}  // namespace drillpress::templating
