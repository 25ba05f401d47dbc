#include "pipeline/formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "maths/temml.h"
#include "pipeline/load.h"
#include "system/files.h"
#include "template/embedded.h"

namespace drillpress::pipeline {
namespace {

using diagnostics::Code;
using diagnostics::Severity;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The command or character at a byte of the TeX; the whole formula when the fault is at its end.
base::Span fault_span(const markdown::Document& document, markdown::NodeId node, std::size_t offset) {
  const std::string& tex = document.node(node).literal;
  if (offset >= tex.size()) return document.span(node);
  std::size_t end = offset + 1;
  if (tex[offset] == '\\') {
    while (end < tex.size() && is_letter(tex[end])) ++end;
  } else {
    while (end < tex.size() && (tex[end] & 0xC0) == 0x80) ++end;  // the rest of a UTF-8 sequence
  }
  const auto& formula = document.data<markdown::Formula>(node);
  return {document.source(), formula.file_offset(offset), formula.file_offset(end - 1) + 1};
}

std::vector<maths::Formula> missing(const Formulas& formulas) {
  std::set<maths::Formula> found;
  for (const FormulaUse& use : formulas.uses) {
    if (formulas.typeset.count(use.formula) == 0) found.insert(use.formula);
  }
  return {found.begin(), found.end()};
}

// One diagnostic for every use of a formula that is not typeset.
void report_missing(const model::Registry& registry, const Formulas& formulas, Severity severity,
                    const std::string& message, const std::string& help, diagnostics::Sink& sink) {
  for (const FormulaUse& use : formulas.uses) {
    if (formulas.typeset.count(use.formula) > 0) continue;
    sink.report({Code::kFormulaUntypeset,
                 severity,
                 registry.pages()[use.page].document.span(use.node),
                 message,
                 {},
                 help});
  }
}

std::string tool_script() {
  const auto* file = templating::find_embedded_file("site/tools/maths.mjs");
  return file == nullptr ? std::string() : std::string(file->bytes);
}

std::string cache_file(const std::string& root) {
  return root + "/" + std::string(kFormulaCachePath);
}

}  // namespace

std::string_view Formulas::mathml(const maths::Formula& formula) const {
  const auto at = typeset.find(formula);
  return at == typeset.end() ? std::string_view() : std::string_view(at->second);
}

std::size_t Formulas::unused() const {
  std::set<maths::Formula> used;
  for (const FormulaUse& use : uses) used.insert(use.formula);
  return static_cast<std::size_t>(std::count_if(
      typeset.begin(), typeset.end(), [&](const auto& entry) { return used.count(entry.first) == 0; }));
}

Formulas plan_formulas(const model::Registry& registry, const std::string& root, diagnostics::Sink& sink) {
  Formulas formulas;
  for (std::size_t page = 0; page < registry.pages().size(); ++page) {
    const markdown::Document& document = registry.pages()[page].document;
    for (markdown::NodeId id = 0; id < document.nodes().size(); ++id) {
      const markdown::Node& node = document.node(id);
      if (node.kind != markdown::Kind::kFormula || node.literal.empty()) continue;
      formulas.uses.push_back({page, id, {node.literal, document.data<markdown::Formula>(id).display}});
    }
  }
  if (system::exists(cache_file(root))) {
    if (const auto source = load_source(root, std::string(kFormulaCachePath), sink))
      formulas.typeset = maths::parse_cache(source, sink);
  }
  return formulas;
}

void report_untypeset(const model::Registry& registry, const Formulas& formulas, Severity severity,
                      diagnostics::Sink& sink) {
  report_missing(registry, formulas, severity, "this formula is not typeset yet",
                 fmt::format("`drillpress build` typesets it; commit `{}` with it", kFormulaCachePath), sink);
}

void typeset_formulas(const model::Registry& registry, const std::string& root,
                      const std::vector<std::string>& tool_folders, Formulas& formulas,
                      diagnostics::Sink& sink) {
  const std::vector<maths::Formula> wanted = missing(formulas);
  if (wanted.empty()) return;
  const std::string site = root + "/site";
  const auto outcomes =
      maths::run_temml(wanted, {tool_script(), system::is_folder(site) ? site : root, tool_folders});
  if (!outcomes.ok()) {
    report_missing(registry, formulas, Severity::kError,
                   fmt::format("this formula cannot be typeset: {}", outcomes.error()),
                   fmt::format("install Node 18 or newer, run `npm ci --prefix site`, build, and commit `{}`",
                               kFormulaCachePath),
                   sink);
    return;
  }
  std::map<maths::Formula, const maths::Outcome*> faults;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const maths::Outcome& outcome = outcomes.value()[i];
    if (outcome.fault.empty()) {
      formulas.typeset[wanted[i]] = outcome.mathml;
    } else {
      faults[wanted[i]] = &outcome;
    }
  }
  for (const FormulaUse& use : formulas.uses) {
    const auto fault = faults.find(use.formula);
    if (fault == faults.end()) continue;
    sink.report({Code::kFormulaError,
                 Severity::kError,
                 fault_span(registry.pages()[use.page].document, use.node, fault->second->offset),
                 fmt::format("this formula cannot be typeset: {}", fault->second->fault),
                 {},
                 "correct the TeX; `drillpress explain formula-error` says what is not allowed"});
  }
  if (faults.size() == wanted.size()) return;
  const auto written = system::write_file_atomically(cache_file(root), maths::render_cache(formulas.typeset));
  if (!written.ok()) sink.report({Code::kEnvironment, Severity::kError, {}, written.error(), {}, {}});
}

base::Result<bool> prune_formulas(const std::string& root, const Formulas& formulas) {
  if (formulas.unused() == 0) return false;
  maths::Typeset used;
  for (const FormulaUse& use : formulas.uses) {
    const auto at = formulas.typeset.find(use.formula);
    if (at != formulas.typeset.end()) used.insert(*at);
  }
  const auto written = system::write_file_atomically(cache_file(root), maths::render_cache(used));
  if (!written.ok()) return base::Failure{written.error()};
  return true;
}

}  // namespace drillpress::pipeline
