#include "template/template.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "template/compile.h"
#include "template/parser.h"

namespace drillpress::templating {

using Fault = diagnostics::Code;
using diagnostics::Severity;

struct TemplateSet::Entry {
  std::string name;
  Record view;
  Program program;
};

TemplateSet::TemplateSet() = default;
TemplateSet::TemplateSet(TemplateSet&&) noexcept = default;
TemplateSet& TemplateSet::operator=(TemplateSet&&) noexcept = default;
TemplateSet::~TemplateSet() = default;

namespace {

void warn_unused(const TemplateFile& file, const Schema& schema, diagnostics::Sink& sink) {
  std::vector<std::string> known;
  for (const View& view : schema) known.push_back(view.template_name);
  const auto near = base::nearest(file.name, known);
  std::string help = near ? fmt::format("rename it to `{}`, if that is what it should replace", *near) : "";
  std::string message = fmt::format("the template `{}` is used by no page", file.name);
  sink.report({Fault::kTemplateUnused,
               Severity::kWarning,
               {file.source, 0, 0},
               std::move(message),
               {},
               std::move(help)});
}

}  // namespace

std::optional<TemplateSet> TemplateSet::compile(const std::vector<TemplateFile>& files, const Schema& schema,
                                                diagnostics::Sink& sink) {
  const std::size_t errors_before = sink.error_count();
  SyntaxByName templates;
  for (const TemplateFile& file : files) templates.insert_or_assign(file.name, parse_template(file, sink));

  TemplateSet set;
  std::set<std::string> reached;
  for (const View& view : schema) {
    if (templates.contains(view.template_name)) {
      set.entries_.push_back({view.template_name, view.record, compile_view(view, templates, reached, sink)});
    } else {
      sink.report({Fault::kTemplateInclude,
                   Severity::kError,
                   {},
                   fmt::format("there is no template `{}`", view.template_name),
                   {},
                   fmt::format("add `templates/{}`", view.template_name)});
    }
  }
  if (sink.error_count() > errors_before) return std::nullopt;  // an error can be why a file was not reached
  for (const TemplateFile& file : files) {
    if (!reached.contains(file.name)) warn_unused(file, schema, sink);
  }
  std::sort(set.entries_.begin(), set.entries_.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return set;
}

base::Result<std::string> TemplateSet::render(std::string_view template_name, const Map& view) const {
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), template_name,
                       [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  if (at == entries_.end() || at->name != template_name) {
    return base::Failure{fmt::format("internal error: there is no template `{}`", template_name)};
  }
  if (const auto mismatch = find_mismatch(view, at->view)) {
    return base::Failure{fmt::format("internal error: the view of `{}` is wrong at `{}`: {}", template_name,
                                     mismatch->path, mismatch->message)};
  }
  std::string out;
  run_program(at->program, view, out);
  return out;
}

}  // namespace drillpress::templating
