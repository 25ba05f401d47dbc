#include "pipeline/writing_rules.h"

#include <algorithm>

#include "pipeline/load.h"
#include "system/files.h"
#include "system/process.h"
#include "writing/check.h"

namespace drillpress::pipeline {
namespace {

constexpr std::string_view kDictionaryPath = "content/dictionary.txt";

using PageRule = void (*)(const model::Page&, diagnostics::Sink&);
struct RuleRow {
  std::string_view name;
  PageRule check;
};
constexpr RuleRow kPageRules[] = {
    {"parts", writing::check_parts},
    {"evidence", writing::check_claims},
    {"sentences", writing::check_sentences},
};

bool chosen(const SiteModel& site, std::string_view rule) {
  const auto& rules = site.sources.facts.rules;
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

std::string find_hunspell(const BuildOptions& options) {
  if (options.tool_folders.empty()) return system::find_program("hunspell");
  for (const std::string& folder : options.tool_folders) {
    if (system::exists(folder + "/hunspell")) return folder + "/hunspell";
  }
  return {};
}

}  // namespace

void check_writing(const SiteModel& site, const BuildOptions& options, diagnostics::Sink& sink) {
  for (const RuleRow& rule : kPageRules) {
    if (!chosen(site, rule.name)) continue;
    for (const model::Page& page : site.registry.pages()) rule.check(page, sink);
  }
  if (!chosen(site, "spelling")) return;
  const bool present = system::exists(options.root + "/" + std::string(kDictionaryPath));
  writing::check_spelling(site.registry,
                          {present ? load_source(options.root, std::string(kDictionaryPath), sink) : nullptr,
                           find_hunspell(options)},
                          sink);
}

}  // namespace drillpress::pipeline
