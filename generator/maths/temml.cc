#include "maths/temml.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "maths/mathml.h"
#include "system/files.h"
#include "system/process.h"

namespace drillpress::maths {
namespace {

using base::Failure;
using nlohmann::json;

constexpr std::int64_t kTimeoutMs = 120'000;
constexpr std::uint64_t kMaxOutputBytes = 64ULL << 20;

std::string find_node(const Tools& tools) {
  if (tools.folders.empty()) return system::find_program("node");
  for (const std::string& folder : tools.folders) {
    if (system::exists(folder + "/node")) return folder + "/node";
  }
  return {};
}

std::string request_text(const std::vector<Formula>& formulas) {
  json list = json::array();
  for (const Formula& formula : formulas)
    list.push_back({{"tex", formula.tex}, {"display", formula.display}});
  return json{{"formulas", list}}.dump();
}

Outcome read_outcome(const json& result, const Formula& formula) {
  if (const auto error = result.find("error"); error != result.end() && error->is_string()) {
    const auto offset = result.find("offset");
    return {{},
            error->get<std::string>(),
            offset != result.end() && offset->is_number_unsigned() ? offset->get<std::size_t>() : 0};
  }
  const auto mathml = result.find("mathml");
  auto clean = clean_mathml(mathml != result.end() && mathml->is_string() ? mathml->get<std::string>() : "");
  if (!clean.ok()) return {{}, clean.error(), formula.tex.size()};  // nobody knows where in it
  return {std::move(clean).value(), {}, 0};
}

base::Result<std::vector<Outcome>> read_answer(const std::string& text,
                                               const std::vector<Formula>& formulas) {
  const json answer = json::parse(text, nullptr, false);
  if (!answer.is_object()) return Failure{"Node did not answer in JSON"};
  if (const auto failure = answer.find("failure"); failure != answer.end() && failure->is_string())
    return Failure{failure->get<std::string>()};
  if (answer.value("temml", "") != kTemmlVersion) {
    return Failure{fmt::format("temml {} is installed, and the cache is of {}",
                               answer.value("temml", "(no version)"), kTemmlVersion)};
  }
  const auto results = answer.find("results");
  if (results == answer.end() || !results->is_array() || results->size() != formulas.size())
    return Failure{"Node did not answer for every formula"};
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < formulas.size(); ++i)
    outcomes.push_back(read_outcome((*results)[i], formulas[i]));
  return outcomes;
}

}  // namespace

base::Result<std::vector<Outcome>> run_temml(const std::vector<Formula>& formulas, const Tools& tools) {
  const std::string node = find_node(tools);
  if (node.empty()) return Failure{"Node is not installed"};
  system::ProcessRequest request;
  request.argv = {node, "--input-type=module", "--eval", tools.script};
  request.directory = tools.directory;
  request.environment = system::current_environment();
  request.input = request_text(formulas);
  request.limits.timeout_ms = kTimeoutMs;
  request.limits.max_output_bytes = kMaxOutputBytes;
  const auto outcome = system::run_process(request);
  if (!outcome.ok()) return Failure{outcome.error()};
  if (!outcome.value().succeeded()) {
    const std::string& err = outcome.value().err;
    return Failure{fmt::format("Node failed: {}", err.substr(0, std::min(err.find('\n'), err.size())))};
  }
  return read_answer(outcome.value().out, formulas);
}

}  // namespace drillpress::maths
