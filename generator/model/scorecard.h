// Scorecards: worksheets whose tables, formulas and bands are declared in a page's front matter.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/formula.h"
#include "model/front_matter.h"

namespace drillpress::model {

/// Fields that a scorecard has beyond those of every page.
const std::vector<Field>& scorecard_fields();

enum class CellKind { kText, kNumber, kChoice, kTick, kFormula };

struct SheetChoice {
  std::string value, label;
};

struct SheetColumn {
  std::string id, label, hint;
  CellKind kind = CellKind::kText;
  std::vector<SheetChoice> choices;
  Formula formula;           ///< of kFormula
  std::string formula_text;  ///< as the author wrote it
  int decimals = 0;
};

struct SheetRow {
  std::string id, label, hint;
};

/// A range of a result, from a value up to the next band's.
struct SheetBand {
  double from = 0;
  std::string from_text, label, meaning;
};

struct SheetResult {
  std::string id, label, formula_text;
  Formula formula;
  int decimals = 0;
  std::vector<SheetBand> bands;
};

struct SheetTable {
  std::string id, title, note;
  std::vector<SheetRow> rows;
  std::vector<SheetColumn> columns;
  std::vector<SheetResult> results;
  std::string example;  ///< what the example is about; empty: there is none
  std::map<std::string, std::map<std::string, std::string>> example_cells;  ///< row → column → value
};

/// What levels and points mean: a table of words.
struct SheetAnchors {
  std::string id, title, note;
  std::vector<std::string> columns;
  struct Row {
    std::string label;
    std::vector<std::string> says;
  };
  std::vector<Row> rows;
};

struct Scorecard {
  std::vector<SheetAnchors> anchors;
  std::vector<SheetTable> tables;
};

/// The worksheet of a page. Faults (unknown names in formulas, choices without values, bands out of order,
/// examples that do not fit) go to the sink; what they are about is left out.
Scorecard parse_scorecard(const FrontMatter& front, diagnostics::Sink& sink);

/// Values of one filled-in table: cells by row and column, and the results.
struct SheetValues {
  std::map<std::string, std::map<std::string, double>> cells;
  std::map<std::string, double> results;
};
/// Computes what can be computed from the given cells; ticks that are not given are 0.
SheetValues compute(const SheetTable& table,
                    const std::map<std::string, std::map<std::string, std::string>>& given);

/// The band that a value falls into, or null.
const SheetBand* band_of(const SheetResult& result, double value);

}  // namespace drillpress::model
