#include "maths/cache.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "maths/mathml.h"

namespace drillpress::maths {
namespace {

using nlohmann::json;

constexpr std::size_t kCheckLength = 16;

std::string check_of(std::string_view version, const Formula& formula, std::string_view mathml) {
  return base::KeyHasher()
      .add(version)
      .add(formula.tex)
      .add(formula.display ? "display" : "inline")
      .add(mathml)
      .hex()
      .substr(0, kCheckLength);
}

std::string text_of(const json& entry, const char* name) {
  const auto at = entry.find(name);
  return at != entry.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// Why a line cannot be used, or nothing.
std::string fault_of(const json& entry, const Formula& formula, const std::string& mathml) {
  if (!entry.is_object()) return "this line is not a JSON object";
  if (text_of(entry, "check") != check_of(text_of(entry, "temml"), formula, mathml))
    return "the checksum of this line does not match";
  const auto clean = clean_mathml(mathml);
  if (!clean.ok()) return "the formula of this line cannot be used: " + clean.error();
  return clean.value() == mathml ? "" : "the MathML of this line is not as the build writes it";
}

}  // namespace

Typeset parse_cache(const base::SourcePtr& source, diagnostics::Sink& sink) {
  Typeset formulas;
  for (std::uint32_t number = 1; number <= source->line_count(); ++number) {
    const std::string_view line = source->line(number);
    if (line.empty()) continue;
    const json entry = json::parse(line, nullptr, false);
    const bool object = entry.is_object();
    const auto display = object ? entry.find("display") : entry.end();
    const Formula formula{object ? text_of(entry, "tex") : "",
                          object && display != entry.end() && display->is_boolean() && display->get<bool>()};
    const std::string mathml = object ? text_of(entry, "mathml") : "";
    if (std::string fault = fault_of(entry, formula, mathml); !fault.empty()) {
      const std::size_t begin = source->line_start(number);
      sink.report({diagnostics::Code::kFormulaCache,
                   diagnostics::Severity::kError,
                   {source, begin, begin + std::min<std::size_t>(line.size(), 20)},
                   std::move(fault),
                   {},
                   "restore the file from version control, or delete the line and build"});
      continue;
    }
    if (text_of(entry, "temml") == kTemmlVersion) formulas[formula] = mathml;
  }
  return formulas;
}

std::string render_cache(const Typeset& formulas) {
  std::string text;
  for (const auto& [formula, mathml] : formulas) {
    const json entry = {{"check", check_of(kTemmlVersion, formula, mathml)},
                        {"display", formula.display},
                        {"mathml", mathml},
                        {"temml", kTemmlVersion},
                        {"tex", formula.tex}};
    text += entry.dump() + "\n";
  }
  return text;
}

}  // namespace drillpress::maths
