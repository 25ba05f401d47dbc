// Formulas of worksheets: the cases that the browser's evaluator is held to as well, and what is refused.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "model/formula.h"

namespace drillpress::model {
namespace {

std::string joined(const Formula& formula) {
  std::string out;
  for (const std::string& step : formula) out += (out.empty() ? "" : " ") + step;
  return out;
}

FormulaNames names_of(const nlohmann::json& row) {
  FormulaNames names;
  const nlohmann::json values = row.value("values", nlohmann::json::object());
  const nlohmann::json columns = row.value("columns", nlohmann::json::object());
  for (const auto& [name, value] : values.items()) names.plain.push_back(name);
  for (const auto& name : row.value("names", nlohmann::json::array()))
    names.plain.push_back(name.get<std::string>());
  for (const auto& [name, value] : columns.items()) names.aggregated.push_back(name);
  return names;
}

std::string fault_of(const std::string& text, const FormulaNames& names) {
  diagnostics::Sink sink;
  const auto source = base::make_source("a.md", text);
  CHECK_FALSE(parse_formula(text, names, {source, 0, text.size()}, sink).has_value());
  const auto found = sink.sorted();
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == diagnostics::Code::kBadFormula);
  return found[0].message + " / " + found[0].help;
}

}  // namespace

TEST_CASE("formulas give the steps and values of the cases that the script is tested with") {
  std::ifstream file(DRILLPRESS_SOURCE_DIR "/tests/unit/formula_cases.json");
  const auto cases = nlohmann::json::parse(file);
  REQUIRE(cases.size() >= 20);
  for (const auto& row : cases) {
    const std::string text = row["text"];
    INFO(text);
    diagnostics::Sink sink;
    const auto formula = parse_formula(text, names_of(row), {}, sink);
    REQUIRE(formula.has_value());
    CHECK(joined(*formula) == row["steps"].get<std::string>());
    const auto value = evaluate(
        *formula, {[&](const std::string& name) -> std::optional<double> {
                     const auto values = row.value("values", nlohmann::json::object());
                     return values.contains(name) ? std::optional(values[name].get<double>()) : std::nullopt;
                   },
                   [&](const std::string& name) { return row["columns"][name].get<std::vector<double>>(); }});
    REQUIRE(value.has_value() == !row["result"].is_null());
    if (!value) continue;
    CHECK(*value == row["result"].get<double>());
    CHECK(rounded_text(*value, row["decimals"]) == row["shown"].get<std::string>());
  }
}

TEST_CASE("formulas that cannot be computed say why") {
  const FormulaNames row{{"depth", "vision"}, {}};
  const FormulaNames table{{"lowest"}, {"product"}};
  CHECK(fault_of("depth * visoin", row).find("did you mean `vision`?") != std::string::npos);
  CHECK(fault_of("depth *", row).find("missing at its end") != std::string::npos);
  CHECK(fault_of("(depth", row).find("never closed") != std::string::npos);
  CHECK(fault_of("depth vision", row).find("`vision` was not expected") != std::string::npos);
  CHECK(fault_of("mean(depth)", row).find("about all rows") != std::string::npos);
  CHECK(fault_of("min(depth)", row).find("takes two terms") != std::string::npos);
  CHECK(fault_of("max", row).find("needs parentheses") != std::string::npos);
  CHECK(fault_of("1.2.3", row).find("is not a number") != std::string::npos);
  CHECK(fault_of("average(product)", table).find("there is no function `average`") != std::string::npos);
  CHECK(fault_of("mean(lowest)", table).find("`lowest` has no value here") != std::string::npos);
  CHECK(fault_of(std::string(30, '(') + "1", row).find("nested too deeply") != std::string::npos);
  CHECK(fault_of("", row).find("missing at its end") != std::string::npos);
}

TEST_CASE("only plain decimal numbers are numbers") {
  CHECK(parse_plain_number("8") == 8.0);
  CHECK(parse_plain_number("-0.25") == -0.25);
  for (const char* text : {"", "1e3", "0x10", "nan", "inf", "1,5", " 1", "1 ", "+1"}) {
    INFO(text);
    CHECK_FALSE(parse_plain_number(text).has_value());
  }
}

}  // namespace drillpress::model
