#include "sample_pages.h"

namespace drillpress::test {

using templating::Html;
using templating::List;
using templating::Map;

namespace {

Map column(std::string id, std::string kind, std::string steps) {
  return {{"id", id},     {"label", Html{id}}, {"hint", Html{"what to enter"}},
          {"kind", kind}, {"formula", steps},  {"steps", steps},
          {"decimals", 1}};
}

Map cell(std::string kind, std::string value) {
  List choices;
  if (kind == "choice") choices.push_back(Map{{"value", "0.5"}, {"label", "0.5: co-owned"}});
  return {{"kind", kind},   {"path", "work/first/" + kind},  {"name", "First, " + kind},
          {"column", kind}, {"choices", std::move(choices)}, {"value", value}};
}

Map row(bool filled) {
  List cells;
  for (const char* kind : {"text", "number", "choice", "tick", "formula"})
    cells.push_back(cell(kind, filled ? "1" : ""));
  return {{"id", "first"}, {"label", Html{"First"}}, {"hint", Html{"Which?"}}, {"cells", std::move(cells)}};
}

}  // namespace

Map sample_scorecard() {
  const Map result{
      {"id", "mean"},
      {"label", Html{"Mean"}},
      {"formula", "mean(formula)"},
      {"steps", "mean:formula"},
      {"decimals", 2},
      {"value", "1.00"},
      {"band", "thin"},
      {"bands", List{Map{{"from", "0"}, {"label", "thin"}, {"meaning", Html{"Practise <em>more</em>."}}}}}};
  return {
      {"time", "10 minutes"},
      {"use", "once"},
      {"anchors",
       List{Map{{"id", "levels"},
                {"title", "Levels"},
                {"note", Html{"Tick what holds."}},
                {"columns", List{"Level", "Others see"}},
                {"rows", List{Map{{"label", Html{"1"}}, {"says", List{Map{{"text", Html{"little"}}}}}}}}}}},
      {"tables", List{Map{{"id", "work"},
                          {"title", "Your work"},
                          {"note", Html{"One row for each."}},
                          {"columns", List{column("text", "text", ""), column("number", "number", ""),
                                           column("choice", "choice", ""), column("tick", "tick", ""),
                                           column("formula", "formula", "number choice *")}},
                          {"rows", List{row(false)}},
                          {"results", List{result}},
                          {"example", Html{"An invented case."}},
                          {"example_rows", List{row(true)}}}}}};
}

}  // namespace drillpress::test
